"""A plain grpc.aio client for the behaviour suite: none of Protolith's own client code between test and wire."""

from collections.abc import Iterable
from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Caller:
    """Calls one service's rpcs by name; `await caller.unary("Echo", request, Response)`."""

    def __init__(self, channel: grpc.aio.Channel, service: str) -> None:
        self.channel = channel
        self.service = service

    def unary(self, name: str, request: Message | bytes, response: type[Message], **options: Any) -> Any:
        """One request, one answer: the grpc.aio call itself, to await, cancel or ask for metadata."""
        return self.channel.unary_unary(self.path(name), _bytes, response.FromString)(request, **options)

    def server_stream(self, name: str, request: Message, response: type[Message], **options: Any) -> Any:
        """One request, many answers: an asynchronous iterator."""
        return self.channel.unary_stream(self.path(name), _bytes, response.FromString)(request, **options)

    def client_stream(self, name: str, requests: Iterable[Message], response: type[Message], **options: Any) -> Any:
        """Many requests, one answer."""
        return self.channel.stream_unary(self.path(name), _bytes, response.FromString)(iter(requests), **options)

    def bidi(self, name: str, response: type[Message], **options: Any) -> Any:
        """Many requests, many answers: write, read and done_writing are the test's."""
        return self.channel.stream_stream(self.path(name), _bytes, response.FromString)(**options)

    def path(self, name: str) -> str:
        """The rpc's path."""
        return f"/{self.service}/{name}"


def _bytes(request: Message | bytes) -> bytes:
    return request if isinstance(request, bytes) else request.SerializeToString()


def details(error: grpc.aio.AioRpcError) -> list[Message]:
    """The details of a failed call: ErrorInfo and BadRequest messages."""
    trailing = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailing.get("grpc-status-details-bin", b""))
    kinds = {each.DESCRIPTOR.full_name: each for each in (error_details_pb2.BadRequest, error_details_pb2.ErrorInfo)}
    return [kinds[any.TypeName()].FromString(any.value) for any in status.details if any.TypeName() in kinds]


def violations(error: grpc.aio.AioRpcError) -> dict[str, str]:
    """What a google.rpc.BadRequest says: field -> description."""
    found = [each for each in details(error) if isinstance(each, error_details_pb2.BadRequest)]
    return {violation.field: violation.description for each in found for violation in each.field_violations}
