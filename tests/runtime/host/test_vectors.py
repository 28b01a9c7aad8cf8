"""Encoders and decoder agree, both ways, with docs/worker-protocol-vectors.json, which the Go side runs too."""

import json
from pathlib import Path
from typing import Any

import pytest
from protolith.engines.host import frames
from protolith.engines.host.decoder import Decoder, MalformedFrame

from tests.runtime.host.frame_log import Frame, FrameLog, encoded

FILE = json.loads((Path(__file__).parents[3] / "docs" / "worker-protocol-vectors.json").read_text())
FLAGS = {"END": frames.END, "MORE": frames.MORE, "NO_MESSAGE": frames.NO_MESSAGE, "ACK": frames.ACK}


def data_of(vector: dict[str, Any]) -> bytes:
    return bytes.fromhex(vector["hex"]) + fill_of(vector)


def fill_of(vector: dict[str, Any]) -> bytes:
    times: int = vector.get("fill", 0)
    return b"a" * times


def frame_of(vector: dict[str, Any]) -> Frame:
    """The fields of a vector; `fill` bytes end its message."""
    fields = vector["frame"]
    body = bytes.fromhex(fields.get("message", fields.get("opaque", ""))) + fill_of(vector)
    return Frame(
        kind=getattr(frames, fields["type"]),
        stream=fields["stream"],
        flags=sum(FLAGS[name] for name in fields["flags"]),
        body=fields["text"].encode() if "text" in fields else body,
        number=fields.get("method", fields.get("code", fields.get("bytes", 0))),
        timeout_us=fields.get("timeout_us", 0),
        status=bytes.fromhex(fields.get("status", "")),
        metadata=tuple((key, _value(key, text)) for key, text in fields.get("metadata", ())),
    )


def _value(key: str, text: str) -> str | bytes:
    return bytes.fromhex(text) if key.endswith("-bin") else text


def named(key: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", FILE[key], ids=lambda vector: vector["name"])


@named("vectors")
def test_decodes(vector: dict[str, Any]) -> None:
    log = FrameLog()
    Decoder(log).feed(data_of(vector))
    assert log.seen == [frame_of(vector)]


@named("vectors")
def test_encodes(vector: dict[str, Any]) -> None:
    assert encoded(frame_of(vector)) == data_of(vector)


@named("malformed")
def test_refuses(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    with pytest.raises(MalformedFrame) as caught:
        Decoder(FrameLog()).feed(data)
    assert (caught.value.offset, caught.value.type, caught.value.why) == (0, data[8], vector["why"])


def test_every_type_and_flag_has_a_vector() -> None:
    known = [frame_of(vector) for vector in FILE["vectors"]]
    assert {frame.kind for frame in known} == set(range(frames.REQUEST, frames.HELLO + 1))
    assert {flag for vector in FILE["vectors"] for flag in vector["frame"]["flags"]} == set(FLAGS)


def test_one_read_with_every_vector_gives_every_frame() -> None:
    log = FrameLog()
    Decoder(log).feed(b"".join(map(data_of, FILE["vectors"])))
    assert log.seen == [frame_of(vector) for vector in FILE["vectors"]]


def test_offset_counts_from_the_start_of_the_connection() -> None:
    log = FrameLog()
    decoder = Decoder(log)
    decoder.feed(frames.ping(b"12345678"))
    decoder.feed(frames.ping(b"12345678")[:5])
    with pytest.raises(MalformedFrame, match="malformed frame at byte 36, type 42: unknown type"):
        decoder.feed(frames.ping(b"12345678")[5:] + bytes((0, 0, 0, 0, 0, 0, 0, 1, 42, 0)))
    assert len(log.seen) == 2
