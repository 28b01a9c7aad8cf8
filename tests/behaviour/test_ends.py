"""How calls end early: deadlines, cancellation, peers that go away. The same on every engine."""

import asyncio

import grpc
import grpc.aio
import pytest
from behaviour.echo.v1.echo_pb2 import (
    CancelledRequest,
    CancelledResponse,
    CountRequest,
    CountResponse,
    EchoLaterRequest,
    EchoLaterResponse,
    HangRequest,
    HangResponse,
)

from tests.behaviour.caller import OPTIONS, Caller


async def cancelled(echo: Caller) -> int:
    """How many handlers were cancelled so far."""
    return int((await echo.unary("Cancelled", CancelledRequest(), CancelledResponse)).count)


async def until_cancelled(echo: Caller, count: int) -> None:
    """Wait until `count` handlers were cancelled."""
    async with asyncio.timeout(10):
        while await cancelled(echo) < count:
            await asyncio.sleep(0.005)


async def test_the_deadline_ends_a_call_and_its_handler(echo: Caller) -> None:
    before = await cancelled(echo)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Hang", HangRequest(), HangResponse, timeout=0.2)
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    await until_cancelled(echo, before + 1)


async def test_a_deadline_that_has_passed(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("EchoLater", EchoLaterRequest(sleep_ms=500), EchoLaterResponse, timeout=0.000001)
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


async def test_cancelling_a_call_cancels_its_handler(echo: Caller) -> None:
    before = await cancelled(echo)
    call = echo.unary("Hang", HangRequest(), HangResponse)
    task = asyncio.ensure_future(call)
    await call.wait_for_connection()
    await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_cancelled(echo, before + 1)


async def test_a_client_that_goes_away_cancels_its_handlers(echo: Caller, grpc_address: str) -> None:
    before = await cancelled(echo)
    channel = grpc.aio.insecure_channel(grpc_address, options=OPTIONS)
    gone = Caller(channel, echo.service)
    calls = [gone.unary("Hang", HangRequest(), HangResponse) for _ in range(5)]
    stream = gone.server_stream("Count", CountRequest(size=1000), CountResponse)
    await stream.read()
    await asyncio.sleep(0.1)
    await channel.close()
    await asyncio.gather(*calls, return_exceptions=True)
    await until_cancelled(echo, before + 6)


async def test_a_deadline_on_a_stream(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in echo.server_stream("Count", CountRequest(), CountResponse, timeout=0.3):
            pass
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
