"""Whatever bytes come, in whatever chunks: the decoder makes progress or raises MalformedFrame, and holds little."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from protolith.engines.host import frames
from protolith.engines.host.decoder import Decoder, MalformedFrame

from tests.runtime.host.frame_log import Frame, FrameLog, encoded

u32 = st.integers(0, 2**32 - 1)
streams = st.integers(1, 2**31 - 1)
bodies = st.binary(max_size=300)
messages = st.sampled_from((0, frames.END, frames.MORE))
keys = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.", min_size=1, max_size=12)
text_pairs = st.tuples(keys.filter(lambda key: not key.endswith("-bin")), st.text(max_size=12))
raw_pairs = st.tuples(keys.map(lambda key: key + "-bin"), st.binary(max_size=12))
pairs = st.lists(text_pairs | raw_pairs, max_size=4).map(tuple)

good = st.one_of(
    st.builds(
        Frame,
        st.just(frames.REQUEST),
        streams,
        messages,
        bodies,
        u32,
        st.integers(0, 2**64 - 1),
        metadata=pairs,
    ),
    st.builds(Frame, st.just(frames.RESPONSE), streams, st.just(0), bodies, u32, status=bodies, metadata=pairs),
    st.builds(Frame, st.just(frames.DATA), streams, messages, bodies),
    st.builds(Frame, st.just(frames.DATA), streams, st.just(frames.END | frames.NO_MESSAGE)),
    st.builds(Frame, st.just(frames.HEADERS), streams, metadata=pairs),
    st.builds(Frame, st.just(frames.CANCEL), streams, number=u32),
    st.builds(Frame, st.just(frames.CREDIT), streams, number=u32),
    st.builds(
        Frame, st.just(frames.PING), flags=st.sampled_from((0, frames.ACK)), body=st.binary(min_size=8, max_size=8)
    ),
    st.builds(Frame, st.just(frames.GOAWAY), body=st.text(max_size=40).map(str.encode)),
)


def chunks(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@given(st.lists(good, max_size=12), st.lists(st.integers(0, 10_000), max_size=20))
def test_chunking_changes_nothing(sent: list[Frame], cuts: list[int]) -> None:
    log = FrameLog()
    decoder = Decoder(log)
    for chunk in chunks(b"".join(map(encoded, sent)), cuts):
        decoder.feed(chunk)
    assert log.seen == sent


@given(st.lists(good, min_size=1, max_size=6), st.integers(1, 10_000))
def test_a_truncated_frame_waits(sent: list[Frame], cut: int) -> None:
    log = FrameLog()
    data = b"".join(map(encoded, sent))
    cut = 1 + cut % len(encoded(sent[-1]))
    Decoder(log).feed(data[:-cut])
    assert log.seen == sent[:-1]


@given(st.binary(max_size=2_000), st.lists(st.integers(0, 2_000), max_size=10))
def test_random_bytes(data: bytes, cuts: list[int]) -> None:
    survive(data, cuts)


@settings(max_examples=300)
@given(
    st.lists(good, min_size=1, max_size=6), st.integers(0, 10_000), st.integers(0, 255), st.lists(st.integers(0, 999))
)
def test_one_changed_byte(sent: list[Frame], position: int, value: int, cuts: list[int]) -> None:
    data = bytearray(b"".join(map(encoded, sent)))
    data[position % len(data)] = value
    survive(bytes(data), cuts)


def survive(data: bytes, cuts: list[int]) -> None:
    decoder = Decoder(FrameLog())
    try:
        for chunk in chunks(data, cuts):
            decoder.feed(chunk)
            assert decoder.held <= frames.HEADER.size + frames.MAX_PAYLOAD
    except MalformedFrame as error:
        assert 0 <= error.offset < len(data)


def test_a_frame_in_single_bytes_is_not_copied_again_and_again() -> None:
    """Linear work: the chunks are joined once, when the frame is whole."""
    log = FrameLog()
    decoder = Decoder(log)
    for byte in frames.data(1, 0, bytes(frames.MAX_PAYLOAD)):
        decoder.feed(bytes((byte,)))
    assert [len(frame.body) for frame in log.seen] == [frames.MAX_PAYLOAD]
