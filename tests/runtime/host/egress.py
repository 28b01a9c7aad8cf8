"""What tests of egress share: channels whose host is the double, and its answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from google.protobuf.wrappers_pb2 import Int64Value, StringValue
from google.rpc import status_pb2
from protolith.codes import Code
from protolith.engines.host import frames
from protolith.engines.host.channel import HostChannel

from tests.runtime.host import service
from tests.runtime.host.double import HostDouble, bound_methods, connected
from tests.runtime.host.frame_log import Frame
from tests.runtime.host.service import Probe

PATHS = tuple(method.path for method in service.METHODS)


@asynccontextmanager
async def clients(limit: int = 4_000_000) -> AsyncIterator[tuple[HostDouble, HostChannel]]:
    async with connected() as (host, connection):
        host.hello(PATHS, limit)
        await connection.host
        connection.serve("probe-0", bound_methods(Probe()))
        await host.heard_hello()
        yield host, HostChannel(connection.egress)


def said(text: str) -> bytes:
    return StringValue(value=text).SerializeToString()


def number(value: int) -> bytes:
    return Int64Value(value=value).SerializeToString()


def ok(stream: int, body: bytes | None = None) -> Frame:
    return Frame(frames.RESPONSE, stream, frames.NO_MESSAGE if body is None else 0, body or b"")


def failed(stream: int, code: Code, message: str, *details: Any) -> Frame:
    status = status_pb2.Status(code=code, message=message)
    for detail in details:
        status.details.add().Pack(detail)
    return Frame(frames.RESPONSE, stream, frames.NO_MESSAGE, number=code, status=status.SerializeToString())
