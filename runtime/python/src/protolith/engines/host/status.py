"""Errors to and from the status bytes of a RESPONSE."""

from typing import Final

import structlog
from google.protobuf.message import DecodeError
from google.rpc import status_pb2

from protolith.declared import Declared, received
from protolith.errors import RpcError, from_status, rpc_error, to_status

STATUS_ROOM: Final = 8_192
"""What trailing metadata must leave of a frame's 64 KiB, so that a status without details always fits."""
_TEXT: Final = 1_000


def packed(error: RpcError, room: int) -> bytes:
    """The serialized google.rpc.Status of an error, without its details where they do not fit in `room` bytes."""
    try:
        status: bytes = to_status(error).SerializeToString()
    except Exception as broken:  # details or text that protobuf refuses: the caller still gets the code
        structlog.get_logger("protolith").error("error cannot be packed", error=repr(error), exc_info=broken)
        status = b""
    if status and len(status) <= room:
        return status
    text = error.message[:_TEXT].encode(errors="replace").decode()
    short: bytes = status_pb2.Status(code=error.code, message=text).SerializeToString()
    return short


def unpacked(code: int, status: bytes, errors: Declared | None) -> RpcError:
    """The error of a RESPONSE whose code is not OK, to a call of an rpc that lists `errors`."""
    return received(_untyped(code, status), errors)


def _untyped(code: int, status: bytes) -> RpcError:
    try:
        error = from_status(status_pb2.Status.FromString(status))
    except DecodeError:
        return rpc_error(code, "the status of the answer cannot be read")
    return error if error.code == code else rpc_error(code, error.message, error.details)
