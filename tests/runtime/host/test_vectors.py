"""Encoders and decoder agree, both ways, with docs/worker-protocol-vectors.json, which the Go side runs too."""

import json
from pathlib import Path
from typing import Any

import pytest

from protolith.engines.host import frames, metadata
from protolith.engines.host.decoder import Decoder, MalformedFrame

FILE = json.loads((Path(__file__).parents[3] / "docs" / "worker-protocol-vectors.json").read_text())
FLAGS = {"END": frames.END, "MORE": frames.MORE, "NO_MESSAGE": frames.NO_MESSAGE, "ACK": frames.ACK}
FILL = b"a"


class Recorder:
    """Events as the file writes them."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def note(self, kind: str, stream: int, flags: int, **fields: Any) -> None:
        names = [name for name, bit in FLAGS.items() if flags & bit]
        self.seen.append({"type": kind, "stream": stream, "flags": names, **fields})

    def on_request(self, stream: int, flags: int, method: int, timeout_us: int, block: bytes, message: bytes) -> None:
        fields = {"method": method, "timeout_us": timeout_us, "metadata": rows(block), "message": message.hex()}
        self.note("REQUEST", stream, flags, **fields)

    def on_response(self, stream: int, flags: int, code: int, status: bytes, block: bytes, message: bytes) -> None:
        fields = {"code": code, "status": status.hex(), "metadata": rows(block), "message": message.hex()}
        self.note("RESPONSE", stream, flags, **fields)

    def on_data(self, stream: int, flags: int, piece: bytes) -> None:
        self.note("DATA", stream, flags, message=piece.hex())

    def on_headers(self, stream: int, block: bytes) -> None:
        self.note("HEADERS", stream, 0, metadata=rows(block))

    def on_cancel(self, stream: int, code: int) -> None:
        self.note("CANCEL", stream, 0, code=code)

    def on_credit(self, stream: int, size: int) -> None:
        self.note("CREDIT", stream, 0, bytes=size)

    def on_ping(self, opaque: bytes, ack: bool) -> None:
        self.note("PING", 0, frames.ACK if ack else 0, opaque=opaque.hex())

    def on_goaway(self, why: str) -> None:
        self.note("GOAWAY", 0, 0, text=why)

    def on_hello(self, document: bytes) -> None:
        self.note("HELLO", 0, 0, text=document.decode())


def rows(block: bytes) -> list[list[str]]:
    return [[key, value if isinstance(value, str) else value.hex()] for key, value in metadata.unpack(block)]


def block(frame: dict[str, Any]) -> bytes:
    return metadata.pack(
        tuple((key, bytes.fromhex(value) if key.endswith("-bin") else value) for key, value in frame["metadata"])
    )


def encoded(frame: dict[str, Any]) -> bytes:
    stream, flags = frame["stream"], sum(FLAGS[name] for name in frame["flags"])
    match frame["type"]:
        case "REQUEST":
            message = bytes.fromhex(frame["message"])
            return frames.request(stream, flags, frame["method"], frame["timeout_us"], block(frame), message)
        case "RESPONSE":
            status, message = bytes.fromhex(frame["status"]), bytes.fromhex(frame["message"])
            return frames.response(stream, flags, frame["code"], status, block(frame), message)
        case "DATA":
            return frames.data(stream, flags, bytes.fromhex(frame["message"]))
        case "HEADERS":
            return frames.headers(stream, block(frame))
        case "CANCEL":
            return frames.cancel(stream, frame["code"])
        case "CREDIT":
            return frames.credit(stream, frame["bytes"])
        case "PING":
            return frames.ping(bytes.fromhex(frame["opaque"]), ack=bool(flags))
        case "GOAWAY":
            return frames.goaway(frame["text"])
        case "HELLO":
            return frames.hello(frame["text"].encode())
    raise AssertionError(frame["type"])


def filled(vector: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """A vector's bytes and its frame, both with the fill."""
    frame = dict(vector["frame"])
    fill = FILL * vector.get("fill", 0)
    if fill:
        frame["message"] += fill.hex()
    return bytes.fromhex(vector["hex"]) + fill, frame


def named(key: str) -> Any:
    return pytest.mark.parametrize("vector", FILE[key], ids=lambda vector: vector["name"])


@named("vectors")
def test_decodes(vector: dict[str, Any]) -> None:
    data, frame = filled(vector)
    recorder = Recorder()
    Decoder(recorder).feed(data)
    assert recorder.seen == [frame]


@named("vectors")
def test_encodes(vector: dict[str, Any]) -> None:
    data, frame = filled(vector)
    assert encoded(frame) == data


@named("malformed")
def test_refuses(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    with pytest.raises(MalformedFrame) as caught:
        Decoder(Recorder()).feed(data)
    assert (caught.value.offset, caught.value.type, caught.value.why) == (0, data[8], vector["why"])


def test_every_type_and_flag_has_a_vector() -> None:
    seen = {(vector["frame"]["type"], flag) for vector in FILE["vectors"] for flag in vector["frame"]["flags"] or [""]}
    assert {getattr(frames, kind) for kind, _ in seen} == set(range(frames.REQUEST, frames.HELLO + 1))
    assert {flag for _, flag in seen} >= set(FLAGS)


def test_one_read_with_every_vector_gives_every_frame() -> None:
    whole = [filled(vector) for vector in FILE["vectors"]]
    recorder = Recorder()
    Decoder(recorder).feed(b"".join(data for data, _ in whole))
    assert recorder.seen == [frame for _, frame in whole]
