"""What goes out on the connection: frames of one loop iteration leave in one write; streams wait for a slow host."""

import asyncio
from typing import Final

_ENOUGH: Final = 65_536


class Outbox:
    """Collects frames and writes them once: at the end of a read batch, else at the end of the loop's iteration.

    Only streams wait (`drained`). One answer, a ping's answer and credit never do: there is at most one a call in
    flight, and the host bounds those.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.WriteTransport | None = None
        self._frames: list[bytes] = []
        self._streamed = 0
        self._scheduled = False
        self._open = asyncio.Event()
        self.paused = False

    def connect(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport

    def send(self, frame: bytes) -> None:
        """Queue one frame, or several joined."""
        self._frames.append(frame)
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self.flush)

    def stream(self, frame: bytes) -> None:
        """Queue a frame of a stream; enough of them are written at once, so that the transport can say `pause`."""
        self.send(frame)
        self._streamed += len(frame)
        if self._streamed >= _ENOUGH:
            self.flush()
            self._scheduled = True  # as `send` left it: whoever was to flush still does

    def hold(self) -> None:
        """A read batch begins: its frames leave together at `flush`, which the caller promises."""
        self._scheduled = True

    def flush(self) -> None:
        """Write what is queued."""
        self._scheduled = False
        self._streamed = 0
        if self._frames:
            if self._transport is not None and not self._transport.is_closing():
                self._transport.write(b"".join(self._frames))
            self._frames.clear()

    def pause(self) -> None:
        """The host lags: streams shall wait."""
        self.paused = True
        self._open.clear()

    def resume(self) -> None:
        self.paused = False
        self._open.set()

    async def drained(self) -> None:
        """Returns when the host has taken enough of what was written."""
        if self.paused:
            await self._open.wait()
