"""The receiving half of a stream: pieces become messages, messages wait for their reader, credit goes back."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from protolith.engines.host import frames
from protolith.errors import ResourceExhausted, RpcError


class Receiver(AsyncIterator[bytes]):
    """Messages of one direction, in order, until the end. One task reads at a time.

    `give` sends credit back. A reader gets what came whole before a failure, then the failure.
    """

    __slots__ = ("_error", "_give", "_limit", "_lump", "_messages", "_owed", "_pieces", "_size", "_waiter", "ended")

    def __init__(self, give: Callable[[int], None], credit: int, limit: int) -> None:
        self._give = give
        self._lump = max(1, credit // 4)
        self._limit = limit
        self._owed = 0
        self._pieces: list[bytes] = []
        self._size = 0
        self._messages: deque[tuple[bytes, int]] = deque()
        self._error: RpcError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.ended = False

    def add(self, flags: int, piece: bytes, counted: int) -> None:
        """One piece came, `counted` bytes of it on credit. Raises ResourceExhausted for a message above the limit."""
        self._size += len(piece)
        if self._size > self._limit:
            raise ResourceExhausted(f"the message is larger than {self._limit} bytes")
        if flags & frames.MORE:
            self._pieces.append(piece)
            self._owe(counted)
            return
        if self._pieces:
            self._pieces.append(piece)
            piece = b"".join(self._pieces)
            self._pieces.clear()
        self._size = 0
        self._messages.append((piece, counted))
        self._wake()

    def end(self, error: RpcError | None = None) -> None:
        """No message follows; an unfinished one is dropped."""
        self.ended = True
        self._error = error
        self._pieces.clear()
        self._wake()

    async def get(self) -> bytes | None:
        """The next message, None at the end; raises the error that the stream ended with."""
        while not self._messages:
            if self._error is not None:
                raise self._error
            if self.ended:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        message, counted = self._messages.popleft()
        self._owe(counted)
        return message

    async def __anext__(self) -> bytes:
        message = await self.get()
        if message is None:
            raise StopAsyncIteration
        return message

    def _owe(self, size: int) -> None:
        self._owed += size
        if self._owed >= self._lump and not self.ended:
            self._give(self._owed)
            self._owed = 0

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
