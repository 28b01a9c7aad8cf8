"""Streams of requests and of answers: order, ends, credit both ways, slow readers."""

import asyncio
from typing import Any

import pytest
from google.protobuf.wrappers_pb2 import BytesValue, Int64Value, StringValue
from protolith.codes import Code
from protolith.engines.host import frames

from tests.runtime.host import service
from tests.runtime.host.double import CREDIT, HostDouble, serving
from tests.runtime.host.frame_log import Frame
from tests.runtime.host.service import Probe


def said(text: str) -> bytes:
    return StringValue(value=text).SerializeToString()


async def settled(host: HostDouble) -> None:
    """Everything sent so far was handled, and what it set going had its turn."""
    for _ in range(3):
        host.send(Frame(frames.PING, body=b"settled?"))
        await host.next(0)


async def collected(host: HostDouble, stream: int) -> tuple[list[bytes], Frame]:
    """The messages of an answer stream, and its RESPONSE."""
    messages = []
    while (frame := await host.next(stream)).kind == frames.DATA:
        messages.append(frame.body)
        host.send(Frame(frames.CREDIT, stream, number=frames.HEADER.size + len(frame.body)))
    return messages, frame


@pytest.mark.parametrize("count", [0, 1, 1_000])
async def test_answers_come_in_order_and_end(host: HostDouble, count: int) -> None:
    stream = host.open(service.COUNT, Int64Value(value=count))
    messages, end = await collected(host, stream)
    assert [Int64Value.FromString(message).value for message in messages] == list(range(count))
    assert end == Frame(frames.RESPONSE, stream, frames.NO_MESSAGE)


async def test_requests_stream_in(host: HostDouble) -> None:
    stream = host.open(service.GATHER, StringValue(value="a"), flags=0)
    host.data(stream, said("b"))
    host.data(stream, said("c"), frames.END)
    assert await host.answer(stream) == said("a,b,c")
    empty = host.open(service.GATHER, None)
    assert await host.answer(empty) == said("")
    late = host.open(service.GATHER, None, flags=0)
    host.data(late, said("b"))
    host.end(late)
    assert await host.answer(late) == said("b")


async def test_an_early_answer_ends_the_stream(host: HostDouble) -> None:
    stream = host.open(service.FIRST, StringValue(value="a"), flags=0)
    assert await host.answer(stream) == said("a")
    host.data(stream, said("late"), frames.END)
    assert await host.answer(host.open(service.ECHO, StringValue(value="on"))) == said("on")


async def test_both_directions_at_once(host: HostDouble) -> None:
    stream = host.open(service.TALK, None, flags=0)
    for text in ("a", "b"):
        host.data(stream, said(text))
        assert (await host.next(stream)).body == said(text.upper())
    host.end(stream)
    assert (await host.next(stream)).kind == frames.RESPONSE


async def test_an_answer_stream_stops_without_credit(host: HostDouble, probe: Probe) -> None:
    stream = host.open(service.BLOCKS, Int64Value(value=1_000))
    await settled(host)
    sent = list(drained(host, stream))
    size = frames.HEADER.size + len(sent[0].body)
    assert len(sent) == -(-CREDIT // size)  # the frame that uses credit up may go below zero
    host.send(Frame(frames.CREDIT, stream, number=size * 10))
    await settled(host)
    assert abs(len(list(drained(host, stream))) - 10) <= 1
    host.send(Frame(frames.CANCEL, stream, number=Code.CANCELLED))
    assert await probe.events.get() == "blocks closed"


async def test_empty_answers_are_not_free(host: HostDouble) -> None:
    stream = host.open(service.BLOCKS, Int64Value(value=0))
    await settled(host)
    assert len(list(drained(host, stream))) == -(-CREDIT // frames.HEADER.size)
    host.send(Frame(frames.CANCEL, stream, number=Code.CANCELLED))


async def test_a_slow_reader_gives_no_credit(host: HostDouble, probe: Probe) -> None:
    stream = host.open(service.SLOW_GATHER, None, flags=0)
    body = BytesValue(value=bytes(60_000)).SerializeToString()
    for _ in range(5):
        host.data(stream, body)
    await settled(host)
    assert host.nothing(stream)
    probe.release.set()
    given = 0
    while given < 4 * 60_000:
        credit = await host.next(stream)
        assert credit.kind == frames.CREDIT
        assert credit.number >= CREDIT // 4
        given += credit.number
    host.end(stream)
    assert await host.answer(stream) == Int64Value(value=300_000).SerializeToString()


async def test_pieces_of_an_unfinished_message_give_credit_at_once(host: HostDouble) -> None:
    stream = host.open(service.SLOW_GATHER, None, flags=0)
    host.data(stream, bytes(65_536), frames.MORE)
    assert await host.next(stream) == Frame(frames.CREDIT, stream, number=65_546)
    host.send(Frame(frames.CANCEL, stream, number=1))


async def test_a_host_that_reads_nothing_stops_the_stream(probe: Probe) -> None:
    """Beyond credit: what the socket does not take is not piled up."""
    async with serving(probe) as host:
        streams = [host.open(service.BLOCKS, Int64Value(value=50_000)) for _ in range(100)]
        await settled(host)
        host.transport.pause_reading()
        before = probe.sent
        host.send(*(Frame(frames.CREDIT, stream, number=10_000_000) for stream in streams))
        stalled = 0
        while stalled < 20:  # turns of the loop in which nothing more was sent
            count = probe.sent
            await asyncio.sleep(0.001)
            stalled = stalled + 1 if probe.sent == count else 0
        assert probe.sent - before < 250  # of 20,000 that credit allows
        host.transport.resume_reading()
        while probe.sent - before < 1_000:
            await asyncio.sleep(0.001)


async def test_a_stream_above_the_message_limit_ends(probe: Probe) -> None:
    async with serving(probe, limit=10_000) as host:
        stream = host.open(service.GATHER, StringValue(value="a"), flags=0)
        host.data(stream, bytes(10_001))
        assert (await host.next(stream)).number == Code.RESOURCE_EXHAUSTED
        assert (await host.next(host.open(service.BLOCKS, Int64Value(value=10_001)))).number == Code.RESOURCE_EXHAUSTED


async def test_cancel_closes_the_generator(host: HostDouble, probe: Probe) -> None:
    stream = host.open(service.BLOCKS, Int64Value(value=100_000))
    assert (await host.next(stream)).kind == frames.DATA
    host.send(Frame(frames.CANCEL, stream, number=Code.DEADLINE_EXCEEDED))
    assert await probe.events.get() == "blocks closed"


async def test_a_deadline_ends_an_answer_stream(host: HostDouble, probe: Probe) -> None:
    stream = host.open(service.BLOCKS, Int64Value(value=100_000), timeout_us=20_000)
    while (frame := await host.next(stream)).kind == frames.DATA:
        pass
    assert frame.number == Code.DEADLINE_EXCEEDED
    assert await probe.events.get() == "blocks closed"


async def test_a_cancelled_reader_of_requests(host: HostDouble) -> None:
    stream = host.open(service.GATHER, None, flags=0)
    host.send(Frame(frames.CANCEL, stream, number=Code.CANCELLED))
    host.data(stream, said("late"), frames.END)
    await settled(host)
    assert host.nothing(stream)


def drained(host: HostDouble, stream: int) -> Any:
    while not host.nothing(stream):
        yield host.take(stream)
