"""Bare grpcio on asyncio. `grpcio_aio.py PORT`."""

import asyncio
import sys
from collections.abc import AsyncIterator

import grpc
import uvloop
from bench.store.v1 import store_pb2
from bench.user.v1 import user_pb2
from profiles import QUERY, open_pool
from rules import broken


async def create_user(
    request: user_pb2.CreateUserRequest, context: grpc.aio.ServicerContext
) -> user_pb2.CreateUserResponse:
    if problem := broken(request):
        await context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
    user = user_pb2.User(id=1, nickname=request.nickname, about=request.about, avatar_url=request.avatar_url)
    return user_pb2.CreateUserResponse(user=user)


async def list_users(
    request: user_pb2.ListUsersRequest, context: grpc.aio.ServicerContext
) -> AsyncIterator[user_pb2.ListUsersResponse]:
    if problem := broken(request):
        await context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
    for id in range(request.count):
        user = user_pb2.User(id=id, nickname="alice_w", about="hello", avatar_url="https://cdn.example.com/a/1.png")
        yield user_pb2.ListUsersResponse(user=user)


async def main(port: str) -> None:
    pool = await open_pool()

    async def get_profile(
        request: store_pb2.GetProfileRequest, context: grpc.aio.ServicerContext
    ) -> store_pb2.GetProfileResponse:
        if problem := broken(request):
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
        row = await pool.fetchrow(QUERY, request.id)
        if row is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such profile")
        id, nickname, about, avatar_url = row
        profile = store_pb2.Profile(id=id, nickname=nickname, about=about, avatar_url=avatar_url)
        return store_pb2.GetProfileResponse(profile=profile)

    server = grpc.aio.server()
    server.add_registered_method_handlers(
        "bench.user.v1.UserService",
        {
            "CreateUser": grpc.unary_unary_rpc_method_handler(
                create_user,
                user_pb2.CreateUserRequest.FromString,
                user_pb2.CreateUserResponse.SerializeToString,
            ),
            "ListUsers": grpc.unary_stream_rpc_method_handler(
                list_users, user_pb2.ListUsersRequest.FromString, user_pb2.ListUsersResponse.SerializeToString
            ),
        },
    )
    server.add_registered_method_handlers(
        "bench.store.v1.StoreService",
        {
            "GetProfile": grpc.unary_unary_rpc_method_handler(
                get_profile,
                store_pb2.GetProfileRequest.FromString,
                store_pb2.GetProfileResponse.SerializeToString,
            )
        },
    )
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


(asyncio.run if sys.argv[2:] == ["asyncio"] else uvloop.run)(main(sys.argv[1]))
