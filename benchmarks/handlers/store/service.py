"""The same query as in peers/profiles.py, on the runtime's pool."""

from bench.store.v1.servicers import StoreServiceBase
from bench.store.v1.store_pb2 import GetProfileRequest, GetProfileResponse, Profile
from protolith import Context
from protolith.database import Pool
from protolith.errors import NotFound

_QUERY = "select id, nickname, about, avatar_url from profiles where id = $1"


class StoreService(StoreServiceBase):
    """Reads profiles."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get_profile(self, request: GetProfileRequest, context: Context) -> GetProfileResponse:
        row = await self._pool.fetchrow(_QUERY, request.id)
        if row is None:
            raise NotFound("no such profile")
        id, nickname, about, avatar_url = row
        return GetProfileResponse(profile=Profile(id=id, nickname=nickname, about=about, avatar_url=avatar_url))
