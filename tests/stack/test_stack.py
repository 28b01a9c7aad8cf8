"""The whole system, started by the runner: it answers, and nothing of it is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import asyncpg
import nats
import psutil
import pytest

from tests.support.running import READY, ROOT, RunningStack, assert_gone, running_postgres, url_of

pytestmark = pytest.mark.usefixtures("host_program")


def get(url: str) -> int:
    """The HTTP status of a GET."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return int(answer.status)


@pytest.mark.parametrize(("engine", "topology"), [("host", "one"), ("host", "services"), ("grpcio", "services")])
def test_every_engine_and_topology_gets_ready(
    stack: Callable[[str, str], RunningStack], engine: str, topology: str
) -> None:
    running = stack(engine, topology)
    names = set(running.state["processes"]) - {"postgres", "nats"}
    services = {"auth", "chat", "subscriber", "user"}
    assert names == ({"host"} if (engine, topology) == ("host", "one") else {"gateway", *services})
    assert get(f"{running.admin}/readyz") == 200
    assert get(f"{running.rest}/docs/") == 200


async def test_jetstream_is_there_and_wants_the_password(stack: Callable[[str, str], RunningStack]) -> None:
    url = stack("host", "one").state["NATS_URL"]
    client = await nats.connect(url)
    assert (await client.jetstream().account_info()).limits is not None
    await client.close()
    with pytest.raises(nats.errors.Error):
        await nats.connect(url.replace("protolith:", "protolith:not"), allow_reconnect=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_signal_leaves_a_process_behind(tmp_path: Path, number: signal.Signals) -> None:
    running = RunningStack(tmp_path)
    running.wait_for_sign()
    family = running.family()
    assert {"postgres", "nats-server", "host"} <= {each.name() for each in family}
    assert len([each for each in family if "protolith.serve" in each.cmdline()]) == 4
    assert running.stop(number) == (0 if number == signal.SIGTERM else -number)
    assert_gone(family, 30)


def test_ctrl_c_while_it_starts(tmp_path: Path) -> None:
    running = RunningStack(tmp_path)
    while "listening" not in running.output and running.process.poll() is None:
        running.wait_for_line()
    family = running.family()
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.wait() == 0
    assert READY not in running.output
    assert "Traceback" not in running.output
    assert_gone(family)


def test_a_busy_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        running = RunningStack(tmp_path, PROTOLITH_GRPC_ADDR=address)
        assert running.wait() == 1
    assert running.output.strip().startswith(f"{address} is in use by another program")
    assert "PROTOLITH_GRPC_ADDR=" in running.output
    assert not (tmp_path / "postgres").exists()


def test_given_servers_win_over_the_embedded_ones(
    tmp_path: Path, postgres: str, stack: Callable[[str, str], RunningStack]
) -> None:
    nats_url = stack("host", "one").state["NATS_URL"]
    running = RunningStack(tmp_path, DATABASE_URL=postgres, NATS_URL=nats_url)
    running.wait_for_sign()
    try:
        assert set(running.state["processes"]) == {"host"}
        assert (running.database_url, running.state["NATS_URL"]) == (postgres, nats_url)
        request = urllib.request.Request(
            f"{running.rest}/v1/users",
            data=json.dumps({"nickname": f"given_{os.getpid()}"}).encode(),
            headers={"Content-Type": "application/json"},
        )
        assert json.loads(urllib.request.urlopen(request, timeout=10).read())["user"]["id"]
    finally:
        assert running.stop() == 0


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://nobody:secret@127.0.0.1:1", "The database server at 127.0.0.1:1 (DATABASE_URL) cannot be used"),
        ("mysql://127.0.0.1", "cannot be used: "),
    ],
)
def test_a_database_server_that_cannot_be_used(tmp_path: Path, url: str, sentence: str) -> None:
    running = RunningStack(tmp_path, DATABASE_URL=url)
    assert running.wait() == 1
    assert sentence in running.output
    assert "secret" not in running.output
    assert "Traceback" not in running.output


def test_the_death_of_the_host_ends_everything_and_is_told(tmp_path: Path) -> None:
    running = RunningStack(tmp_path)
    running.wait_for_sign()
    family = running.family()
    psutil.Process(running.state["processes"]["host"]).kill()
    assert running.wait() == 1
    assert "host has ended by itself (SIGKILL)" in running.output
    assert_gone(family)


def test_migrating_under_a_running_stack_uses_its_server(stack: Callable[[str, str], RunningStack]) -> None:
    assert migrate(stack("host", "one").data) == "Migrated: user.\n"


async def test_migrating_alone_leaves_a_database_and_no_server(tmp_path: Path) -> None:
    output = migrate(tmp_path)
    assert "Everything is stopped." in output
    server = running_postgres(tmp_path)
    server.wait_for_sign()
    connection = await asyncpg.connect(url_of(server).replace("/postgres?", "/user_service?"))
    try:
        assert await connection.fetchval("select count(*) from profiles") == 0
        assert await connection.fetchval("select version from schema_version") >= 1
    finally:
        await connection.close()
        server.stop()


def migrate(data: Path) -> str:
    """Runs `python -m protolith.stack migrate`: what it prints."""
    argv = [sys.executable, "-m", "protolith.stack", "migrate"]
    environment = {**os.environ, "PROTOLITH_DATA": str(data), "DATABASE_URL": ""}
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_stacks_run_side_by_side(stack: Callable[[str, str], RunningStack]) -> None:
    first, second = stack("host", "one"), stack("host", "services")
    assert first.rest != second.rest
    assert get(f"{first.admin}/readyz") == get(f"{second.admin}/readyz") == 200
