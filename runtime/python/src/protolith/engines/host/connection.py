"""The connection to the host: bytes to frames to streams, and the frames of stream 0."""

import asyncio
import os
from collections.abc import Sequence
from typing import Final, cast

import structlog

from protolith.dispatch import BoundMethod
from protolith.engines.host import frames, hello, metadata
from protolith.engines.host.decoder import Decoder, MalformedFrame, ProtocolViolation
from protolith.engines.host.egress import Egress
from protolith.engines.host.link import Link
from protolith.engines.host.outbox import Outbox
from protolith.engines.host.serving import Serving

EXIT_MALFORMED: Final = os.EX_SOFTWARE  # 70


class Connection(asyncio.Protocol):
    """`host` is done when the host has said HELLO, `ended` when the worker shall exit, with its exit code."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._outbox = Outbox(loop)
        self._decoder = Decoder(self)
        self._transport: asyncio.Transport | None = None
        self._link: Link
        self._serving: Serving | None = None
        self.egress: Egress
        self.host: asyncio.Future[hello.HostHello] = loop.create_future()
        self.ended: asyncio.Future[int] = loop.create_future()
        self.closed = asyncio.Event()

    def serve(self, name: str, methods: Sequence[BoundMethod]) -> None:
        """Say HELLO: calls come from now on, and go out."""
        self._serving = Serving(self._link, methods, self._idle)
        self.on_request = self._serving.on_request  # type: ignore[method-assign]  # straight there: the hot path
        self._outbox.send(frames.hello(hello.write(name, (bound.method.path for bound in methods))))
        self.egress.ready()

    def go_away(self, why: str) -> None:
        """Ask for no more calls; the host's own GOAWAY follows the last one, and `ended` is done after that."""
        self._outbox.send(frames.goaway(why))

    def close(self) -> None:
        """Close after what is queued was written."""
        self._outbox.flush()
        if self._transport is not None:
            self._transport.close()

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._outbox.connect(self._transport)

    def data_received(self, data: bytes) -> None:
        self._outbox.hold()
        try:
            self._decoder.feed(data)
        except MalformedFrame as error:
            structlog.get_logger("protolith").error(
                "malformed frame", offset=error.offset, type=error.type, why=error.why
            )
            self._end(EXIT_MALFORMED)
            self.close()
        finally:
            self._outbox.flush()

    def pause_writing(self) -> None:
        self._outbox.pause()

    def resume_writing(self) -> None:
        self._outbox.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(os.EX_OK)
        if self._serving is not None:
            self._serving.cancel_all()
        if self.host.done():
            self.egress.fail_all()
        self.closed.set()

    def _end(self, code: int) -> None:
        if not self.ended.done():
            self.ended.set_result(code)

    def _idle(self) -> None:
        self._end(os.EX_OK)

    # the decoder's side

    def on_hello(self, document: bytes) -> None:
        if self.host.done():
            raise ProtocolViolation("a second HELLO")
        terms = hello.read(document)
        self._link = Link(self._loop, self._outbox, terms.credit, terms.max_message_bytes)
        self.egress = Egress(self._link, terms.methods)
        self.host.set_result(terms)

    def on_request(self, stream: int, flags: int, method: int, timeout_us: int, block: bytes, message: bytes) -> None:
        self._ready().on_request(stream, flags, method, timeout_us, block, message)

    def on_response(self, stream: int, flags: int, code: int, status: bytes, trailing: bytes, message: bytes) -> None:
        self._ready()
        self.egress.on_response(stream, flags, code, status, message)

    def on_data(self, stream: int, flags: int, piece: bytes) -> None:
        serving = self._ready()
        (serving if stream & 1 else self.egress).on_data(stream, flags, piece)

    def on_headers(self, stream: int, block: bytes) -> None:
        self._ready()
        metadata.unpack(block)  # clients do not ask for initial metadata; it must still be well formed

    def on_cancel(self, stream: int, code: int) -> None:
        self._ready().on_cancel(stream)

    def on_credit(self, stream: int, size: int) -> None:
        serving = self._ready()
        (serving if stream & 1 else self.egress).on_credit(stream, size)

    def on_ping(self, opaque: bytes, ack: bool) -> None:
        self._ready()
        if not ack:
            self._outbox.send(frames.ping(opaque, ack=True))

    def on_goaway(self, why: str) -> None:
        self._ready().drain()

    def _ready(self) -> Serving:
        if self._serving is None:
            raise ProtocolViolation("a frame before HELLO")
        return self._serving
