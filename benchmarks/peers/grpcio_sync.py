"""Bare grpcio on a pool of 8 threads. `grpcio_sync.py PORT`."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
from bench.user.v1 import user_pb2
from rules import broken


def create_user(request: user_pb2.CreateUserRequest, context: grpc.ServicerContext) -> user_pb2.CreateUserResponse:
    if problem := broken(request):
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
    user = user_pb2.User(id=1, nickname=request.nickname, about=request.about, avatar_url=request.avatar_url)
    return user_pb2.CreateUserResponse(user=user)


def list_users(
    request: user_pb2.ListUsersRequest, context: grpc.ServicerContext
) -> Iterator[user_pb2.ListUsersResponse]:
    if problem := broken(request):
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
    for id in range(request.count):
        user = user_pb2.User(id=id, nickname="alice_w", about="hello", avatar_url="https://cdn.example.com/a/1.png")
        yield user_pb2.ListUsersResponse(user=user)


server = grpc.server(ThreadPoolExecutor(8))
server.add_registered_method_handlers(
    "bench.user.v1.UserService",
    {
        "CreateUser": grpc.unary_unary_rpc_method_handler(
            create_user, user_pb2.CreateUserRequest.FromString, user_pb2.CreateUserResponse.SerializeToString
        ),
        "ListUsers": grpc.unary_stream_rpc_method_handler(
            list_users, user_pb2.ListUsersRequest.FromString, user_pb2.ListUsersResponse.SerializeToString
        ),
    },
)
server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
server.start()
server.wait_for_termination()
