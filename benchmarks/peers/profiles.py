"""The table that the database cases read, with the same pool and the same query for every Python peer."""

import os

import asyncpg

QUERY = "select id, nickname, about, avatar_url from profiles where id = $1"


async def _keep(connection: asyncpg.Connection) -> None:
    # The runtime leaves out asyncpg's reset query too: without this the peers would do more work than we do.
    return None


async def open_pool() -> asyncpg.Pool | None:
    """Ten connections to DATABASE_URL; None where it is not set, as in the cases without a database."""
    url = os.environ.get("DATABASE_URL")
    return await asyncpg.create_pool(url, min_size=10, max_size=10, reset=_keep) if url else None
