"""What a handler knows of its call beyond the request; an engine gives each call one Context."""

import secrets
import time
from abc import ABC, abstractmethod
from contextvars import ContextVar
from typing import Final

from protolith.metadata import Metadata, MetadataLike

CURRENT: Final[ContextVar["Context | None"]] = ContextVar("protolith.context", default=None)
"""The call that the running code serves. An engine sets it in the contextvars context that the handler runs in;
clients read it to pass deadline and trace on."""


class Context(ABC):
    """One call, as its handler sees it. Subclassed by engines."""

    __slots__ = ("_trace_id",)

    @property
    @abstractmethod
    def method(self) -> str:
        """The method's path, `/package.Service/Method`."""

    @property
    @abstractmethod
    def metadata(self) -> Metadata:
        """What the caller sent."""

    @property
    @abstractmethod
    def deadline(self) -> float | None:
        """When the call must be over, in seconds of time.monotonic(); None: never."""

    @property
    @abstractmethod
    def peer(self) -> str:
        """Where the call came from, such as `ipv4:127.0.0.1:50112`; empty when the engine does not know."""

    @abstractmethod
    async def send_initial_metadata(self, metadata: MetadataLike) -> None:
        """Send the answer's headers now. At most once, and before the first response of a stream."""

    @abstractmethod
    def set_trailing_metadata(self, metadata: MetadataLike) -> None:
        """Set (replace) what is sent after the last response, also when the call fails."""

    def time_remaining(self) -> float | None:
        """Seconds until the deadline, at least 0; None when there is none."""
        deadline = self.deadline
        return None if deadline is None else max(0.0, deadline - time.monotonic())

    @property
    def trace_id(self) -> str:
        """32 hex digits: the trace of the caller's `traceparent`, else made up once for this call."""
        try:
            return self._trace_id
        except AttributeError:
            self._trace_id: str = trace_of(self.metadata) or secrets.token_hex(16)
            return self._trace_id


def trace_of(metadata: Metadata) -> str | None:
    """The trace id of a W3C `traceparent` (`00-<32 hex>-<16 hex>-<flags>`), None where there is no valid one."""
    parts = metadata.text("traceparent").split("-")
    if len(parts) < 4 or len(parts[1]) != 32 or not set(parts[1]) <= set("0123456789abcdef"):
        return None
    return parts[1] if parts[1].strip("0") else None
