"""The one error family of an rpc: handlers raise it, clients raise it, the wire carries it as google.rpc.Status."""

from collections.abc import Iterable
from typing import ClassVar, Final

from google.protobuf import any_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

from protolith.codes import Code

__all__ = [
    "Aborted",
    "AlreadyExists",
    "Cancelled",
    "DataLoss",
    "DeadlineExceeded",
    "FailedPrecondition",
    "Internal",
    "InvalidArgument",
    "NotFound",
    "OutOfRange",
    "PermissionDenied",
    "ResourceExhausted",
    "RpcError",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "Unknown",
    "from_status",
    "rpc_error",
    "to_status",
]

# Registered, so that details of these types unpack into real messages.
_DETAIL_TYPES: Final = error_details_pb2.DESCRIPTOR


class RpcError(Exception):
    """An rpc that ended with a status other than OK.

    Raise a subclass, `raise NotFound("user 7 does not exist")`; the caller gets its code, the message as written, and
    `details` (usually google.rpc.error_details messages; a detail of an unknown type stays a google.protobuf.Any).
    """

    code: ClassVar[Code] = Code.UNKNOWN
    message: str
    details: tuple[Message, ...]
    received: bool = False
    """Whether another service answered it, and a client raised it here."""

    def __init__(self, message: str = "", details: Iterable[Message] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)

    def __str__(self) -> str:
        return f"{self.code.name}: {self.message}"


class Cancelled(RpcError):
    """The caller gave the call up."""

    code = Code.CANCELLED


class Unknown(RpcError):
    """A failure of which nothing more is known."""

    code = Code.UNKNOWN


class InvalidArgument(RpcError):
    """The request is wrong whatever the state of the system."""

    code = Code.INVALID_ARGUMENT


class DeadlineExceeded(RpcError):
    """The deadline passed before the call completed; it may still have taken effect."""

    code = Code.DEADLINE_EXCEEDED


class NotFound(RpcError):
    """The named resource does not exist."""

    code = Code.NOT_FOUND


class AlreadyExists(RpcError):
    """The resource to create exists already."""

    code = Code.ALREADY_EXISTS


class PermissionDenied(RpcError):
    """The caller is known and may not do this."""

    code = Code.PERMISSION_DENIED


class ResourceExhausted(RpcError):
    """A quota or a size limit is exceeded."""

    code = Code.RESOURCE_EXHAUSTED


class FailedPrecondition(RpcError):
    """The system's state forbids the call; repeating it unchanged does not help."""

    code = Code.FAILED_PRECONDITION


class Aborted(RpcError):
    """A conflict with another call; repeat the whole read-modify-write."""

    code = Code.ABORTED


class OutOfRange(RpcError):
    """The call went past the valid range, such as beyond the end."""

    code = Code.OUT_OF_RANGE


class Unimplemented(RpcError):
    """The server does not have this method."""

    code = Code.UNIMPLEMENTED


class Internal(RpcError):
    """The server broke a promise of its own."""

    code = Code.INTERNAL


class Unavailable(RpcError):
    """The server cannot be reached or takes no calls now; repeat with backoff."""

    code = Code.UNAVAILABLE


class DataLoss(RpcError):
    """Data is lost or corrupt for good."""

    code = Code.DATA_LOSS


class Unauthenticated(RpcError):
    """The caller did not prove who it is."""

    code = Code.UNAUTHENTICATED


_CLASSES: Final[dict[Code, type[RpcError]]] = {kind.code: kind for kind in RpcError.__subclasses__()}


def rpc_error(code: int, message: str = "", details: Iterable[Message] = ()) -> RpcError:
    """The error class of a status code, by its gRPC number; OK and numbers unknown to gRPC become Unknown."""
    return _CLASSES.get(Code.of(code), Unknown)(message, details)


def to_status(error: RpcError) -> status_pb2.Status:
    """The google.rpc.Status of an error, details packed as google.protobuf.Any."""
    status = status_pb2.Status(code=error.code, message=error.message)
    for detail in error.details:
        if isinstance(detail, any_pb2.Any):
            status.details.append(detail)
        else:
            status.details.add().Pack(detail)
    return status


def from_status(status: status_pb2.Status) -> RpcError:
    """The error of a google.rpc.Status whose code is not OK."""
    return rpc_error(status.code, status.message, [_unpacked(detail) for detail in status.details])


def _unpacked(detail: any_pb2.Any) -> Message:
    """The message inside, or the Any itself where its type is not linked in or its bytes do not parse."""
    try:
        descriptor = descriptor_pool.Default().FindMessageTypeByName(detail.TypeName())
        return message_factory.GetMessageClass(descriptor).FromString(detail.value)
    except (KeyError, DecodeError):
        return detail
