"""How calls end early: deadlines, cancellation, peers that go away. The same on every engine."""

import asyncio
from typing import cast

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


async def counts(echo: Caller) -> CancelledResponse:
    """How many handlers began to hang, and how many were cancelled, so far."""
    return cast(CancelledResponse, await echo.unary("Cancelled", CancelledRequest(), CancelledResponse))


async def until(echo: Caller, *, hung: int = 0, cancelled: int = 0) -> None:
    """Wait until so many handlers hang or were cancelled."""
    async with asyncio.timeout(10):
        while (now := await counts(echo)).hung < hung or now.count < cancelled:
            await asyncio.sleep(0.005)


async def test_the_deadline_ends_a_call_and_its_handler(echo: Caller) -> None:
    before = await counts(echo)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Hang", HangRequest(), HangResponse, timeout=0.2)
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    await until(echo, cancelled=before.count + 1)


async def test_a_deadline_that_has_passed(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("EchoLater", EchoLaterRequest(sleep_ms=500), EchoLaterResponse, timeout=0.000001)
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


async def test_cancelling_a_call_cancels_its_handler(echo: Caller) -> None:
    before = await counts(echo)
    call = echo.unary("Hang", HangRequest(), HangResponse)
    task = asyncio.ensure_future(call)
    await until(echo, hung=before.hung + 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(echo, cancelled=before.count + 1)


async def test_a_client_that_goes_away_cancels_its_handlers(echo: Caller, grpc_address: str) -> None:
    before = await counts(echo)
    channel = grpc.aio.insecure_channel(grpc_address, options=OPTIONS)
    gone = Caller(channel, echo.service)
    calls = [asyncio.ensure_future(gone.unary("Hang", HangRequest(), HangResponse)) for _ in range(5)]
    stream = gone.server_stream("Count", CountRequest(size=1000), CountResponse)
    await stream.read()
    await until(echo, hung=before.hung + 5)
    await channel.close()
    await asyncio.gather(*calls, return_exceptions=True)
    await until(echo, cancelled=before.count + 6)


async def test_a_deadline_on_a_stream(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in echo.server_stream("Count", CountRequest(), CountResponse, timeout=0.3):
            pass
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
