"""The store of profiles: plain SQL on user_service's own database; what fails is an error of the contract."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from messenger.user.v1 import errors
from protolith.database import Pool
from uuid_utils.compat import uuid7

_COLUMNS = "id, nickname, about, avatar_url, create_time, update_time"
# Sorts after every character that a nickname may hold.
_AFTER_ALL = "\x7f"


@dataclass(frozen=True, slots=True)
class Profile:
    """One row of profiles."""

    id: UUID
    nickname: str
    about: str
    avatar_url: str
    create_time: datetime
    update_time: datetime


class Profiles:
    """Profiles in Postgres."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def insert(self, nickname: str, about: str, avatar_url: str) -> Profile:
        """Store a new profile. Raises NicknameTaken, also when two callers race for the name."""
        row = await self._pool.fetchrow(
            f"insert into profiles (id, nickname, about, avatar_url) values ($1, $2, $3, $4)"
            f" on conflict on constraint profiles_nickname_key do nothing returning {_COLUMNS}",
            uuid7(),
            nickname,
            about,
            avatar_url,
        )
        if row is None:
            raise errors.NicknameTaken(nickname=nickname)
        return Profile(*row)

    async def update(
        self, id: str, nickname: str | None = None, about: str | None = None, avatar_url: str | None = None
    ) -> Profile:
        """Change what is not None. Raises UserNotFound and NicknameTaken."""
        try:
            row = await self._pool.fetchrow(
                f"update profiles set nickname = coalesce($2, nickname), about = coalesce($3, about),"
                f" avatar_url = coalesce($4, avatar_url), update_time = now() where id = $1 returning {_COLUMNS}",
                id,
                nickname,
                about,
                avatar_url,
            )
        except asyncpg.UniqueViolationError as error:
            raise errors.NicknameTaken(nickname=nickname or "") from error
        return _found(row, id)

    async def get(self, id: str) -> Profile:
        """One profile. Raises UserNotFound."""
        row = await self._pool.fetchrow(f"select {_COLUMNS} from profiles where id = $1", id)
        return _found(row, id)

    async def search(self, prefix: str, after: str, limit: int) -> list[Profile]:
        """At most `limit` profiles whose nickname begins with `prefix` and sorts after `after`, by nickname."""
        rows = await self._pool.fetch(
            f"select {_COLUMNS} from profiles where nickname >= $1 and nickname < $2 and nickname > $3"
            f" order by nickname limit $4",
            prefix,
            prefix + _AFTER_ALL,
            after,
            limit,
        )
        return [Profile(*row) for row in rows]


def _found(row: asyncpg.Record | None, id: str) -> Profile:
    if row is None:
        raise errors.UserNotFound(user_id=id)
    return Profile(*row)
