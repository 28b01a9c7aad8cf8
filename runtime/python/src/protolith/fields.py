"""How a handler says that one field of a request is wrong, beyond what the rules of the contract can say."""

from google.rpc import error_details_pb2

from protolith.errors import InvalidArgument


def invalid_field(field: str, description: str, reason: str = "") -> InvalidArgument:
    """An INVALID_ARGUMENT that names `field` (its proto path) as a google.rpc.BadRequest violation; raise it."""
    violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=description, reason=reason)
    return InvalidArgument(f"{field}: {description}", (error_details_pb2.BadRequest(field_violations=[violation]),))
