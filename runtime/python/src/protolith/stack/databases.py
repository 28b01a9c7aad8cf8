"""Each service's own database: made where it is missing, and migrated by tern under tern's lock."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from protolith.database import Connection, database_url
from protolith.stack.binaries import built
from protolith.stack.child import output_of
from protolith.stack.waiting import until
from protolith.startup import StartError

# A file, because a URL on tern's command line would show its password to every user of the machine.
_CONFIG: Final = Path(__file__).parent / "tern.conf"


async def open_server(url: str, *, starting: bool) -> Connection:
    """A connection to the server's own database; one that is just `starting` is waited for. Raises StartError."""
    found: list[Connection] = []

    async def attempt() -> str:
        try:
            found.append(await asyncpg.connect(_maintenance(url), timeout=10))
        except (ConnectionError, asyncpg.CannotConnectNowError) as error:
            if not starting:
                raise
            return str(error)
        return ""

    try:
        await until("Postgres", attempt)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error) or "no answer"
        raise StartError(f"The database server at {_where(url)} (DATABASE_URL) cannot be used: {reason}") from None
    return found[0]


async def prepare_databases(connection: Connection, server: str, migrations: Mapping[str, Path], tools: Path) -> None:
    """Makes and migrates the database of every service in `migrations`. Raises StartError."""
    if migrations:
        await _create_missing(connection, [f"{service}_service" for service in migrations])
        tern = built(tools, "tern")
        work = [_migrate(tern, database_url(server, service), service, path) for service, path in migrations.items()]
        await asyncio.gather(*work)


async def _create_missing(connection: Connection, names: Iterable[str]) -> None:
    present = {row["datname"] for row in await connection.fetch("select datname from pg_database")}
    for name in names:
        if name in present:
            continue
        try:
            await connection.execute(f'create database "{name}"')
        except asyncpg.DuplicateDatabaseError:
            pass  # another runner on the same server was quicker
        except asyncpg.InsufficientPrivilegeError:
            raise StartError(f"The user of DATABASE_URL may not create databases: create {name} for it") from None


async def _migrate(tern: Path, url: str, service: str, folder: Path) -> None:
    environment = {**os.environ, "PROTOLITH_MIGRATE_URL": url}
    argv = (tern, "migrate", "--config", _CONFIG, "--migrations", folder)
    code, output = await output_of(argv, environment)
    if code:
        raise StartError(f"Migrating {service}_service failed:\n{output}")


def _maintenance(server: str) -> str:
    """Without a database in the URL, a client would look for one that has its user's name."""
    parts = urlsplit(server)
    return server if parts.path.strip("/") else urlunsplit(parts._replace(path="/postgres"))


def _where(server: str) -> str:
    parts = urlsplit(server)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
