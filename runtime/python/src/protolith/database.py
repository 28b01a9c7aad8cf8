"""The pool of a service's own database, `<service>_service` on the server of DATABASE_URL. Plain SQL on asyncpg."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from protolith.settings import WorkerSettings
from protolith.startup import StartError

if TYPE_CHECKING:
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:  # asyncpg's classes are generic in its stubs only
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection

__all__ = ["Connection", "DatabaseError", "Pool", "database_url", "open_pool", "pool_size"]

_CONNECT_SECONDS: Final = 10
_CLOSE_SECONDS: Final = 5


class DatabaseError(StartError):
    """The database cannot be used; the text names server and database, never a password."""


def database_url(server: str, service: str) -> str:
    """The URL of a service's own database on a server, whatever database the server's URL names."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{service}_service"))


def pool_size(settings: WorkerSettings) -> int:
    """Connections of this worker: its share of the service's, at least one."""
    return max(1, settings.database_pool // settings.workers)


@asynccontextmanager
async def open_pool(settings: WorkerSettings, service: str) -> AsyncIterator[Pool]:
    """The pool while the body runs. One connection is made at once, so that a wrong address shows at start.

    Raises DatabaseError.
    """
    pool = await _connect(settings, service)
    try:
        yield pool
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(pool.close(), _CLOSE_SECONDS)
        pool.terminate()


async def _connect(settings: WorkerSettings, service: str) -> Pool:
    if not settings.database_url:
        raise DatabaseError(
            f"DATABASE_URL is not set: {service} needs its database, such as postgresql://user:password@127.0.0.1:5432"
        )
    url = database_url(settings.database_url, service)
    try:
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=pool_size(settings),
            init=_prepare,
            reset=_keep,
            timeout=_CONNECT_SECONDS,
            server_settings=_session(settings, service),
        )
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseError(_sentence(url, service, error)) from None


def _session(settings: WorkerSettings, service: str) -> dict[str, str]:
    return {
        "application_name": settings.worker_name or service,
        "statement_timeout": str(round(settings.database_statement_timeout * 1000)),
    }


async def _prepare(connection: Any) -> None:
    """Codecs, once a connection: json and jsonb are Python values."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=json.dumps, decoder=json.loads)


async def _keep(_connection: object) -> None:
    """No reset query on release: it costs a third of a small query. asyncpg itself still rolls back an open
    transaction; other session state (SET, LISTEN, temporary tables) must not be used."""


def _sentence(url: str, service: str, error: Exception) -> str:
    parts = urlsplit(url)
    where = f"database {service}_service at {parts.hostname or 'the local socket'}:{_port(url)}"
    match error:
        case asyncpg.InvalidCatalogNameError():
            return f"{where} does not exist: run `make migrate`"
        case asyncpg.InvalidAuthorizationSpecificationError():
            return f"{where} refuses the user or password of DATABASE_URL"
        case TimeoutError():
            return f"{where} does not answer within {_CONNECT_SECONDS} s: is DATABASE_URL right, and does it run?"
        case OSError():
            return f"{where} cannot be reached ({error.strerror or error}): is DATABASE_URL right, and does it run?"
        case _:
            return f"{where} cannot be used: {error}"


def _port(url: str) -> int | str:
    try:
        return urlsplit(url).port or 5432
    except ValueError:
        return "?"
