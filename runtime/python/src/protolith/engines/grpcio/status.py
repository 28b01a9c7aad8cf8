"""RpcError to and from what grpc carries: code, message, and `grpc-status-details-bin`."""

from typing import Final

import grpc
from google.protobuf.message import DecodeError
from google.rpc import status_pb2

from protolith.declared import Declared, received
from protolith.errors import RpcError, from_status, rpc_error, to_status
from protolith.metadata import MetadataPairs

DETAILS_KEY: Final = "grpc-status-details-bin"

CODES: Final[dict[int, grpc.StatusCode]] = {code.value[0]: code for code in grpc.StatusCode}


def trailers(error: RpcError) -> MetadataPairs:
    """The trailing metadata that carries the details; empty without details."""
    return ((DETAILS_KEY, to_status(error).SerializeToString()),) if error.details else ()


def from_grpc(error: grpc.aio.AioRpcError, errors: Declared | None) -> RpcError:
    """The error of a failed call to an rpc that lists `errors`."""
    return received(_untyped(error), errors)


def _untyped(error: grpc.aio.AioRpcError) -> RpcError:
    """Details that contradict the status or do not parse are left out."""
    number: int = error.code().value[0]
    message = error.details() or ""
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY:
            status = _parsed(value)
            if status is not None and status.code == number:
                return from_status(status)
    return rpc_error(number, message)


def _parsed(value: str | bytes) -> status_pb2.Status | None:
    try:
        return status_pb2.Status.FromString(value)
    except DecodeError:
        return None
