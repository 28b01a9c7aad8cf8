"""CPU µs a unary call costs the worker: `python -m benchmarks.micro.worker [calls]`. No host, no sockets.

Frames of a benchmark request are fed to a worker's connection in read batches; what it writes is counted and dropped.
`handler` is the floor: parse, validate, run, serialize, and nothing around it. `make bench` generates its messages.
"""

import asyncio
import importlib
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import uvloop
from protolith.context import Context
from protolith.dispatch import UnaryUnary, bind
from protolith.engines.host import frames, metadata
from protolith.engines.host.call import Call
from protolith.engines.host.connection import Connection
from protolith.generated import Method, Service, Servicer

sys.path.insert(0, str(Path(__file__).parents[1] / "generated" / "python"))
user_pb2: Any = importlib.import_module("bench.user.v1.user_pb2")

NAME = "bench.user.v1.UserService"
IN_PLACE: Method[Any, Any] = Method(
    NAME, "CreateUser", "create_user", user_pb2.CreateUserRequest, user_pb2.CreateUserResponse
)
STREAM: Method[Any, Any] = Method(
    NAME, "ListUsers", "list_users", user_pb2.ListUsersRequest, user_pb2.ListUsersResponse, server_streaming=True
)
TASK: Method[Any, Any] = Method(NAME, "Await", "create_later", user_pb2.CreateUserRequest, user_pb2.CreateUserResponse)
HELLO = b'{"protocol": 1, "max_message_bytes": 4194304, "credit": 262144, "methods": []}'
REQUEST: bytes = user_pb2.CreateUserRequest(
    email="ann@example.com",
    nickname="ann_of_cleves",
    about="I like long walks.",
    avatar_url="https://example.com/a.png",
).SerializeToString()
SENT = metadata.pack(
    (
        (":authority", "127.0.0.1:9090"),
        ("content-type", "application/grpc"),
        ("user-agent", "grpc-go/1.84.0"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    )
)


class Users(Servicer):
    """The handlers under measure: one that cannot suspend, one that could."""

    SERVICE = Service(NAME, (IN_PLACE, TASK, STREAM))

    async def create_user(self, request: Any, context: Context) -> Any:
        user = user_pb2.User(id=1, nickname=request.nickname, about=request.about, avatar_url=request.avatar_url)
        return user_pb2.CreateUserResponse(user=user)

    async def create_later(self, request: Any, context: Context) -> Any:
        if not request.nickname:
            await asyncio.sleep(0)
        return await self.create_user(request, context)

    async def list_users(self, request: Any, context: Context) -> AsyncIterator[Any]:
        for number in range(request.count):
            user = user_pb2.User(
                id=number, nickname="ann_of_cleves", about="hello", avatar_url="https://example.com/a.png"
            )
            yield user_pb2.ListUsersResponse(user=user)


class Sink:
    """A transport that counts."""

    size = 0

    def write(self, data: bytes) -> None:
        self.size += len(data)

    def is_closing(self) -> bool:
        return False


async def connection() -> tuple[Connection, Sink]:
    sink = Sink()
    made: Any = Connection(asyncio.get_running_loop())
    made.connection_made(sink)
    made.data_received(frames.hello(HELLO))
    made.serve("bench-0", list(bind(Users()).values()))
    await asyncio.sleep(0)
    return made, sink


async def measured(calls: int, batch: int, method: int, timeout_us: int, block: bytes) -> float:
    """CPU µs a call, for `calls` requests that come `batch` in a read, one read a turn of the loop."""
    loop = asyncio.get_running_loop()
    worker, sink = await connection()
    streams = range(1, 2 * batch, 2)
    read = b"".join(frames.request(each, frames.END, method, timeout_us, block, REQUEST) for each in streams)
    turns = calls // batch
    done = loop.create_future()

    def turn(left: int) -> None:
        if left:
            worker.data_received(read)
            loop.call_soon(turn, left - 1)
        else:
            done.set_result(None)

    before = sink.size
    start = time.process_time()
    loop.call_soon(turn, turns)
    await done
    spent = time.process_time() - start
    assert sink.size - before > turns * batch * 60
    return spent / (turns * batch) * 1e6


async def streamed(messages: int) -> float:
    """CPU µs a message of one answer stream with all the credit it wants."""
    loop = asyncio.get_running_loop()
    worker, sink = await connection()
    request = user_pb2.ListUsersRequest(count=messages).SerializeToString()
    start = time.process_time()
    loop.call_soon(worker.data_received, frames.request(1, frames.END, 2, 0, b"", request))
    sent = -1
    while sink.size != sent:
        sent = sink.size
        loop.call_soon(worker.data_received, frames.credit(1, 250_000))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert sent > messages * 60
    return (time.process_time() - start) / messages * 1e6


def handler(calls: int) -> float:
    bound = bind(Users())[IN_PLACE.path]
    assert isinstance(bound, UnaryUnary)
    assert bound.run is not None
    run: Callable[[bytes, Context], bytes] = bound.run
    link: Any = None
    start = time.process_time()
    for _ in range(calls):
        run(REQUEST, Call(link, 1, IN_PLACE.path, b"", 0))
    return (time.process_time() - start) / calls * 1e6


async def main(calls: int) -> None:
    print(f"{'case':38}{'CPU µs a call':>14}")
    print(f"{'handler (parse, validate, run, pack)':38}{handler(calls):14.2f}")
    for name, batch, method, timeout_us, block in (
        ("in place, one a read", 1, 0, 0, b""),
        ("in place, 32 a read", 32, 0, 0, b""),
        ("in place, 32, deadline and metadata", 32, 0, 5_000_000, SENT),
        ("Task, one a read", 1, 1, 0, b""),
        ("Task, 32 a read", 32, 1, 0, b""),
        ("Task, 32, deadline and metadata", 32, 1, 5_000_000, SENT),
    ):
        print(f"{name:38}{await measured(calls, batch, method, timeout_us, block):14.2f}")
    print(f"{'one message of an answer stream':38}{await streamed(calls):14.2f}")


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
