"""The database cases' Postgres: the stack's embedded server with one table of 100,000 profiles."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg
from protolith.database import Connection, database_url
from protolith.stack.databases import open_server
from protolith.stack.postgres import start_postgres
from protolith.stack.supervisor import Supervisor
from protolith.startup import StartError

from benchmarks import CACHE, BenchError
from benchmarks.cases import profile

_ROWS: Final = 100_000
_TABLE: Final = """
create table if not exists profiles
  (id bigint primary key, nickname text not null, about text not null, avatar_url text not null);
truncate profiles;
"""
_STOP_SECONDS: Final = 10


@contextmanager
def database() -> Iterator[str]:
    """URL of the server while the body runs. Its processes are children of ours, so no server's CPU includes them."""
    with asyncio.Runner() as runner:
        supervisor = runner.run(_supervisor())
        try:
            yield runner.run(_start(supervisor))
        except StartError as error:
            raise BenchError(str(error)) from None
        finally:
            runner.run(supervisor.stop(_STOP_SECONDS))


async def _supervisor() -> Supervisor:
    return Supervisor(lambda name, line: None)


async def _start(supervisor: Supervisor) -> str:
    folder = CACHE / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    url = await start_postgres(supervisor, folder, folder / "log")
    connection = await open_server(url, starting=True)
    await _create(connection, "store_service", "user_service")
    await connection.close()
    await _fill(database_url(url, "store"))
    return url


async def _create(connection: Connection, *names: str) -> None:
    present = {row["datname"] for row in await connection.fetch("select datname from pg_database")}
    for name in names:
        if name not in present:
            await connection.execute(f"create database {name}")


async def _fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(_TABLE)
    rows = (
        (id, row["nickname"], row["about"], row["avatarUrl"]) for id in range(1, _ROWS + 1) for row in [profile(id)]
    )
    await connection.copy_records_to_table("profiles", records=rows)
    await connection.execute("analyze profiles")
    await connection.close()
