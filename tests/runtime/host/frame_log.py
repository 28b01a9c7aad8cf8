"""Decoded frames as plain values, for tests that look at what went over the wire."""

from dataclasses import dataclass, field

from protolith.engines.host import frames, metadata
from protolith.metadata import MetadataPairs


@dataclass(frozen=True)
class Frame:
    """One frame; `body` is its message, piece, text or opaque bytes, `number` its code, credit or method."""

    kind: int
    stream: int = 0
    flags: int = 0
    body: bytes = b""
    number: int = 0
    timeout_us: int = 0
    status: bytes = b""
    metadata: MetadataPairs = field(default=())


class FrameLog:
    """Decoder events that collects frames in `seen`."""

    def __init__(self) -> None:
        self.seen: list[Frame] = []

    def add(self, frame: Frame) -> None:
        self.seen.append(frame)

    def on_request(self, stream: int, flags: int, method: int, timeout_us: int, block: bytes, message: bytes) -> None:
        pairs = metadata.unpack(block)
        self.add(Frame(frames.REQUEST, stream, flags, message, method, timeout_us, metadata=pairs))

    def on_response(self, stream: int, flags: int, code: int, status: bytes, block: bytes, message: bytes) -> None:
        pairs = metadata.unpack(block)
        self.add(Frame(frames.RESPONSE, stream, flags, message, code, status=status, metadata=pairs))

    def on_data(self, stream: int, flags: int, piece: bytes) -> None:
        self.add(Frame(frames.DATA, stream, flags, piece))

    def on_headers(self, stream: int, block: bytes) -> None:
        self.add(Frame(frames.HEADERS, stream, metadata=metadata.unpack(block)))

    def on_cancel(self, stream: int, code: int) -> None:
        self.add(Frame(frames.CANCEL, stream, number=code))

    def on_credit(self, stream: int, size: int) -> None:
        self.add(Frame(frames.CREDIT, stream, number=size))

    def on_ping(self, opaque: bytes, ack: bool) -> None:
        self.add(Frame(frames.PING, flags=frames.ACK if ack else 0, body=opaque))

    def on_goaway(self, why: str) -> None:
        self.add(Frame(frames.GOAWAY, body=why.encode()))

    def on_hello(self, document: bytes) -> None:
        self.add(Frame(frames.HELLO, body=document))


def encoded(frame: Frame) -> bytes:
    """The bytes of a frame, by the encoders under test."""
    block = metadata.pack(frame.metadata)
    match frame.kind:
        case frames.REQUEST:
            return frames.request(frame.stream, frame.flags, frame.number, frame.timeout_us, block, frame.body)
        case frames.RESPONSE:
            return frames.response(frame.stream, frame.flags, frame.number, frame.status, block, frame.body)
        case frames.DATA:
            return frames.data(frame.stream, frame.flags, frame.body)
        case frames.HEADERS:
            return frames.headers(frame.stream, block)
        case frames.CANCEL:
            return frames.cancel(frame.stream, frame.number)
        case frames.CREDIT:
            return frames.credit(frame.stream, frame.number)
        case frames.PING:
            return frames.ping(frame.body, ack=bool(frame.flags))
        case frames.GOAWAY:
            return frames.goaway(frame.body.decode())
        case _:
            return frames.hello(frame.body)
