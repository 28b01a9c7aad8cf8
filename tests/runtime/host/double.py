"""A test double of the Go host: the other end of a worker's socketpair, speaking raw frames."""

import asyncio
import itertools
import json
import socket
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from google.protobuf.message import Message
from protolith import dispatch
from protolith.engines.host import frames
from protolith.engines.host.connection import Connection
from protolith.engines.host.decoder import Decoder
from protolith.generated import Method, Servicer
from protolith.metadata import MetadataPairs

from tests.runtime.host.frame_log import Frame, FrameLog, encoded

CREDIT = 262_144
LIMIT = 4 * 1024 * 1024


class HostDouble(FrameLog, asyncio.Protocol):
    """Sends what a test says; keeps what comes, by stream. Opens odd streams."""

    def __init__(self) -> None:
        super().__init__()
        self._decoder = Decoder(self)
        self._queues: defaultdict[int, asyncio.Queue[Frame]] = defaultdict(asyncio.Queue)
        self._streams = itertools.count(1, 2)
        self.lost = asyncio.Event()
        self.methods: list[str] = []
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._decoder.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()

    def add(self, frame: Frame) -> None:
        super().add(frame)
        self._queues[frame.stream].put_nowait(frame)

    async def next(self, stream: int) -> Frame:
        """The next frame of a stream (0: of the connection)."""
        return await asyncio.wait_for(self._queues[stream].get(), 10)

    def take(self, stream: int) -> Frame:
        """The next frame of a stream, which has come already."""
        return self._queues[stream].get_nowait()

    def nothing(self, stream: int) -> bool:
        """Whether nothing more has come on a stream by now."""
        return self._queues[stream].empty()

    def send(self, *sent: Frame) -> None:
        self.transport.write(b"".join(map(encoded, sent)))

    def hello(self, methods: tuple[str, ...] = (), limit: int = LIMIT, **fields: object) -> None:
        document = {"protocol": 1, "max_message_bytes": limit, "credit": CREDIT, "methods": methods, **fields}
        self.send(Frame(frames.HELLO, body=json.dumps(document).encode()))

    async def heard_hello(self) -> dict[str, object]:
        document: dict[str, object] = json.loads((await self.next(0)).body)
        self.methods = list(map(str, document["methods"]))  # type: ignore[call-overload]
        return document

    def request(
        self,
        method: Method[Any, Any],
        message: bytes | None,
        flags: int = frames.END,
        timeout_us: int = 0,
        metadata: MetadataPairs = (),
    ) -> Frame:
        """A REQUEST on the next stream, not yet sent; message None is NO_MESSAGE."""
        flags = flags if message is not None else flags | frames.NO_MESSAGE
        number = self.methods.index(method.path)
        stream = next(self._streams)
        return Frame(frames.REQUEST, stream, flags, message or b"", number, timeout_us, metadata=metadata)

    def open(
        self,
        method: Method[Any, Any],
        message: Message | None,
        flags: int = frames.END,
        timeout_us: int = 0,
        metadata: MetadataPairs = (),
    ) -> int:
        """Send a REQUEST; returns its stream."""
        body = None if message is None else message.SerializeToString()
        frame = self.request(method, body, flags, timeout_us, metadata)
        self.send(frame)
        return frame.stream

    def data(self, stream: int, body: bytes, flags: int = 0) -> None:
        self.send(Frame(frames.DATA, stream, flags, body))

    def end(self, stream: int) -> None:
        self.send(Frame(frames.DATA, stream, frames.END | frames.NO_MESSAGE))

    async def answer(self, stream: int) -> bytes:
        """The one answer of a stream, from RESPONSE or from DATA before it."""
        whole = b""
        while (frame := await self.next(stream)).kind != frames.RESPONSE:
            if frame.kind == frames.DATA:
                whole += frame.body
                self.send(Frame(frames.CREDIT, stream, number=frames.HEADER.size + len(frame.body)))
        assert frame.number == 0, frame
        return whole + frame.body


def bound_methods(*servicers: Servicer) -> list[dispatch.BoundMethod]:
    return [each for servicer in servicers for each in dispatch.bind(servicer).values()]


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[HostDouble, Connection]]:
    """Both ends of a socketpair in this process, before any HELLO."""
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    _, double = await loop.create_unix_connection(HostDouble, sock=ours)
    _, connection = await loop.create_unix_connection(lambda: Connection(loop), sock=theirs)
    try:
        yield double, connection
    finally:
        double.transport.abort()
        connection.close()
        await connection.closed.wait()


@asynccontextmanager
async def serving(*servicers: Servicer, limit: int = LIMIT, methods: tuple[str, ...] = ()) -> AsyncIterator[HostDouble]:
    """The double, connected to a worker's connection that serves and has said HELLO."""
    async with connected() as (double, connection):
        double.hello(methods, limit)
        await connection.host
        connection.serve("probe-0", bound_methods(*servicers))
        await double.heard_hello()
        yield double
