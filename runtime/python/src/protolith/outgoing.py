"""What every outgoing call takes over from the call that the running handler serves: its deadline and its trace."""

import secrets

from protolith.context import CURRENT, Context
from protolith.errors import DeadlineExceeded
from protolith.metadata import Metadata, MetadataLike, MetadataPairs, outgoing


def call_timeout(timeout: float | None) -> float | None:
    """Seconds for an outgoing call: what was asked for, and never past the deadline of the handler.

    Raises DeadlineExceeded when nothing is left.
    """
    context = CURRENT.get()
    remaining = None if context is None else context.time_remaining()
    seconds = [each for each in (timeout, remaining) if each is not None]
    if seconds and min(seconds) <= 0:
        raise DeadlineExceeded("no time left for the call")
    return min(seconds) if seconds else None


def call_metadata(metadata: MetadataLike | None) -> MetadataPairs:
    """Metadata of an outgoing call: the caller's own, and `traceparent` of the handler's call unless it sets one."""
    pairs = outgoing(metadata)
    context = CURRENT.get()
    if context is None or any(key == "traceparent" for key, _ in pairs):
        return pairs
    return (*pairs, *_trace(context))


def _trace(context: Context) -> MetadataPairs:
    received: Metadata = context.metadata
    flags = received.text("traceparent").rpartition("-")[2] or "01"
    parent = ("traceparent", f"00-{context.trace_id}-{secrets.token_hex(8)}-{flags}")
    state = received.text("tracestate")
    return (parent, ("tracestate", state)) if state else (parent,)
