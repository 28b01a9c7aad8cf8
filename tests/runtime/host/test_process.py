"""Real worker processes on an inherited descriptor: how they end, and what they never load."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from google.protobuf.wrappers_pb2 import StringValue
from protolith.codes import Code
from protolith.engines.base import EngineError
from protolith.engines.host import HostEngine, frames
from protolith.settings import WorkerSettings

from tests.runtime.host import service
from tests.runtime.host.double import HostDouble
from tests.runtime.host.frame_log import Frame

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def worker(**environment: str) -> AsyncIterator[tuple[HostDouble, asyncio.subprocess.Process]]:
    """A worker that serves, behind the double; ended with the block."""
    ours, theirs = socket.socketpair()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.runtime.host.worker_main",
        cwd=ROOT,
        env=os.environ
        | {"PROTOLITH_WORKER_FD": str(theirs.fileno()), "PROTOLITH_WORKER_NAME": "probe-0"}
        | environment,
        pass_fds=[theirs.fileno()],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    theirs.close()
    _, host = await asyncio.get_running_loop().create_unix_connection(HostDouble, sock=ours)
    try:
        host.hello()
        await host.heard_hello()
        yield host, process
    finally:
        host.transport.abort()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def exit_code(process: asyncio.subprocess.Process) -> int:
    return await asyncio.wait_for(process.wait(), 10)


async def output(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.read()).decode()


async def test_grpc_is_never_imported() -> None:
    async with worker() as (host, _):
        answer = await host.answer(host.open(service.ECHO, StringValue(value="modules")))
        modules = StringValue.FromString(answer).value.split()
        assert "protolith.engines.host.connection" in modules
        assert [name for name in modules if name.split(".")[0].startswith("grpc")] == []


async def test_end_of_file_ends_the_process() -> None:
    async with worker() as (host, process):
        host.open(service.HANG, StringValue(value="x"))
        host.transport.abort()
        assert await exit_code(process) == 0
        assert await output(process) == ""


async def test_a_malformed_frame_is_one_line_and_exit_70() -> None:
    async with worker() as (host, process):
        host.transport.write(bytes(10))
        assert await exit_code(process) == 70
        [line] = (await output(process)).splitlines()
        assert "malformed frame" in line
        assert "unknown type" in line


async def test_goaway_ends_with_0_after_the_last_call() -> None:
    async with worker() as (host, process):
        timed = host.open(service.HANG, StringValue(value="x"), timeout_us=50_000)
        host.send(Frame(frames.GOAWAY))
        assert (await host.next(timed)).number == Code.DEADLINE_EXCEEDED
        assert await exit_code(process) == 0


async def test_sigterm_drains_and_sigint_is_the_hosts_business() -> None:
    async with worker() as (host, process):
        timed = host.open(service.HANG, StringValue(value="x"), timeout_us=200_000)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        assert (await host.next(0)).kind == frames.GOAWAY
        host.send(Frame(frames.GOAWAY))
        assert (await host.next(timed)).number == Code.DEADLINE_EXCEEDED
        assert await exit_code(process) == 0


async def test_sigterm_waits_no_longer_than_the_grace() -> None:
    async with worker(PROTOLITH_GRACE="50ms") as (host, process):
        process.send_signal(signal.SIGTERM)
        assert (await host.next(0)).kind == frames.GOAWAY
        assert await exit_code(process) == 0


async def test_a_spinning_handler_is_no_orphan() -> None:
    async with worker() as (host, process):
        host.open(service.ECHO, StringValue(value="spin"))
        host.transport.close()
        assert await exit_code(process) == os.EX_TEMPFAIL


@pytest.mark.parametrize(
    ("descriptor", "why"),
    [
        (None, "PROTOLITH_ENGINE=grpcio"),
        (987, "PROTOLITH_WORKER_FD=987 is not a socket of the host: Bad file descriptor"),
    ],
)
async def test_no_connection_to_a_host(descriptor: int | None, why: str) -> None:
    with pytest.raises(EngineError, match=why):
        await HostEngine(WorkerSettings(worker_fd=descriptor)).start()


async def test_serving_loads_neither_rich_nor_greenlet_but_leaves_them_to_handlers() -> None:
    """Memory: structlog would take them where they are installed."""
    code = (
        "import sys, protolith.serve; print({'rich', 'greenlet'} & set(sys.modules)); import rich; print(rich.__name__)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.decode().split() == ["set()", "rich"]
