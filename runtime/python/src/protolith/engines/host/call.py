"""One call from the host: the Context that its handler sees, and the answers that go back."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from protolith.context import Context
from protolith.engines.host import frames, metadata
from protolith.engines.host.link import Link
from protolith.engines.host.receiver import Receiver
from protolith.engines.host.sender import Sender
from protolith.engines.host.status import STATUS_ROOM, packed
from protolith.errors import ResourceExhausted, RpcError, Unimplemented
from protolith.metadata import Metadata, MetadataLike, outgoing


class Call(Context):
    """A call that is answered at once, in place: nothing but what its handler may ask for."""

    __slots__ = ("_block", "_link", "_metadata", "deadline", "method", "over", "stream", "trailing")

    method: str
    deadline: float | None
    _metadata: Metadata

    def __init__(self, link: Link, stream: int, method: str, block: bytes, timeout_us: int) -> None:
        self._link = link
        self.stream = stream
        self.method = method
        self._block = block
        self.deadline = time.monotonic() + timeout_us / 1e6 if timeout_us else None
        self.trailing = b""
        self.over = False

    @property
    def metadata(self) -> Metadata:
        try:
            return self._metadata
        except AttributeError:
            self._metadata = Metadata(metadata.unpack(self._block))
            return self._metadata

    @property
    def peer(self) -> str:
        return ""

    async def send_initial_metadata(self, metadata: MetadataLike) -> None:
        self._link.outbox.send(frames.headers(self.stream, _block(metadata, frames.MAX_BLOCK)))

    def set_trailing_metadata(self, metadata: MetadataLike) -> None:
        self.trailing = _block(metadata, frames.MAX_BLOCK - STATUS_ROOM)

    def finish(self, message: bytes | None = None) -> None:
        """Answer OK, with a message of at most one piece or after those that were sent. No effect on an ended call."""
        if self.over:
            return
        self.over = True
        if message is not None and not self.trailing:
            self._link.outbox.send(frames.ok(self.stream, message))
            return
        flags = frames.NO_MESSAGE if message is None else 0
        self._link.outbox.send(frames.response(self.stream, flags, 0, b"", self.trailing, message or b""))

    def fail(self, error: RpcError) -> None:
        """Answer with an error. No effect on an ended call."""
        if self.over:
            return
        self.over = True
        status = packed(error, frames.MAX_BLOCK - len(self.trailing))
        self._link.outbox.send(frames.response(self.stream, frames.NO_MESSAGE, error.code, status, self.trailing, b""))


class OpenCall(Call):
    """A call with a Task of its own: it may stream, wait, and be cancelled."""

    __slots__ = ("_answering", "_sender", "receiver", "request", "task", "timer")

    request: bytes
    task: asyncio.Task[None]

    def __init__(self, link: Link, stream: int, method: str, block: bytes, timeout_us: int) -> None:
        super().__init__(link, stream, method, block, timeout_us)
        self.receiver: Receiver | None = None
        self.timer: asyncio.TimerHandle | None = None
        self._sender: Sender | None = None
        self._answering = False

    async def send_initial_metadata(self, metadata: MetadataLike) -> None:
        if self._answering:
            raise RuntimeError("initial metadata goes out once, before the first response")
        self._answering = True
        await super().send_initial_metadata(metadata)

    def requests(self) -> Receiver:
        """What the caller streams, or sends in pieces."""
        if self.receiver is None:
            self.receiver = self._link.receiver(self.stream)
        return self.receiver

    async def only_request(self) -> bytes:
        """The one request of a call whose caller does not stream."""
        if self.receiver is None:
            return self.request
        request = await self.receiver.get()
        if request is None or await self.receiver.get() is not None:
            raise Unimplemented(f"{self.method} takes exactly one request")
        return request

    async def answer(self, message: bytes) -> None:
        """Send the one answer and end the call."""
        if len(message) <= self._link.small:
            self.finish(message)
        else:
            await self._ready_to_send(message).send(message)
            self.finish()

    async def stream_answers(self, answers: AsyncGenerator[bytes, None]) -> None:
        """Send every answer as credit allows, then end the call."""
        async with aclosing(answers):
            async for message in answers:
                sender = self._ready_to_send(message)
                if not sender.send_now(message):
                    await sender.send(message)
        self.finish()

    def _ready_to_send(self, message: bytes) -> Sender:
        if self.over:
            raise asyncio.CancelledError
        if len(message) > self._link.limit:
            raise ResourceExhausted(f"the response of {len(message)} bytes is larger than {self._link.limit}")
        self._answering = True
        if self._sender is None:
            self._sender = self._link.sender(self.stream)
        return self._sender

    def credit(self, size: int) -> None:
        if self._sender is not None:
            self._sender.add(size)


def _block(pairs: MetadataLike, room: int) -> bytes:
    block = metadata.pack(outgoing(pairs))
    if len(block) > room:
        raise ResourceExhausted(f"metadata of {len(block)} bytes is larger than {room}")
    return block
