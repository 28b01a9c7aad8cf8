"""connectrpc as an ASGI application, on its own messages: served by pyvoy (gRPC) and uvicorn (Connect JSON)."""

import asyncio
from collections.abc import AsyncIterator

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.request import RequestContext
from gen.connect.bench.user.v1.user_connect import UserService, UserServiceASGIApplication
from gen.connect.bench.user.v1.user_pb import (
    CreateUserRequest,
    CreateUserResponse,
    ListUsersRequest,
    ListUsersResponse,
    User,
)
from protobuf import Message
from protovalidate import Validator

_collect = Validator().collect_violations


def check(message: Message) -> None:
    if found := _collect(message):
        text = "; ".join(f"{each.proto.field.elements[0].field_name}: {each.proto.message}" for each in found)
        raise ConnectError(Code.INVALID_ARGUMENT, text)


class Users(UserService):
    async def create_user(self, request: CreateUserRequest, ctx: RequestContext) -> CreateUserResponse:
        check(request)
        user = User(id=1, nickname=request.nickname, about=request.about, avatar_url=request.avatar_url)
        return CreateUserResponse(user=user)

    async def list_users(self, request: ListUsersRequest, ctx: RequestContext) -> AsyncIterator[ListUsersResponse]:
        check(request)
        for id in range(request.count):
            user = User(id=id, nickname="alice_w", about="hello", avatar_url="https://cdn.example.com/a/1.png")
            yield ListUsersResponse(user=user)


async def service() -> AsyncIterator[Users]:
    # pyvoy completes a receive() that connectrpc has cancelled; without this every call would log a traceback.
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    yield Users()


app = UserServiceASGIApplication(service(), compressions=())
