"""user_service: what the profiles' rpcs decide. Edit freely: `make gen` only adds methods that are missing."""

from messenger.user.v1.servicers import UserServiceBase
from messenger.user.v1.user_pb2 import (
    CreateUserRequest,
    CreateUserResponse,
    GetUserRequest,
    GetUserResponse,
    SearchUsersRequest,
    SearchUsersResponse,
    UpdateUserRequest,
    UpdateUserResponse,
    User,
)
from protolith import Context
from protolith.errors import AlreadyExists, NotFound
from protolith.fields import invalid_field
from protolith.masks import masked_changes
from protolith.paging import page_limit, page_position, page_token
from protolith.times import timestamp

from handlers.user.profiles import NicknameTakenError, Profile, Profiles

_MUTABLE = ("nickname", "about", "avatar_url")


class UserService(UserServiceBase):
    """The profiles of the messenger's users."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    async def create_user(self, request: CreateUserRequest, context: Context) -> CreateUserResponse:
        try:
            profile = await self._profiles.insert(request.nickname, request.about, request.avatar_url)
        except NicknameTakenError as error:
            raise _taken(request.nickname) from error
        return CreateUserResponse(user=_user(profile))

    async def update_user(self, request: UpdateUserRequest, context: Context) -> UpdateUserResponse:
        changes = masked_changes(request.user, request.update_mask, _MUTABLE)
        if not request.user.id:
            raise invalid_field("user.id", "which profile? it must be set")
        if changes.get("nickname") == "":
            raise invalid_field("user.nickname", "a profile cannot be without one")
        try:
            profile = await self._profiles.update(request.user.id, **changes)
        except NicknameTakenError as error:
            raise _taken(request.user.nickname) from error
        return UpdateUserResponse(user=_found(profile, request.user.id))

    async def get_user(self, request: GetUserRequest, context: Context) -> GetUserResponse:
        return GetUserResponse(user=_found(await self._profiles.get(request.user_id), request.user_id))

    async def search_users(self, request: SearchUsersRequest, context: Context) -> SearchUsersResponse:
        query, limit = (request.nickname,), page_limit(request.page_size)
        (after,) = page_position(request.page_token, query, ("",))
        found = await self._profiles.search(request.nickname, str(after), limit + 1)
        page = found[:limit]
        more = page_token(query, page[-1].nickname) if len(found) > limit else ""
        return SearchUsersResponse(users=[_user(profile) for profile in page], next_page_token=more)


def _user(profile: Profile) -> User:
    return User(
        id=str(profile.id),
        nickname=profile.nickname,
        about=profile.about,
        avatar_url=profile.avatar_url,
        create_time=timestamp(profile.create_time),
        update_time=timestamp(profile.update_time),
    )


def _found(profile: Profile | None, user_id: str) -> User:
    if profile is None:
        raise NotFound(f"there is no user {user_id}")
    return _user(profile)


def _taken(nickname: str) -> AlreadyExists:
    return AlreadyExists(f"the nickname {nickname} is taken: choose another")
