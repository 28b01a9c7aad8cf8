"""What every stream of one connection shares."""

import asyncio
from dataclasses import dataclass

from protolith.engines.host import frames
from protolith.engines.host.outbox import Outbox
from protolith.engines.host.receiver import Receiver
from protolith.engines.host.sender import Sender


@dataclass(frozen=True, slots=True)
class Link:
    """The loop, the way out, and the host's terms: credit of a stream's direction and largest message, in bytes."""

    loop: asyncio.AbstractEventLoop
    outbox: Outbox
    credit: int
    limit: int

    @property
    def small(self) -> int:
        """A message of at most so many bytes goes out at once, in one frame."""
        return min(frames.PIECE, self.limit)

    def sender(self, stream: int) -> Sender:
        return Sender(self.outbox, stream, self.credit)

    def receiver(self, stream: int) -> Receiver:
        return Receiver(lambda size: self.outbox.send(frames.credit(stream, size)), self.credit, self.limit)
