"""Typed clients in handlers: what they send, what they get back, deadlines and cancellation passed on."""

import asyncio

import pytest
from google.protobuf.wrappers_pb2 import BytesValue, Int64Value, StringValue
from protolith import errors
from protolith.codes import Code
from protolith.context import CURRENT
from protolith.engines.host import frames
from protolith.engines.host.channel import HostChannel
from protolith.engines.host.egress import Egress

from tests.runtime.fakes import FakeContext
from tests.runtime.host import service
from tests.runtime.host.double import CREDIT, connected
from tests.runtime.host.egress import PATHS, clients, failed, number, ok, said
from tests.runtime.host.frame_log import Frame


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
