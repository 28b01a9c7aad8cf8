"""Typed clients in handlers: what they send, what they get back, deadlines and cancellation passed on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from google.protobuf.wrappers_pb2 import BytesValue, Int64Value, StringValue
from google.rpc import status_pb2
from protolith import errors
from protolith.codes import Code
from protolith.context import CURRENT
from protolith.engines.host import frames
from protolith.engines.host.channel import HostChannel
from protolith.engines.host.egress import Egress

from tests.runtime.fakes import FakeContext
from tests.runtime.host import service
from tests.runtime.host.double import CREDIT, HostDouble, bound_methods, connected
from tests.runtime.host.frame_log import Frame
from tests.runtime.host.service import Probe

PATHS = tuple(method.path for method in service.METHODS)


@asynccontextmanager
async def clients(limit: int = 4_000_000) -> AsyncIterator[tuple[HostDouble, HostChannel]]:
    async with connected() as (host, connection):
        host.hello(PATHS, limit)
        await connection.host
        connection.serve("probe-0", bound_methods(Probe()))
        await host.heard_hello()
        yield host, HostChannel(connection.egress)


def said(text: str) -> bytes:
    return StringValue(value=text).SerializeToString()


def number(value: int) -> bytes:
    return Int64Value(value=value).SerializeToString()


def ok(stream: int, body: bytes | None = None) -> Frame:
    return Frame(frames.RESPONSE, stream, frames.NO_MESSAGE if body is None else 0, body or b"")


def failed(stream: int, code: Code, message: str, *details: Any) -> Frame:
    status = status_pb2.Status(code=code, message=message)
    for detail in details:
        status.details.add().Pack(detail)
    return Frame(frames.RESPONSE, stream, frames.NO_MESSAGE, number=code, status=status.SerializeToString())


async def test_a_unary_call() -> None:
    async with clients() as (host, channel):
        calling = asyncio.create_task(channel.unary_unary(service.ECHO, StringValue(value="hi"), metadata={"x-a": "b"}))
        request = await host.next(2)
        assert request == Frame(
            frames.REQUEST, 2, frames.END, said("hi"), PATHS.index(service.ECHO.path), metadata=(("x-a", "b"),)
        )
        host.send(Frame(frames.HEADERS, 2, metadata=(("x-initial", "1"),)), ok(2, said("answer")))
        assert (await calling).value == "answer"
        assert host.nothing(2)


async def test_ids_are_even_and_calls_run_beside_each_other() -> None:
    async with clients() as (host, channel):
        calls = [
            asyncio.create_task(channel.unary_unary(service.ECHO, StringValue(value=str(n)))) for n in range(1_000)
        ]
        for index in reversed(range(1_000)):
            stream = 2 + 2 * index
            request = await host.next(stream)
            host.send(ok(stream, request.body))
        assert [(await call).value for call in calls] == [str(n) for n in range(1_000)]


async def test_stream_ids_start_again_and_leave_out_open_ones() -> None:
    async with clients() as (host, channel):
        waiting = asyncio.create_task(channel.unary_unary(service.ECHO, StringValue()))
        await host.next(2)
        egress: Egress = channel.egress
        egress.next_stream = 2**31 - 2
        streams = [egress.open(service.ECHO.path, (), None, b"").stream for _ in range(3)]
        assert streams == [2**31 - 2, 4, 6]
        host.send(ok(2, said("x")))
        await waiting


async def test_errors_come_back_typed() -> None:
    async with clients() as (host, channel):
        calling = asyncio.create_task(channel.unary_unary(service.ECHO, StringValue()))
        await host.next(2)
        host.send(failed(2, Code.NOT_FOUND, "no ann", StringValue(value="detail")))
        with pytest.raises(errors.NotFound, match="no ann") as caught:
            await calling
        assert caught.value.details == (StringValue(value="detail"),)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (ok(2), errors.Internal),
        (ok(2, b"\xff\xff"), errors.Internal),
        (Frame(frames.RESPONSE, 2, frames.NO_MESSAGE, number=7), errors.PermissionDenied),
        (Frame(frames.RESPONSE, 2, frames.NO_MESSAGE, number=7, status=b"\xff"), errors.PermissionDenied),
        (Frame(frames.RESPONSE, 2, frames.NO_MESSAGE, number=99), errors.Unknown),
    ],
)
async def test_odd_answers(answer: Frame, error: type[errors.RpcError]) -> None:
    async with clients() as (host, channel):
        calling = asyncio.create_task(channel.unary_unary(service.ECHO, StringValue()))
        await host.next(2)
        host.send(answer)
        with pytest.raises(error):
            await calling


async def test_a_method_that_the_host_does_not_know() -> None:
    async with clients() as (_, channel):
        with pytest.raises(errors.Unimplemented, match=r"no method /tests\.host\.v1\.ProbeService/Other"):
            await channel.unary_unary(service.rpc("Other", "other"), StringValue())


async def test_before_the_worker_is_ready() -> None:
    async with connected() as (host, connection):
        host.hello(PATHS)
        await connection.host
        with pytest.raises(errors.Unavailable, match="not while its handlers are built"):
            await HostChannel(connection.egress).unary_unary(service.ECHO, StringValue())


async def test_a_big_message_waits_for_credit() -> None:
    async with clients() as (host, channel):
        calling = asyncio.create_task(channel.unary_unary(service.MEASURE, BytesValue(value=bytes(1_000_000))))
        size, received, last = 0, 0, 0
        while not last & frames.END:
            frame = await host.next(2)
            size, last = size + len(frame.body), frame.flags
            if frame.kind == frames.DATA:
                received += frames.HEADER.size + len(frame.body)
                if received >= CREDIT:
                    host.send(Frame(frames.CREDIT, 2, number=received))
                    received = 0
        host.send(ok(2, number(size)))
        assert (await calling).value == len(BytesValue(value=bytes(1_000_000)).SerializeToString())


async def test_an_answer_above_the_limit_is_cancelled() -> None:
    async with clients(limit=1_000) as (host, channel):
        calling = asyncio.create_task(channel.unary_unary(service.BIG, Int64Value()))
        await host.next(2)
        host.send(Frame(frames.DATA, 2, frames.MORE, bytes(1_001)))
        with pytest.raises(errors.ResourceExhausted):
            await calling
        assert await host.next(2) == Frame(frames.CANCEL, 2, number=Code.CANCELLED)


async def test_a_timeout_travels_and_is_enforced() -> None:
    async with clients() as (host, channel):
        with pytest.raises(errors.DeadlineExceeded):
            await channel.unary_unary(service.ECHO, StringValue(), timeout=0.02)
        assert (await host.next(2)).timeout_us == 20_000
        assert await host.next(2) == Frame(frames.CANCEL, 2, number=Code.DEADLINE_EXCEEDED)


async def test_the_deadline_of_the_handler_is_passed_on() -> None:
    async with clients() as (host, channel):
        token = CURRENT.set(FakeContext(remaining=5))
        calling = asyncio.create_task(channel.unary_unary(service.ECHO, StringValue(), timeout=60))
        CURRENT.reset(token)
        assert 4_000_000 < (await host.next(2)).timeout_us <= 5_000_000
        host.send(ok(2, b""))
        await calling


async def test_a_cancelled_caller_cancels_its_call() -> None:
    async with clients() as (host, channel):
        calling = asyncio.create_task(channel.unary_unary(service.ECHO, StringValue()))
        await host.next(2)
        calling.cancel()
        assert await host.next(2) == Frame(frames.CANCEL, 2, number=Code.CANCELLED)
        host.send(ok(2, said("crossed")))
        with pytest.raises(asyncio.CancelledError):
            await calling


async def test_the_end_of_the_host_fails_calls() -> None:
    async with clients() as (host, channel):
        calling = asyncio.create_task(channel.unary_unary(service.ECHO, StringValue()))
        await host.next(2)
        host.transport.abort()
        with pytest.raises(errors.Unavailable, match="the host is gone"):
            await calling
        with pytest.raises(errors.Unavailable, match="the host is gone"):
            await channel.unary_unary(service.ECHO, StringValue())


async def test_a_stream_of_answers() -> None:
    async with clients() as (host, channel):
        answers = channel.unary_stream(service.COUNT, Int64Value(value=3))
        reading = asyncio.create_task(collect(answers))
        assert (await host.next(2)).body == number(3)
        host.send(*(Frame(frames.DATA, 2, body=number(n)) for n in range(3)), ok(2))
        assert [each.value for each in await reading] == [0, 1, 2]


async def test_a_stream_of_answers_that_fails_gives_what_came_first() -> None:
    async with clients() as (host, channel):
        answers = channel.unary_stream(service.COUNT, Int64Value())
        host_sends = asyncio.create_task(host.next(2))
        got = []
        with pytest.raises(errors.Aborted):
            first = asyncio.ensure_future(anext(answers))
            await host_sends
            host.send(Frame(frames.DATA, 2, body=number(7)), failed(2, Code.ABORTED, "no more"))
            got.append((await first).value)
            await anext(answers)
        assert got == [7]


async def test_leaving_a_stream_of_answers_cancels_it() -> None:
    async with clients() as (host, channel):
        async with aclosing(channel.unary_stream(service.COUNT, Int64Value())) as answers:
            first = asyncio.ensure_future(anext(answers))
            await host.next(2)
            host.send(Frame(frames.DATA, 2, body=number(7)))
            assert (await first).value == 7
        assert await host.next(2) == Frame(frames.CANCEL, 2, number=Code.CANCELLED)


async def test_a_slow_reader_of_answers_gives_no_credit() -> None:
    async with clients() as (host, channel):
        answers = channel.unary_stream(service.BLOCKS, Int64Value())
        first = asyncio.ensure_future(anext(answers))
        await host.next(2)
        body = BytesValue(value=bytes(50_000)).SerializeToString()
        host.send(*(Frame(frames.DATA, 2, body=body) for _ in range(6)))
        await first
        host.send(Frame(frames.PING, body=b"12345678"))
        await host.next(0)
        assert host.nothing(2)
        await anext(answers)
        credit = await host.next(2)
        assert (credit.kind, credit.number) == (frames.CREDIT, 2 * (frames.HEADER.size + len(body)))
        await answers.aclose()


async def test_a_stream_of_requests() -> None:
    async with clients() as (host, channel):
        calling = asyncio.create_task(channel.stream_unary(service.GATHER, texts("a", "b")))
        assert (await host.next(2)).flags == frames.NO_MESSAGE
        assert [(await host.next(2)).body for _ in range(2)] == [said("a"), said("b")]
        assert (await host.next(2)).flags == frames.END | frames.NO_MESSAGE
        host.send(ok(2, said("a,b")))
        assert (await calling).value == "a,b"


async def test_an_early_answer_stops_the_requests() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncIterator[StringValue]:
        try:
            while True:
                yield StringValue(value="x" * 60_000)
        finally:
            closed.set()

    async with clients() as (host, channel):
        calling = asyncio.create_task(channel.stream_unary(service.FIRST, endless()))
        await host.next(2)
        host.send(ok(2, said("enough")))
        assert (await calling).value == "enough"
        await asyncio.wait_for(closed.wait(), 10)


async def test_a_failing_source_of_requests_fails_the_call() -> None:
    async def broken() -> AsyncIterator[StringValue]:
        yield StringValue(value="a")
        raise ValueError("source")

    async with clients() as (host, channel):
        with pytest.raises(ValueError, match="source"):
            await channel.stream_unary(service.GATHER, broken())
        assert [(await host.next(2)).kind for _ in range(3)] == [frames.REQUEST, frames.DATA, frames.CANCEL]


async def test_both_directions() -> None:
    async with clients() as (host, channel):
        reading = asyncio.create_task(collect(channel.stream_stream(service.TALK, texts("a", "b"))))
        await host.next(2)
        for text in ("a", "b"):
            assert (await host.next(2)).body == said(text)
            host.send(Frame(frames.DATA, 2, body=said(text.upper())))
        assert (await host.next(2)).flags & frames.END
        host.send(ok(2))
        assert [each.value for each in await reading] == ["A", "B"]


async def texts(*values: str) -> AsyncIterator[StringValue]:
    for value in values:
        yield StringValue(value=value)


async def collect(answers: AsyncIterator[Any]) -> list[Any]:
    return [each async for each in answers]
