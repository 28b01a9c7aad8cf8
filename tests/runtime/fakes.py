"""Stand-ins that the runtime's unit tests share."""

import time

from protolith.context import Context
from protolith.metadata import Metadata, MetadataLike, MetadataPairs, outgoing


class FakeContext(Context):
    """A call that nothing carries; it remembers what the handler sets."""

    __slots__ = ("_deadline", "_metadata", "initial", "trailing")

    def __init__(self, metadata: MetadataLike = (), remaining: float | None = None) -> None:
        self._metadata = Metadata(outgoing(metadata))
        self._deadline = None if remaining is None else time.monotonic() + remaining
        self.initial: MetadataPairs = ()
        self.trailing: MetadataPairs = ()

    @property
    def method(self) -> str:
        return "/tests.v1.FakeService/Call"

    @property
    def metadata(self) -> Metadata:
        return self._metadata

    @property
    def deadline(self) -> float | None:
        return self._deadline

    @property
    def peer(self) -> str:
        return "ipv4:127.0.0.1:1"

    async def send_initial_metadata(self, metadata: MetadataLike) -> None:
        self.initial = outgoing(metadata)

    def set_trailing_metadata(self, metadata: MetadataLike) -> None:
        self.trailing = outgoing(metadata)
