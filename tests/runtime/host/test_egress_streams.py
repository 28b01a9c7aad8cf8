"""Typed clients in handlers: streams of requests and of answers, their ends and their credit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from google.protobuf.wrappers_pb2 import BytesValue, Int64Value, StringValue
from protolith import errors
from protolith.codes import Code
from protolith.engines.host import frames

from tests.runtime.host import service
from tests.runtime.host.egress import clients, failed, number, ok, said
from tests.runtime.host.frame_log import Frame


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
