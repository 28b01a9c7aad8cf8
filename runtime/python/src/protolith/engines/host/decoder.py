"""Bytes in, events out: the incremental decoder of docs/worker-protocol.md. No I/O, no state of streams.

It holds at most one incomplete frame, and refuses a bad header before the payload arrives.
"""

from collections.abc import Callable
from typing import Final, Protocol

from protolith.engines.host import frames

_KNOWN: Final = {
    frames.REQUEST: (0, frames.END, frames.MORE, frames.NO_MESSAGE, frames.END | frames.NO_MESSAGE),
    frames.RESPONSE: (0, frames.NO_MESSAGE),
    frames.DATA: (0, frames.END, frames.MORE, frames.NO_MESSAGE, frames.END | frames.NO_MESSAGE),
    frames.HEADERS: (0,),
    frames.CANCEL: (0,),
    frames.CREDIT: (0,),
    frames.PING: (0, frames.ACK),
    frames.GOAWAY: (0,),
    frames.HELLO: (0,),
}
_LEGAL: Final = frozenset(kind << 8 | flags for kind, legal in _KNOWN.items() for flags in legal)
_OF_CONNECTION: Final = frozenset((frames.PING, frames.GOAWAY, frames.HELLO))


class ProtocolViolation(Exception):
    """What the peer did wrong; the decoder adds where."""


class MalformedFrame(Exception):
    """The peer broke the protocol: `offset` is the frame's first byte, counted from the connection's start."""

    def __init__(self, offset: int, kind: int, why: str) -> None:
        super().__init__(f"malformed frame at byte {offset}, type {kind}: {why}")
        self.offset = offset
        self.type = kind
        self.why = why


class Events(Protocol):
    """Who hears of frames. A method may raise ProtocolViolation, which ends the connection."""

    def on_request(
        self, stream: int, flags: int, method: int, timeout_us: int, metadata: bytes, message: bytes
    ) -> None: ...
    def on_response(
        self, stream: int, flags: int, code: int, status: bytes, trailing: bytes, message: bytes
    ) -> None: ...
    def on_data(self, stream: int, flags: int, piece: bytes) -> None: ...
    def on_headers(self, stream: int, metadata: bytes) -> None: ...
    def on_cancel(self, stream: int, code: int) -> None: ...
    def on_credit(self, stream: int, size: int) -> None: ...
    def on_ping(self, opaque: bytes, ack: bool) -> None: ...
    def on_goaway(self, why: str) -> None: ...
    def on_hello(self, document: bytes) -> None: ...


class Decoder:
    """Feed it what was read; it calls `events` for every frame that is complete."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._offset = 0
        self._chunks: list[bytes] = []
        self.held = 0
        self._wanted = frames.HEADER.size
        self._payloads: dict[int, Callable[[int, int, bytes], None]] = {
            frames.RESPONSE: self._response,
            frames.DATA: self._data,
            frames.HEADERS: lambda stream, flags, payload: events.on_headers(stream, payload),
            frames.CANCEL: lambda stream, flags, payload: events.on_cancel(stream, _number(payload)),
            frames.CREDIT: lambda stream, flags, payload: events.on_credit(stream, _number(payload)),
            frames.PING: self._ping,
            frames.GOAWAY: lambda stream, flags, payload: events.on_goaway(payload.decode(errors="replace")),
            frames.HELLO: lambda stream, flags, payload: events.on_hello(payload),
        }

    def feed(self, chunk: bytes) -> None:
        """Decode `chunk` after what is held; raises MalformedFrame, after which the decoder is of no more use."""
        if self.held:
            self._chunks.append(chunk)
            self.held += len(chunk)
            if self.held < self._wanted:
                return
            chunk = b"".join(self._chunks)
            self._chunks.clear()
        used = self._frames(chunk)
        self._offset += used
        self.held = len(chunk) - used
        if self.held:
            self._chunks = [chunk[used:]]

    def _frames(self, chunk: bytes) -> int:
        """Decode every complete frame, return how many bytes they took, note how many the next one needs."""
        size = len(chunk)
        start = kind = 0
        unpack_head = frames.HEADER.unpack_from
        unpack_request = frames.REQUEST_HEAD.unpack_from
        on_request = self._events.on_request
        self._wanted = 10
        try:
            while size - start >= 10:
                length, stream, kind, flags = unpack_head(chunk, start)
                if length > frames.MAX_PAYLOAD or (kind << 8 | flags) not in _LEGAL or not stream or kind > 6:
                    _check_head(length, stream, kind, flags)
                begin = start + 10
                end = begin + length
                if end > size:
                    self._wanted = end - start
                    break
                if kind == frames.REQUEST:  # in place: this is the hot path
                    if length < 16:
                        raise ProtocolViolation("payload is too short")
                    method, timeout_us, block = unpack_request(chunk, begin)
                    begin += 16
                    message = begin + block
                    if message > end or (flags & frames.NO_MESSAGE and message < end):
                        _check_pieces(block, end - begin, flags)
                    on_request(stream, flags, method, timeout_us, chunk[begin:message], chunk[message:end])
                else:
                    self._payloads[kind](stream, flags, chunk[begin:end])
                start = end
        except ProtocolViolation as violation:
            raise MalformedFrame(self._offset + start, kind, str(violation)) from None
        return start

    def _response(self, stream: int, flags: int, payload: bytes) -> None:
        if len(payload) < 12:
            raise ProtocolViolation("payload is too short")
        code, status, trailing = frames.RESPONSE_HEAD.unpack_from(payload)
        _check_pieces(status + trailing, len(payload) - 12, flags)
        middle = 12 + status
        end = middle + trailing
        self._events.on_response(stream, flags, code, payload[12:middle], payload[middle:end], payload[end:])

    def _data(self, stream: int, flags: int, payload: bytes) -> None:
        _check_pieces(0, len(payload), flags)
        self._events.on_data(stream, flags, payload)

    def _ping(self, stream: int, flags: int, payload: bytes) -> None:
        if len(payload) != 8:
            raise ProtocolViolation("PING carries 8 bytes")
        self._events.on_ping(payload, bool(flags & frames.ACK))


def _number(payload: bytes) -> int:
    if len(payload) != 4:
        raise ProtocolViolation("payload is not one u32")
    value: int = frames.U32.unpack(payload)[0]
    return value


def _check_pieces(blocks: int, size: int, flags: int) -> None:
    """`blocks` bytes of metadata and status lie in a payload's `size` bytes; what remains is message."""
    if blocks > size:
        raise ProtocolViolation("lengths are beyond the payload")
    if flags & frames.NO_MESSAGE and blocks < size:
        raise ProtocolViolation("NO_MESSAGE with message bytes")


def _check_head(length: int, stream: int, kind: int, flags: int) -> None:
    if length > frames.MAX_PAYLOAD:
        raise ProtocolViolation(f"payload of {length} bytes is over {frames.MAX_PAYLOAD}")
    if kind not in _KNOWN:
        raise ProtocolViolation("unknown type")
    if flags not in _KNOWN[kind]:
        raise ProtocolViolation(f"flags {flags:#04x} do not go with this type")
    if (stream == 0) != (kind in _OF_CONNECTION):
        raise ProtocolViolation(f"stream {stream} does not go with this type")
