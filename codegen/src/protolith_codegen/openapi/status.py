"""What every failed call answers: google.rpc.Status with its details, as grpc-gateway writes it."""

from typing import Any, Final

from protolith_codegen.openapi.schemas import Schemas

STATUS: Final = "google.rpc.Status"

ERROR_RESPONSE: Final[dict[str, Any]] = {
    "description": "The call failed: a google.rpc.Status. A google.rpc.BadRequest among its details names bad fields.",
    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{STATUS}"}}},
}

_STATUS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "How a call failed.",
    "properties": {
        "code": {"type": "integer", "format": "int32", "description": "The gRPC code, such as 3 for INVALID_ARGUMENT."},
        "message": {"type": "string", "description": "What went wrong, for developers."},
        "details": {
            "type": "array",
            "description": "More about the failure, such as google.rpc.BadRequest or google.rpc.ErrorInfo.",
            "items": {"$ref": "#/components/schemas/google.protobuf.Any"},
        },
    },
}


def add_status(schemas: Schemas) -> None:
    """Put the schema of google.rpc.Status among the components."""
    schemas.of_message("google.protobuf.Any")
    schemas.components[STATUS] = _STATUS_SCHEMA
