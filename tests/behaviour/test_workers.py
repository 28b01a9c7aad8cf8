"""The host and its Python workers: what happens when they die, hang, are replaced, or lose the host."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import grpc.aio
import psutil
import pytest
from behaviour.echo.v1.echo_pb2 import (
    BlockRequest,
    BlockResponse,
    CrashRequest,
    CrashResponse,
    EchoLaterRequest,
    EchoLaterResponse,
    EchoRequest,
    EchoResponse,
    InspectRequest,
    InspectResponse,
)

from tests.behaviour.caller import OPTIONS, Caller
from tests.behaviour.servers import Hosted, host_engine

WORKERS = 3


@pytest.fixture
async def hosted(host_binary: Path) -> AsyncIterator[tuple[Caller, Hosted]]:
    """A host of its own with three workers for EchoService, and a client."""
    with host_engine(host_binary, PROTOLITH_WORKERS_ECHO=str(WORKERS), PROTOLITH_HEARTBEAT="1s") as serving:
        async with grpc.aio.insecure_channel(serving.echo, options=OPTIONS) as channel:
            caller = Caller(channel, "behaviour.echo.v1.EchoService")
            await until_replaced(serving, set(), caller)
            yield caller, serving


def workers(host: psutil.Process) -> set[int]:
    """The process ids of EchoService's workers."""
    return {child.pid for child in host.children(recursive=True) if _command(child)[-1:] == ["echo"]}


def _command(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return list(process.cmdline())
    return []


async def until_replaced(serving: Hosted, gone: set[int], caller: Caller) -> None:
    """Wait until none of `gone` is left and as many workers as there should be answer."""
    host = psutil.Process(serving.pid)
    async with asyncio.timeout(20):
        while len(await seen(caller)) < WORKERS or workers(host) & gone:
            await asyncio.sleep(0.02)


async def seen(caller: Caller) -> set[int]:
    """Which workers answer calls that are made at once; one that is ending may lose its calls."""
    calls = (caller.unary("Inspect", InspectRequest(suspend=True), InspectResponse) for _ in range(100))
    answers = await asyncio.gather(*calls, return_exceptions=True)
    return {answer.pid for answer in answers if not isinstance(answer, BaseException)}


async def test_calls_are_spread_over_the_workers_which_share_the_connections(hosted: tuple[Caller, Hosted]) -> None:
    caller, serving = hosted
    assert await seen(caller) == workers(psutil.Process(serving.pid))
    assert (await caller.unary("Inspect", InspectRequest(), InspectResponse)).workers == WORKERS


async def test_a_killed_worker_is_replaced_while_the_others_serve(hosted: tuple[Caller, Hosted]) -> None:
    caller, serving = hosted
    victim = sorted(await seen(caller))[0]
    os.kill(victim, signal.SIGKILL)
    await until_replaced(serving, {victim}, caller)


async def test_a_poison_request_ends_at_most_two_workers(hosted: tuple[Caller, Hosted]) -> None:
    caller, _ = hosted
    before = await seen(caller)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await caller.unary("Crash", CrashRequest(), CrashResponse)
    assert caught.value.code() == grpc.StatusCode.UNAVAILABLE
    assert len(before & await seen(caller)) >= WORKERS - 2


async def test_a_hanging_worker_is_replaced(hosted: tuple[Caller, Hosted]) -> None:
    caller, serving = hosted
    before = await seen(caller)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await caller.unary("Block", BlockRequest(seconds=60), BlockResponse)
    assert caught.value.code() == grpc.StatusCode.UNAVAILABLE
    gone = before - workers(psutil.Process(serving.pid))
    assert len(gone) == 1
    await until_replaced(serving, gone, caller)


async def test_sighup_replaces_all_workers_and_loses_no_call(hosted: tuple[Caller, Hosted]) -> None:
    caller, serving = hosted
    before, done = await seen(caller), asyncio.Event()

    async def load() -> int:
        count = 0
        while not done.is_set():
            await caller.unary("EchoLater", EchoLaterRequest(text="x", sleep_ms=20), EchoLaterResponse)
            await caller.unary("Echo", EchoRequest(text="y"), EchoResponse)
            count += 1
        return count

    calls = [asyncio.create_task(load()) for _ in range(20)]
    os.kill(serving.pid, signal.SIGHUP)
    await until_replaced(serving, before, caller)
    done.set()
    assert all(await asyncio.gather(*calls))


async def test_sigterm_lets_calls_in_flight_end(hosted: tuple[Caller, Hosted]) -> None:
    caller, serving = hosted
    calls = [
        asyncio.ensure_future(caller.unary("EchoLater", EchoLaterRequest(text="x", sleep_ms=700), EchoLaterResponse))
        for _ in range(20)
    ]
    await caller.unary("Echo", EchoRequest(), EchoResponse)
    os.kill(serving.pid, signal.SIGTERM)
    assert [answer.text for answer in await asyncio.gather(*calls)] == ["x"] * 20


async def test_a_killed_host_leaves_no_worker(hosted: tuple[Caller, Hosted]) -> None:
    _, serving = hosted
    children = psutil.Process(serving.pid).children(recursive=True)
    assert len(children) == WORKERS + 2  # those of the two other services
    os.kill(serving.pid, signal.SIGKILL)
    assert psutil.wait_procs(children, timeout=10)[1] == []
