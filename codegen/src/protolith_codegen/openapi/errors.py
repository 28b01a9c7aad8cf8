"""The errors that an rpc declares, as responses: one a HTTP status, with each error as an example."""

from collections import defaultdict
from typing import Any, Final

from protolith_codegen.model import Error, Method
from protolith_codegen.openapi.status import STATUS
from protolith_codegen.openapi.wellknown import Schema

_HTTP: Final = {
    "CANCELLED": "499",
    "UNKNOWN": "500",
    "INVALID_ARGUMENT": "400",
    "DEADLINE_EXCEEDED": "504",
    "NOT_FOUND": "404",
    "ALREADY_EXISTS": "409",
    "PERMISSION_DENIED": "403",
    "RESOURCE_EXHAUSTED": "429",
    "FAILED_PRECONDITION": "400",
    "ABORTED": "409",
    "OUT_OF_RANGE": "400",
    "UNIMPLEMENTED": "501",
    "INTERNAL": "500",
    "UNAVAILABLE": "503",
    "DATA_LOSS": "500",
    "UNAUTHENTICATED": "401",
}
"""HTTP statuses of gRPC codes, as grpc-gateway answers them."""

_NOT_ONLY: Final = frozenset({"400", "429", "499", "500", "503", "504"})
"""Statuses that broken rules, quotas, deadlines and faults have too."""


def error_responses(method: Method) -> dict[str, Schema]:
    """The declared errors by HTTP status."""
    by_status: defaultdict[str, list[Error]] = defaultdict(list)
    for error in method.errors or ():
        by_status[_HTTP[error.code]].append(error)
    return {status: _response(status, errors) for status, errors in by_status.items()}


def _response(status: str, errors: list[Error]) -> Schema:
    examples = {error.reason: {"value": _example(error)} for error in errors}
    schema = {"$ref": f"#/components/schemas/{STATUS}"}
    others = ["Failures that no rpc declares may have this status too, without such a reason."]
    told = [*(_told(error) for error in errors), *(others if status in _NOT_ONLY else [])]
    return {
        "description": "\n\n".join(told),
        "content": {"application/json": {"schema": schema, "examples": examples}},
    }


def _told(error: Error) -> str:
    return f"`{error.reason}`: {error.origin.comment or error.message}"


def _example(error: Error) -> dict[str, Any]:
    """The google.rpc.Status, its placeholders not filled in."""
    unfilled = {name: f"{{{name}}}" for name in error.placeholders}
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": error.reason,
        "domain": error.domain,
        "metadata": unfilled,
    }
    return {"code": error.number, "message": error.message.format_map(unfilled), "details": [info]}
