"""Unary calls, in place and in a Task of their own: answers, errors, metadata, deadlines, big messages."""

import asyncio
from typing import Any

import pytest
from google.protobuf.wrappers_pb2 import BytesValue, Int64Value, StringValue
from google.rpc import status_pb2
from protolith.codes import Code
from protolith.engines.host import frames
from protolith.generated import Method

from tests.runtime.host import service
from tests.runtime.host.double import HostDouble, serving
from tests.runtime.host.frame_log import Frame
from tests.runtime.host.service import Probe


def said(text: str) -> bytes:
    return StringValue(value=text).SerializeToString()


@pytest.mark.parametrize("method", [service.ECHO, service.ECHO_LATER])
async def test_an_answer_is_one_response(host: HostDouble, method: Method[Any, Any]) -> None:
    stream = host.open(method, StringValue(value="hi"))
    assert await host.next(stream) == Frame(frames.RESPONSE, stream, body=said("hi"))


async def test_an_error_carries_its_status(host: HostDouble) -> None:
    answer = await host.next(host.open(service.FAIL, StringValue(value="ann")))
    status = status_pb2.Status.FromString(answer.status)
    assert (answer.number, answer.flags, answer.body) == (Code.NOT_FOUND, frames.NO_MESSAGE, b"")
    assert (status.code, status.message) == (Code.NOT_FOUND, "no ann")
    detail = StringValue()
    assert status.details[0].Unpack(detail)
    assert detail.value == "detail"


async def test_a_bug_is_internal_and_says_nothing(host: HostDouble) -> None:
    answer = await host.next(host.open(service.CRASH, StringValue(value="secret")))
    assert answer.number == Code.INTERNAL
    assert b"secret" not in answer.status


async def test_an_unknown_method_number_is_unimplemented(host: HostDouble) -> None:
    host.send(Frame(frames.REQUEST, 1, frames.END, number=999))
    assert (await host.next(1)).number == Code.UNIMPLEMENTED


async def test_bytes_that_are_no_message_are_invalid(host: HostDouble) -> None:
    frame = host.request(service.ECHO, b"\xff\xff")
    host.send(frame)
    assert (await host.next(frame.stream)).number == Code.INVALID_ARGUMENT


@pytest.mark.parametrize(("method", "initial"), [(service.METADATA, ()), (service.METADATA_LATER, ("a", "b"))])
async def test_metadata_both_ways(host: HostDouble, method: Method[Any, Any], initial: tuple[str, ...]) -> None:
    pairs = (("x-user", "ann"), ("x-raw-bin", b"\x00\x01"), ("x-user", "bob"))
    stream = host.open(method, StringValue(), metadata=pairs)
    if initial:
        headers = tuple(("x-initial", value) for value in initial)
        assert await host.next(stream) == Frame(frames.HEADERS, stream, metadata=headers)
    answer = await host.next(stream)
    assert StringValue.FromString(answer.body).value == repr(pairs) + method.path
    assert answer.metadata == (("x-trailing", "t"), ("x-raw-bin", b"\x00\xff"))


@pytest.mark.parametrize("method", [service.BIG, service.BIG_LATER])
@pytest.mark.parametrize("size", [0, 65_000, 65_536, 131_072, 1_000_000])
async def test_big_answers(host: HostDouble, method: Method[Any, Any], size: int) -> None:
    answer = await host.answer(host.open(method, Int64Value(value=size)))
    assert answer == BytesValue(value=bytes(size)).SerializeToString()


@pytest.mark.parametrize("size", [65_537, 1_000_000, 4_000_000])
async def test_big_requests_come_in_pieces_and_give_credit(host: HostDouble, size: int) -> None:
    message = BytesValue(value=bytes(size)).SerializeToString()
    cut = list(frames.pieces(message, frames.END))
    frame = host.request(service.MEASURE, cut[0][1], cut[0][0])
    host.send(frame)
    balance = 262_144
    for flags, piece in cut[1:]:
        while balance <= 0:
            credit = await host.next(frame.stream)
            assert credit.kind == frames.CREDIT
            balance += credit.number
        balance -= frames.HEADER.size + len(piece)
        host.data(frame.stream, piece, flags)
    while (answer := await host.next(frame.stream)).kind == frames.CREDIT:
        pass
    assert Int64Value.FromString(answer.body).value == size


@pytest.mark.parametrize("method", [service.BIG, service.BIG_LATER])
@pytest.mark.parametrize("limit", [100, 100_000])
async def test_messages_above_the_limit(probe: Probe, method: Method[Any, Any], limit: int) -> None:
    async with serving(probe, limit=limit) as host:
        assert (await host.next(host.open(method, Int64Value(value=limit)))).number == Code.RESOURCE_EXHAUSTED
        one = host.open(service.MEASURE, BytesValue(value=bytes(limit)))
        assert (await host.next(one)).number == Code.RESOURCE_EXHAUSTED
        half = bytes(limit // 2 + 1)
        pieces = host.request(service.MEASURE, half, frames.MORE)
        host.send(pieces, Frame(frames.DATA, pieces.stream, frames.MORE, half))
        assert (await host.next(pieces.stream)).number == Code.RESOURCE_EXHAUSTED


async def test_pieces_of_different_streams_interleave(host: HostDouble) -> None:
    messages = {mark: BytesValue(value=mark * 200_000).SerializeToString() for mark in (b"a", b"b", b"c")}
    rest = []
    for message in messages.values():
        cut = list(frames.pieces(message, frames.END))
        frame = host.request(service.MEASURE, cut[0][1], cut[0][0])
        host.send(frame)
        rest.append([Frame(frames.DATA, frame.stream, flags, piece) for flags, piece in cut[1:]])
    for row in zip(*rest, strict=True):
        host.send(*row)
    assert [Int64Value.FromString(await host.answer(sent[0].stream)).value for sent in rest] == [200_000] * 3


async def test_a_unary_rpc_takes_exactly_one_request(host: HostDouble) -> None:
    none = host.open(service.ECHO, None)
    assert (await host.next(none)).number == Code.UNIMPLEMENTED
    two = host.open(service.ECHO, StringValue(value="a"), flags=0)
    host.data(two, said("b"), frames.END)
    assert (await host.next(two)).number == Code.UNIMPLEMENTED
    late = host.open(service.ECHO, StringValue(value="a"), flags=0)
    host.end(late)
    assert await host.answer(late) == said("a")


async def test_a_deadline_cancels_the_handler(host: HostDouble, probe: Probe) -> None:
    stream = host.open(service.HANG, StringValue(value="x"), timeout_us=20_000)
    assert await probe.events.get() == "started x"
    assert (await host.next(stream)).number == Code.DEADLINE_EXCEEDED
    assert await probe.events.get() == "cancelled x"


async def test_cancel_cancels_the_handler_and_nothing_is_answered(host: HostDouble, probe: Probe) -> None:
    stream = host.open(service.HANG, StringValue(value="x"))
    assert await probe.events.get() == "started x"
    host.send(Frame(frames.CANCEL, stream, number=Code.CANCELLED))
    assert await probe.events.get() == "cancelled x"
    assert await host.answer(host.open(service.ECHO_LATER, StringValue())) == b""
    assert host.nothing(stream)


async def test_cancel_before_the_handler_began(host: HostDouble, probe: Probe) -> None:
    frame = host.request(service.HANG, b"")
    host.send(frame, Frame(frames.CANCEL, frame.stream, number=Code.CANCELLED))
    assert await host.answer(host.open(service.ECHO_LATER, StringValue())) == b""
    assert host.nothing(frame.stream)


async def test_frames_of_ended_streams_are_ignored(host: HostDouble) -> None:
    stream = host.open(service.ECHO, StringValue())
    await host.next(stream)
    for number in (stream, 99, 98):
        host.send(
            Frame(frames.DATA, number, frames.MORE, b"late"),
            Frame(frames.CREDIT, number, number=5),
            Frame(frames.CANCEL, number, number=1),
            Frame(frames.RESPONSE, number, frames.NO_MESSAGE),
            Frame(frames.HEADERS, number),
        )
    assert await host.answer(host.open(service.ECHO, StringValue(value="on"))) == said("on")


async def test_five_thousand_calls_in_flight(host: HostDouble, probe: Probe) -> None:
    streams = [
        host.open(service.HANG, StringValue(value=str(number)), timeout_us=60_000_000) for number in range(5_000)
    ]
    for _ in streams:
        await probe.events.get()
    assert await host.answer(host.open(service.ECHO, StringValue(value="on"))) == said("on")
    probe.release.set()
    answers = [await host.answer(stream) for stream in streams]
    assert answers == [said(str(number)) for number in range(5_000)]


async def test_ping_is_answered_at_once_among_calls(host: HostDouble) -> None:
    calls = [host.request(service.ECHO, said("x")) for _ in range(50)]
    host.send(*calls, Frame(frames.PING, body=b"12345678"))
    assert await host.next(0) == Frame(frames.PING, flags=frames.ACK, body=b"12345678")
    await asyncio.gather(*(host.answer(call.stream) for call in calls))
