"""The sending half of a stream: messages go out in pieces, as far as the peer's credit reaches."""

import asyncio

from protolith.engines.host import frames
from protolith.engines.host.outbox import Outbox


class Sender:
    """DATA of one stream. `send` returns when the whole message is queued; one task uses it at a time."""

    __slots__ = ("_balance", "_outbox", "_stopped", "_stream", "_waiter")

    def __init__(self, outbox: Outbox, stream: int, credit: int) -> None:
        self._outbox = outbox
        self._stream = stream
        self._balance = credit
        self._waiter: asyncio.Future[None] | None = None
        self._stopped = False

    def send_now(self, message: bytes, last: int = 0) -> bool:
        """Send a small message if nothing stands in its way; False: it needs `send`."""
        size = len(message)
        if self._balance <= 0 or self._outbox.paused or self._stopped or size > frames.PIECE:
            return False
        self._balance -= frames.HEADER.size + size
        self._outbox.stream(frames.data(self._stream, last, message))
        return True

    async def send(self, message: bytes, last: int = 0) -> None:
        """Send one message; `last` is END when no other follows."""
        for flags, piece in frames.pieces(message, last):
            await self._may_send()
            if self._stopped:
                return
            self._balance -= frames.HEADER.size + len(piece)
            self._outbox.stream(frames.data(self._stream, flags, piece))

    def half_close(self) -> None:
        """No further message follows: END alone, which needs no credit."""
        if not self._stopped:
            self._outbox.send(frames.data(self._stream, frames.END | frames.NO_MESSAGE, b""))

    async def _may_send(self) -> None:
        while not self._stopped and (self._balance <= 0 or self._outbox.paused):
            if self._outbox.paused:
                await self._outbox.drained()
            else:
                self._waiter = asyncio.get_running_loop().create_future()
                await self._waiter

    def add(self, size: int) -> None:
        """The peer gave credit."""
        self._balance += size
        self._wake()

    def stop(self) -> None:
        """The stream is over: what is still to send is dropped."""
        self._stopped = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
