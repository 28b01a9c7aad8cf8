"""Streaming rpcs: the same on every engine."""

import asyncio

import grpc
import pytest
from behaviour.echo.v1.echo_pb2 import (
    CancelledRequest,
    CancelledResponse,
    CountRequest,
    CountResponse,
    SumRequest,
    SumResponse,
    TalkRequest,
    TalkResponse,
)

from tests.behaviour.caller import Caller, violations


async def test_a_server_stream_in_order(echo: Caller) -> None:
    stream = echo.server_stream("Count", CountRequest(count=1000, size=10), CountResponse)
    assert [answer.number async for answer in stream] == list(range(1, 1001))


async def test_a_server_stream_of_big_messages(echo: Caller) -> None:
    stream = echo.server_stream("Count", CountRequest(count=20, size=300_000), CountResponse)
    assert [len(answer.payload) async for answer in stream] == [300_000] * 20


async def test_a_server_stream_that_fails_midway(echo: Caller) -> None:
    seen = []
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for answer in echo.server_stream("Count", CountRequest(count=3, fail=True), CountResponse):
            seen.append(answer.number)
    assert (seen, caught.value.code()) == ([1, 2, 3], grpc.StatusCode.ABORTED)


async def test_a_client_stream(echo: Caller) -> None:
    requests = [SumRequest(number=number, payload=bytes(1000)) for number in range(500)]
    answer = await echo.client_stream("Sum", requests, SumResponse)
    assert (answer.sum, answer.count) == (sum(range(500)), 500)


async def test_an_empty_client_stream(echo: Caller) -> None:
    assert (await echo.client_stream("Sum", [], SumResponse)).count == 0


async def test_a_client_stream_of_big_messages(echo: Caller) -> None:
    requests = [SumRequest(number=1, payload=bytes(1_000_000)) for _ in range(5)]
    assert (await echo.client_stream("Sum", requests, SumResponse)).count == 5


async def test_a_broken_rule_in_a_client_stream_is_named(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.client_stream("Sum", [SumRequest(number=1), SumRequest(number=-1)], SumResponse)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert set(violations(caught.value)) == {"number"}


async def test_a_conversation_goes_back_and_forth(echo: Caller) -> None:
    call = echo.bidi("Talk", TalkResponse)
    for text in ("one", "two", "three"):
        await call.write(TalkRequest(text=text))
        assert (await call.read()).text == text.upper()
    await call.done_writing()
    assert await call.read() is grpc.aio.EOF
    assert await call.code() == grpc.StatusCode.OK


async def test_a_slow_reader_holds_the_sender_back_and_loses_nothing(echo: Caller) -> None:
    seen = 0
    async for answer in echo.server_stream("Count", CountRequest(count=200, size=50_000), CountResponse):
        seen += 1
        assert answer.number == seen
        if seen % 40 == 0:
            await asyncio.sleep(0.05)
    assert seen == 200


async def test_many_streams_at_once(echo: Caller) -> None:
    async def one(count: int) -> int:
        stream = echo.server_stream("Count", CountRequest(count=count, size=100), CountResponse)
        return len([answer async for answer in stream])

    assert await asyncio.gather(*map(one, range(1, 200))) == list(range(1, 200))


async def test_an_endless_stream_ends_when_its_reader_goes(echo: Caller) -> None:
    before = (await echo.unary("Cancelled", CancelledRequest(), CancelledResponse)).count
    stream = echo.server_stream("Count", CountRequest(size=1000), CountResponse)
    async for answer in stream:
        if answer.number == 10:
            break
    stream.cancel()
    async with asyncio.timeout(10):
        while (await echo.unary("Cancelled", CancelledRequest(), CancelledResponse)).count == before:
            await asyncio.sleep(0.01)
