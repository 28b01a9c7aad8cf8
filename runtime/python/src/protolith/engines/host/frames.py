"""The frames of docs/worker-protocol.md as bytes: constants and encoders. Pure; the inverse is decoder.py.

Encoders trust their caller for sizes: messages are cut in pieces and metadata is bounded before they get here.
"""

from collections.abc import Iterator
from struct import Struct
from typing import Final

VERSION: Final = 1
MAX_PAYLOAD: Final = 131_072
PIECE: Final = 65_536
# Metadata and status of one frame, together: a full piece and the fixed fields fit beside them.
MAX_BLOCK: Final = 65_520

REQUEST: Final = 1
RESPONSE: Final = 2
DATA: Final = 3
HEADERS: Final = 4
CANCEL: Final = 5
CREDIT: Final = 6
PING: Final = 7
GOAWAY: Final = 8
HELLO: Final = 9

END: Final = 1
MORE: Final = 2
NO_MESSAGE: Final = 4
ACK: Final = 8

HEADER: Final = Struct(">IIBB")
REQUEST_HEAD: Final = Struct(">IQI")
RESPONSE_HEAD: Final = Struct(">III")
U32: Final = Struct(">I")

_REQUEST: Final = Struct(">IIBBIQI")
_RESPONSE: Final = Struct(">IIBBIII")
_NUMBER: Final = Struct(">IIBBI")


def request(stream: int, flags: int, method: int, timeout_us: int, metadata: bytes, message: bytes) -> bytes:
    """Open a stream; `metadata` is packed (metadata.pack), `timeout_us` 0 means no deadline."""
    size = 16 + len(metadata) + len(message)
    return _REQUEST.pack(size, stream, REQUEST, flags, method, timeout_us, len(metadata)) + metadata + message


def response(stream: int, flags: int, code: int, status: bytes, trailing: bytes, message: bytes) -> bytes:
    """End a stream; `status` is a serialized google.rpc.Status, empty when `code` is 0."""
    size = 12 + len(status) + len(trailing) + len(message)
    head = _RESPONSE.pack(size, stream, RESPONSE, flags, code, len(status), len(trailing))
    return b"".join((head, status, trailing, message))


def ok(stream: int, message: bytes) -> bytes:
    """The answer of nearly every unary call: one pack, one join."""
    return _RESPONSE.pack(12 + len(message), stream, RESPONSE, 0, 0, 0, 0) + message


def data(stream: int, flags: int, piece: bytes) -> bytes:
    return HEADER.pack(len(piece), stream, DATA, flags) + piece


def headers(stream: int, metadata: bytes) -> bytes:
    return HEADER.pack(len(metadata), stream, HEADERS, 0) + metadata


def cancel(stream: int, code: int) -> bytes:
    return _NUMBER.pack(4, stream, CANCEL, 0, code)


def credit(stream: int, size: int) -> bytes:
    """Let the peer send `size` more message bytes on `stream`."""
    return _NUMBER.pack(4, stream, CREDIT, 0, size)


def ping(opaque: bytes, *, ack: bool = False) -> bytes:
    return HEADER.pack(len(opaque), 0, PING, ACK if ack else 0) + opaque


def goaway(why: str) -> bytes:
    text = why.encode()[:PIECE]
    return HEADER.pack(len(text), 0, GOAWAY, 0) + text


def hello(document: bytes) -> bytes:
    """The first frame of each side; `document` is its JSON (hello.py)."""
    return HEADER.pack(len(document), 0, HELLO, 0) + document


def pieces(message: bytes, last: int = 0) -> Iterator[tuple[int, bytes]]:
    """Cut `message` into (flags, piece) of at most PIECE bytes; the last piece has the flags `last`."""
    end = len(message)
    for start in range(0, end - PIECE, PIECE):
        yield MORE, message[start : start + PIECE]
    yield last, message[(max(end - 1, 0) // PIECE) * PIECE :]
