"""The embedded Postgres: private, lasting, and never left behind."""

import signal
import stat
from pathlib import Path

import asyncpg
import psutil
import pytest

from tests.support.running import Running, assert_gone, running_postgres, url_of


def started(data: Path) -> Running:
    """A server that answers."""
    server = running_postgres(data)
    server.wait_for_sign()
    return server


def postmaster(server: Running) -> psutil.Process:
    """The server's own process."""
    return next(process for process in server.family() if process.name() == "postgres")


async def test_it_wants_the_password_which_only_we_can_read(tmp_path: Path) -> None:
    server = started(tmp_path / "data")
    try:
        url = url_of(server)
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url.replace("postgres:", "postgres:not"))
        file = tmp_path / "data" / "postgres" / "password"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.read_text() in url
    finally:
        server.stop()


async def test_it_is_not_root_and_listens_on_loopback_alone(tmp_path: Path) -> None:
    server = started(tmp_path / "data")
    try:
        process = postmaster(server)
        assert "refuses" not in server.output
        listening = [each.laddr.ip for each in process.net_connections("all") if each.status == psutil.CONN_LISTEN]
        assert listening == ["127.0.0.1"]
    finally:
        server.stop()


async def test_data_outlive_the_server(tmp_path: Path) -> None:
    server = started(tmp_path / "data")
    connection = await asyncpg.connect(url_of(server))
    await connection.execute("create table kept as select 7 as number")
    await connection.close()
    server.stop()
    server = started(tmp_path / "data")
    try:
        connection = await asyncpg.connect(url_of(server))
        assert await connection.fetchval("select number from kept") == 7
        await connection.close()
    finally:
        server.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_signal_leaves_it_behind(tmp_path: Path, number: signal.Signals) -> None:
    server = started(tmp_path / "data")
    family = server.family()
    assert len(family) > 3
    code = server.stop(number)
    assert code == (-number if number == signal.SIGKILL else 0)
    assert_gone(family)


def test_it_starts_again_at_once_after_its_runner_was_killed(tmp_path: Path) -> None:
    started(tmp_path / "data").stop(signal.SIGKILL)
    assert started(tmp_path / "data").stop() == 0


def test_its_death_ends_the_runner_which_says_so(tmp_path: Path) -> None:
    server = started(tmp_path / "data")
    postmaster(server).send_signal(signal.SIGQUIT)
    assert server.wait() == 1
    assert "postgres has ended by itself" in server.output
    assert "immediate shutdown" in server.output  # its own last lines


def test_a_second_runner_says_that_there_is_a_first(tmp_path: Path) -> None:
    server = started(tmp_path / "data")
    second = running_postgres(tmp_path / "data")
    assert second.wait() == 1
    assert f"A stack runs on {tmp_path / 'data'} already (process {server.process.pid})" in second.output
    assert "PROTOLITH_DATA" in second.output
    server.stop()
    assert "Traceback" not in second.output


def test_an_interrupted_initdb_leaves_nothing_that_looks_like_data(tmp_path: Path) -> None:
    half = tmp_path / "data" / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    assert started(tmp_path / "data").stop() == 0


def test_data_of_another_version_are_refused_with_a_sentence(tmp_path: Path) -> None:
    started(tmp_path / "data").stop()
    version = tmp_path / "data" / "postgres" / "data" / "PG_VERSION"
    version.write_text("9\n")
    server = running_postgres(tmp_path / "data")
    assert server.wait() == 1
    assert "was written by Postgres 9" in server.output
    assert "make clean" in server.output
