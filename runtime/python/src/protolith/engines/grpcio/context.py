"""The Context of a call that grpc.aio serves."""

import math
import time
from typing import Any

import grpc

from protolith.context import Context
from protolith.metadata import Metadata, MetadataLike, MetadataPairs, outgoing


class GrpcioContext(Context):
    """Reads from grpc's own context when it is asked, and remembers what it read."""

    __slots__ = ("_deadline", "_metadata", "_method", "_rpc", "trailing")

    def __init__(self, method: str, rpc: grpc.aio.ServicerContext[Any, Any]) -> None:
        self._method = method
        self._rpc = rpc
        self._metadata: Metadata | None = None
        self._deadline = _deadline(rpc)
        self.trailing: MetadataPairs = ()

    @property
    def method(self) -> str:
        return self._method

    @property
    def metadata(self) -> Metadata:
        if self._metadata is None:
            pairs = self._rpc.invocation_metadata() or ()
            self._metadata = Metadata((key, value) for key, value in pairs if not key.startswith("grpc-"))
        return self._metadata

    @property
    def deadline(self) -> float | None:
        return self._deadline

    @property
    def peer(self) -> str:
        return self._rpc.peer()

    async def send_initial_metadata(self, metadata: MetadataLike) -> None:
        await self._rpc.send_initial_metadata(outgoing(metadata))

    def set_trailing_metadata(self, metadata: MetadataLike) -> None:
        self.trailing = outgoing(metadata)
        self._rpc.set_trailing_metadata(self.trailing)


def _deadline(rpc: grpc.aio.ServicerContext[Any, Any]) -> float | None:
    remaining: float | None = rpc.time_remaining()
    return None if remaining is None or math.isinf(remaining) else time.monotonic() + remaining
