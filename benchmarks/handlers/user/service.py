"""The same work as in peers/: what is measured is the way to it and back."""

from collections.abc import AsyncIterator

from bench.user.v1.servicers import UserServiceBase
from bench.user.v1.user_pb2 import CreateUserRequest, CreateUserResponse, ListUsersRequest, ListUsersResponse, User
from protolith import Context


class UserService(UserServiceBase):
    """Answers what it was asked for."""

    async def create_user(self, request: CreateUserRequest, context: Context) -> CreateUserResponse:
        user = User(id=1, nickname=request.nickname, about=request.about, avatar_url=request.avatar_url)
        return CreateUserResponse(user=user)

    async def list_users(self, request: ListUsersRequest, context: Context) -> AsyncIterator[ListUsersResponse]:
        for id in range(request.count):
            user = User(id=id, nickname="alice_w", about="hello", avatar_url="https://cdn.example.com/a/1.png")
            yield ListUsersResponse(user=user)
