"""The pool of a service's own database, on a real Postgres; and one sentence for each way it can be away."""

import asyncio
import socket
from urllib.parse import urlsplit

import asyncpg
import pytest
from protolith import database
from protolith.database import DatabaseError, database_url, open_pool, pool_size
from protolith.settings import WorkerSettings


@pytest.fixture
async def server(postgres: str) -> str:
    """The server, with the database `pool_service` on it."""
    connection = await asyncpg.connect(postgres)
    if not await connection.fetchval("select count(*) from pg_database where datname = 'pool_service'"):
        await connection.execute("create database pool_service")
    await connection.close()
    return postgres


def settings(url: str, **more: object) -> WorkerSettings:
    return WorkerSettings.model_validate({"DATABASE_URL": url, **more})


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ("postgresql://u:p@host:5433", "postgresql://u:p@host:5433/user_service"),
        ("postgresql://host/postgres?sslmode=disable", "postgresql://host/user_service?sslmode=disable"),
    ],
)
def test_each_service_has_its_own_database(server: str, url: str) -> None:
    assert database_url(server, "user") == url


@pytest.mark.parametrize(("budget", "workers", "share"), [(10, 1, 10), (10, 3, 3), (2, 5, 1)])
def test_workers_share_the_budget(budget: int, workers: int, share: int) -> None:
    assert pool_size(WorkerSettings(database_pool=budget, workers=workers)) == share


async def test_session_and_codecs(server: str) -> None:
    async with open_pool(settings(server, worker_name="pool-0", database_statement_timeout="1m"), "pool") as pool:
        assert await pool.fetchval("select current_database()") == "pool_service"
        assert await pool.fetchval("show application_name") == "pool-0"
        assert await pool.fetchval("show statement_timeout") == "1min"
        assert await pool.fetchval("select $1::jsonb", {"a": [1, None]}) == {"a": [1, None]}
        assert await pool.fetchval("select '[1]'::json") == [1]


async def test_statement_timeout_holds(server: str) -> None:
    async with open_pool(settings(server, database_statement_timeout="50ms"), "pool") as pool:
        with pytest.raises(asyncpg.QueryCanceledError):
            await pool.execute("select pg_sleep(60)")


async def test_the_pool_never_grows_beyond_its_share(server: str) -> None:
    async with open_pool(settings(server, database_pool=4, workers=2), "pool") as pool:
        pids = await asyncio.gather(*(pool.fetchval("select pg_backend_pid() from pg_sleep(0.02)") for _ in range(8)))
        assert len(set(pids)) == 2


async def test_an_open_transaction_does_not_outlive_its_holder(server: str) -> None:
    async with open_pool(settings(server, database_pool=1), "pool") as pool:
        async with pool.acquire() as connection:
            await connection.execute("begin")
            await connection.execute("create table leaked ()")
        assert await pool.fetchval("select to_regclass('leaked')") is None


async def test_closing_gives_up_on_connections_that_are_held(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_CLOSE_SECONDS", 0.05)
    async with open_pool(settings(server), "pool") as pool:
        connection = await pool.acquire()
    with pytest.raises(asyncpg.InterfaceError):
        await connection.fetchval("select 1")


async def refusal(url: str, service: str = "pool") -> str:
    with pytest.raises(DatabaseError) as caught:
        async with open_pool(settings(url), service):
            pass
    assert (urlsplit(url).password or "nothing") not in str(caught.value)
    return str(caught.value)


async def test_no_such_database(server: str) -> None:
    assert (await refusal(server, "absent")).endswith("does not exist: run `make migrate`")


async def test_wrong_password(server: str) -> None:
    wrong = server.replace(str(urlsplit(server).password), "hunter2")
    assert "refuses the user or password of DATABASE_URL" in await refusal(wrong)


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert f"database pool_service at 127.0.0.1:{port} cannot be reached" in await refusal(
        f"postgresql://u:secret@127.0.0.1:{port}"
    )


async def test_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_CONNECT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert "does not answer within" in await refusal(f"postgresql://u:secret@127.0.0.1:{port}?sslmode=disable")


@pytest.mark.parametrize("url", ["mysql://u:secret@host", "postgresql://u:secret@host:port"])
async def test_not_a_url_of_postgres(url: str) -> None:
    assert "cannot be used" in await refusal(url)


async def test_url_not_set() -> None:
    assert (await refusal("")).startswith("DATABASE_URL is not set: pool needs its database")
