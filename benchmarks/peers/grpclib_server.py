"""grpclib on uvloop. `grpclib_server.py PORT`."""

import asyncio
import sys

import uvloop
from bench.user.v1 import user_pb2
from grpclib.const import Cardinality, Handler, Status
from grpclib.exceptions import GRPCError
from grpclib.server import Server, Stream
from rules import broken


class UserService:
    async def create_user(self, stream: Stream[user_pb2.CreateUserRequest, user_pb2.CreateUserResponse]) -> None:
        request = await stream.recv_message()
        if problem := broken(request):
            raise GRPCError(Status.INVALID_ARGUMENT, problem)
        user = user_pb2.User(id=1, nickname=request.nickname, about=request.about, avatar_url=request.avatar_url)
        await stream.send_message(user_pb2.CreateUserResponse(user=user))

    async def list_users(self, stream: Stream[user_pb2.ListUsersRequest, user_pb2.ListUsersResponse]) -> None:
        request = await stream.recv_message()
        if problem := broken(request):
            raise GRPCError(Status.INVALID_ARGUMENT, problem)
        for id in range(request.count):
            user = user_pb2.User(id=id, nickname="alice_w", about="hello", avatar_url="https://cdn.example.com/a/1.png")
            await stream.send_message(user_pb2.ListUsersResponse(user=user))

    def __mapping__(self) -> dict[str, Handler]:
        return {
            "/bench.user.v1.UserService/CreateUser": Handler(
                self.create_user, Cardinality.UNARY_UNARY, user_pb2.CreateUserRequest, user_pb2.CreateUserResponse
            ),
            "/bench.user.v1.UserService/ListUsers": Handler(
                self.list_users, Cardinality.UNARY_STREAM, user_pb2.ListUsersRequest, user_pb2.ListUsersResponse
            ),
        }


async def main(port: int) -> None:
    server = Server([UserService()])
    await server.start("127.0.0.1", port)
    await asyncio.Event().wait()


uvloop.run(main(int(sys.argv[1])))
