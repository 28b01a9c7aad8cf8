"""A service on well-known types, so that a worker needs no generated code: each method is one behaviour to look at."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar

from google.protobuf.wrappers_pb2 import BytesValue, Int64Value, StringValue
from protolith import errors
from protolith.context import Context
from protolith.generated import Method, Service, Servicer

NAME = "tests.host.v1.ProbeService"
SEEN: ContextVar[str] = ContextVar("seen", default="nobody")


def rpc(name: str, attribute: str, *, client: bool = False, server: bool = False) -> Method[StringValue, StringValue]:
    return Method(NAME, name, attribute, StringValue, StringValue, client, server)


ECHO = rpc("Echo", "echo")
ECHO_LATER = rpc("EchoLater", "echo_later")
BIG = Method(NAME, "Big", "big", Int64Value, BytesValue)
BIG_LATER = Method(NAME, "BigLater", "big_later", Int64Value, BytesValue)
MEASURE = Method(NAME, "Measure", "measure", BytesValue, Int64Value)
FAIL = rpc("Fail", "fail")
CRASH = rpc("Crash", "crash")
HANG = rpc("Hang", "hang")
SURROUNDINGS = rpc("Surroundings", "surroundings")
SURROUNDINGS_LATER = rpc("SurroundingsLater", "surroundings_later")
CANCEL_SELF = rpc("CancelSelf", "cancel_self")
CANCEL_SELF_LATER = rpc("CancelSelfLater", "cancel_self_later")
METADATA = rpc("Metadata", "metadata")
METADATA_LATER = rpc("MetadataLater", "metadata_later")
TIMEOUT = rpc("Timeout", "timeout")
GROUP = rpc("Group", "group")
COUNT = Method(NAME, "Count", "count", Int64Value, Int64Value, server_streaming=True)
BLOCKS = Method(NAME, "Blocks", "blocks", Int64Value, BytesValue, server_streaming=True)
GATHER = rpc("Gather", "gather", client=True)
SLOW_GATHER = Method(NAME, "SlowGather", "slow_gather", BytesValue, Int64Value, client_streaming=True)
FIRST = rpc("First", "first", client=True)
TALK = rpc("Talk", "talk", client=True, server=True)

METHODS = tuple(value for value in list(vars().values()) if isinstance(value, Method))
SERVICE = Service(NAME, METHODS)


def note_surroundings(name: str) -> str:
    """What code deep below a handler may ask of its surroundings, without the handler's code showing it."""
    task = asyncio.current_task()
    assert task is not None
    before = SEEN.get()
    SEEN.set(name)
    task.set_name(name)
    return f"{before} {task.get_name()} {task.done()} {task.cancelled()} {task.cancelling()}"


class Probe(Servicer):
    """What the handlers note is in `events`; `release` lets the waiting ones go on."""

    SERVICE = SERVICE

    def __init__(self) -> None:
        self.events: asyncio.Queue[str] = asyncio.Queue()
        self.release = asyncio.Event()
        self.sent = 0
        self.tasks: list[asyncio.Future[object]] = []

    async def echo(self, request: StringValue, context: Context) -> StringValue:
        return request

    async def echo_later(self, request: StringValue, context: Context) -> StringValue:
        await asyncio.sleep(0)
        return request

    async def big(self, request: Int64Value, context: Context) -> BytesValue:
        return BytesValue(value=bytes(request.value))

    async def big_later(self, request: Int64Value, context: Context) -> BytesValue:
        await asyncio.sleep(0)
        return BytesValue(value=bytes(request.value))

    async def measure(self, request: BytesValue, context: Context) -> Int64Value:
        return Int64Value(value=len(request.value))

    async def fail(self, request: StringValue, context: Context) -> StringValue:
        raise errors.NotFound(f"no {request.value}", [StringValue(value="detail")])

    async def crash(self, request: StringValue, context: Context) -> StringValue:
        raise KeyError(request.value)

    async def hang(self, request: StringValue, context: Context) -> StringValue:
        await self.events.put(f"started {request.value}")
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            await self.events.put(f"cancelled {request.value}")
            raise
        return request

    async def surroundings(self, request: StringValue, context: Context) -> StringValue:
        self.remember_task()
        return StringValue(value=note_surroundings(request.value))

    async def surroundings_later(self, request: StringValue, context: Context) -> StringValue:
        await asyncio.sleep(0)
        self.remember_task()
        return StringValue(value=note_surroundings(request.value))

    def remember_task(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.add_done_callback(lambda ended: self.events.put_nowait(f"done {ended.done()} {ended.cancelled()}"))
        self.tasks.append(task)

    async def cancel_self(self, request: StringValue, context: Context) -> StringValue:
        self.cancel_current()
        return request

    async def cancel_self_later(self, request: StringValue, context: Context) -> StringValue:
        self.cancel_current()
        await asyncio.sleep(0)
        return request

    def cancel_current(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()

    async def metadata(self, request: StringValue, context: Context) -> StringValue:
        return self.show_metadata(context)

    async def metadata_later(self, request: StringValue, context: Context) -> StringValue:
        await context.send_initial_metadata({"x-initial": ["a", "b"]})
        return self.show_metadata(context)

    def show_metadata(self, context: Context) -> StringValue:
        context.set_trailing_metadata([("x-trailing", "t"), ("x-raw-bin", b"\x00\xff")])
        return StringValue(value=repr(context.metadata.pairs) + context.method)

    async def timeout(self, request: StringValue, context: Context) -> StringValue:
        try:
            async with asyncio.timeout(0.001):
                await asyncio.Event().wait()
        except TimeoutError:
            return StringValue(value="timed out")
        return request

    async def group(self, request: StringValue, context: Context) -> StringValue:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(asyncio.sleep(0, "one"))
            second = group.create_task(asyncio.sleep(0, "two"))
        failed = ""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.raising())
                await asyncio.Event().wait()
        except* ValueError:
            failed = "failed"
        return StringValue(value=f"{first.result()} {second.result()} {failed}")

    async def raising(self) -> None:
        raise ValueError

    async def count(self, request: Int64Value, context: Context) -> AsyncIterator[Int64Value]:
        try:
            for number in range(request.value):
                yield Int64Value(value=number)
                self.sent += 1
        finally:
            await self.events.put("count closed")

    async def blocks(self, request: Int64Value, context: Context) -> AsyncIterator[BytesValue]:
        try:
            while True:
                yield BytesValue(value=bytes(request.value))
                self.sent += 1
        finally:
            await self.events.put("blocks closed")

    async def gather(self, requests: AsyncIterator[StringValue], context: Context) -> StringValue:
        return StringValue(value=",".join([each.value async for each in requests]))

    async def slow_gather(self, requests: AsyncIterator[BytesValue], context: Context) -> Int64Value:
        await self.release.wait()
        return Int64Value(value=sum([len(each.value) async for each in requests]))

    async def first(self, requests: AsyncIterator[StringValue], context: Context) -> StringValue:
        async for request in requests:
            return request
        return StringValue(value="none")

    async def talk(self, requests: AsyncIterator[StringValue], context: Context) -> AsyncIterator[StringValue]:
        async for each in requests:
            yield StringValue(value=each.value.upper())
