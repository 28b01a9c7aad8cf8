"""A small service with all four kinds of rpc, its handler, and a typed client, as generated code would have them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from protolith import errors
from protolith.generated import Client, Context, Servicer

from tests.support import contracts

PB: Any = contracts.compile("""
package tests.echo.v1;
import "buf/validate/validate.proto";
message Said {
  string text = 1 [(buf.validate.field).string.max_len = 5000000];
  int32 times = 2 [(buf.validate.field).int32.gte = 0];
}
message Plain { string text = 1; bytes data = 2; }
service EchoService {
  rpc Once(Said) returns (Plain);
  rpc Many(Said) returns (stream Plain);
  rpc Gather(stream Said) returns (Plain);
  rpc Talk(stream Said) returns (stream Plain);
  rpc Wait(Plain) returns (Plain);
}
""")
SERVICE = contracts.service(PB, "EchoService")
ONCE, MANY, GATHER, TALK, WAIT = SERVICE.methods


class EchoHandler(Servicer):
    """Echoes; the text chooses how a call fails."""

    SERVICE = SERVICE

    def __init__(self) -> None:
        self.waiting = asyncio.Event()
        self.cancelled = asyncio.Event()
        self.remaining: float | None = None

    async def once(self, request: Any, context: Context) -> Any:
        if request.text == "gone":
            raise errors.NotFound("it is gone", [PB.Plain(text="detail")])
        if request.text == "bug":
            raise KeyError("secret")
        if request.text == "cancel":
            raise asyncio.CancelledError
        context.set_trailing_metadata([("x-trailing", context.metadata.text("x-sent")), ("x-raw-bin", b"\x00\xff")])
        await context.send_initial_metadata({"x-initial": ["a", "b"]})
        return PB.Plain(text=request.text * max(1, request.times))

    async def many(self, request: Any, context: Context) -> AsyncIterator[Any]:
        for number in range(request.times):
            yield PB.Plain(text=f"{request.text}{number}")
        if request.text == "gone":
            raise errors.NotFound("it is gone")
        if request.text == "cancel":
            raise asyncio.CancelledError

    async def gather(self, requests: AsyncIterator[Any], context: Context) -> Any:
        return PB.Plain(text=",".join([each.text async for each in requests]))

    async def talk(self, requests: AsyncIterator[Any], context: Context) -> AsyncIterator[Any]:
        async for each in requests:
            yield PB.Plain(text=each.text)

    async def wait(self, request: Any, context: Context) -> Any:
        self.remaining = context.time_remaining()
        self.waiting.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise


class EchoClient(Client):
    """The typed client."""

    SERVICE = SERVICE

    async def once(self, request: Any, **options: Any) -> Any:
        return await self._channel.unary_unary(ONCE, request, **options)

    async def wait(self, request: Any, **options: Any) -> Any:
        return await self._channel.unary_unary(WAIT, request, **options)

    def many(self, request: Any, **options: Any) -> AsyncIterator[Any]:
        return self._channel.unary_stream(MANY, request, **options)

    async def gather(self, requests: Any, **options: Any) -> Any:
        return await self._channel.stream_unary(GATHER, requests, **options)

    def talk(self, requests: Any, **options: Any) -> AsyncIterator[Any]:
        return self._channel.stream_stream(TALK, requests, **options)
