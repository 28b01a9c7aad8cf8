"""The connection's own frames and its ends: HELLO, PING, GOAWAY, violations, end-of-file."""

import asyncio
import os

import pytest
from google.protobuf.wrappers_pb2 import StringValue
from protolith.codes import Code
from protolith.engines.host import frames
from protolith.engines.host.connection import EXIT_MALFORMED, Connection

from tests.runtime.host import service
from tests.runtime.host.double import HostDouble, bound_methods, connected
from tests.runtime.host.frame_log import Frame
from tests.runtime.host.service import Probe


async def ended(connection: Connection) -> int:
    return await asyncio.wait_for(asyncio.shield(connection.ended), 10)


async def serve(host: HostDouble, connection: Connection, probe: Probe) -> dict[str, object]:
    host.hello()
    await connection.host
    connection.serve("probe-7", bound_methods(probe))
    return await host.heard_hello()


async def test_the_worker_says_who_it_is_and_what_it_serves() -> None:
    async with connected() as (host, connection):
        hello = await serve(host, connection, Probe())
    assert hello == {
        "protocol": 1,
        "name": "probe-7",
        "pid": os.getpid(),
        "methods": [method.path for method in service.METHODS],
    }


async def test_a_debugger_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.gettrace", lambda: print)
    async with connected() as (host, connection):
        assert (await serve(host, connection, Probe()))["debug"] is True


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"nonsense", "HELLO is not JSON with a protocol number"),
        (b"[]", "HELLO is not JSON with a protocol number"),
        (b"\xff", "HELLO is not JSON with a protocol number"),
        (b"{}", "HELLO is not JSON with a protocol number"),
        (b'{"protocol": 2}', "the host speaks protocol 2, the worker 1: the worker is older, upgrade it"),
        (b'{"protocol": 0}', "the host speaks protocol 0, the worker 1: the host is older, upgrade it"),
        (b'{"protocol": 1, "credit": 5, "methods": []}', "HELLO lacks a field or has a wrong one: 'max_message_bytes'"),
    ],
)
async def test_a_wrong_hello_ends_it(document: bytes, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    async with connected() as (host, connection):
        host.send(Frame(frames.HELLO, body=document))
        assert await ended(connection) == EXIT_MALFORMED
        await host.lost.wait()
    assert why in capsys.readouterr().out.replace('\\"', '"')


VIOLATIONS = {
    "a second HELLO": frames.hello(b"{}"),
    "stream 4 is even": frames.request(4, frames.END, 0, 0, b"", b""),
    "stream 1 is open already": frames.request(1, frames.END, 0, 0, b"", b""),
    "metadata ends inside a row": frames.headers(2, b"\0"),
    "unknown type": frames.HEADER.pack(0, 0, 77, 0),
}


@pytest.mark.parametrize("why", VIOLATIONS)
async def test_a_violation_ends_it_with_one_line(why: str, capsys: pytest.CaptureFixture[str]) -> None:
    probe = Probe()
    async with connected() as (host, connection):
        await serve(host, connection, probe)
        host.open(service.HANG, StringValue(value="x"))
        await probe.events.get()
        capsys.readouterr()
        host.transport.write(VIOLATIONS[why])
        assert await ended(connection) == EXIT_MALFORMED
        assert await probe.events.get() == "cancelled x"
    [line] = capsys.readouterr().out.splitlines()
    assert why in line


async def test_frames_before_hello_are_a_violation() -> None:
    async with connected() as (host, connection):
        host.send(Frame(frames.PING, body=b"12345678"))
        assert await ended(connection) == EXIT_MALFORMED


async def test_answers_before_a_violation_still_go_out() -> None:
    async with connected() as (host, connection):
        await serve(host, connection, Probe())
        call = host.request(service.ECHO, b"")
        host.send(call, Frame(frames.DATA, 0))
        assert (await host.next(call.stream)).kind == frames.RESPONSE
        assert await ended(connection) == EXIT_MALFORMED


async def test_end_of_file_cancels_handlers_and_ends() -> None:
    probe = Probe()
    async with connected() as (host, connection):
        await serve(host, connection, probe)
        host.open(service.HANG, StringValue(value="x"))
        await probe.events.get()
        host.transport.close()
        assert await ended(connection) == 0
        assert await probe.events.get() == "cancelled x"


async def test_goaway_of_the_host_lets_calls_finish_then_ends() -> None:
    probe = Probe()
    async with connected() as (host, connection):
        await serve(host, connection, probe)
        stream = host.open(service.HANG, StringValue(value="x"))
        await probe.events.get()
        host.send(Frame(frames.GOAWAY, body=b"replaced"), Frame(frames.PING, body=b"12345678"))
        await host.next(0)
        assert not connection.ended.done()
        probe.release.set()
        assert await host.answer(stream) == StringValue(value="x").SerializeToString()
        assert await ended(connection) == 0


async def test_goaway_without_calls_ends_at_once() -> None:
    async with connected() as (host, connection):
        await serve(host, connection, Probe())
        host.send(Frame(frames.GOAWAY))
        assert await ended(connection) == 0


async def test_a_worker_that_goes_away_serves_what_is_on_its_way() -> None:
    async with connected() as (host, connection):
        await serve(host, connection, Probe())
        connection.go_away("told to stop")
        assert await host.next(0) == Frame(frames.GOAWAY, body=b"told to stop")
        assert (await host.next(host.open(service.ECHO, StringValue()))).number == Code.OK
        assert not connection.ended.done()
        host.send(Frame(frames.GOAWAY))
        assert await ended(connection) == 0
