"""Typed clients inside handlers: protolith.generated.Channel over the host's egress."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from google.protobuf.message import DecodeError, Message

from protolith.codes import Code
from protolith.engines.host import frames
from protolith.engines.host.egress import Egress, EgressCall
from protolith.errors import Internal
from protolith.generated import Method, Req, Resp
from protolith.metadata import MetadataLike
from protolith.outgoing import call_metadata, call_timeout


class HostChannel:
    """Calls through the host; all channels share one connection. Implements protolith.generated.Channel."""

    def __init__(self, egress: Egress) -> None:
        self.egress = egress

    async def unary_unary(
        self,
        method: Method[Req, Resp],
        request: Req,
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> Resp:
        data = request.SerializeToString()
        with self._open(method, data, timeout, metadata) as call:
            await _send_whole(call, data)
            return await _only(method, call)

    async def unary_stream(
        self,
        method: Method[Req, Resp],
        request: Req,
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> AsyncGenerator[Resp, None]:
        data = request.SerializeToString()
        with self._open(method, data, timeout, metadata) as call:
            await _send_whole(call, data)
            async for data in call.answers:
                yield _parse(method, data)

    async def stream_unary(
        self,
        method: Method[Req, Resp],
        requests: AsyncIterable[Req],
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> Resp:
        async with self._many(method, requests, timeout, metadata) as call:
            return await _only(method, call)

    async def stream_stream(
        self,
        method: Method[Req, Resp],
        requests: AsyncIterable[Req],
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> AsyncGenerator[Resp, None]:
        async with self._many(method, requests, timeout, metadata) as call:
            async for data in call.answers:
                yield _parse(method, data)

    async def close(self) -> None:
        """Nothing: the connection belongs to the engine."""

    @asynccontextmanager
    async def _many(
        self,
        method: Method[Any, Any],
        requests: AsyncIterable[Message],
        timeout: float | None,
        metadata: MetadataLike | None,
    ) -> AsyncIterator[EgressCall]:
        """A call whose requests go out beside the reading of answers; what `requests` raises ends the call."""
        failures: list[Exception] = []
        with self._open(method, None, timeout, metadata) as call:
            pump = asyncio.create_task(_pump(call, requests, failures))
            try:
                yield call
            except Exception:
                if failures:
                    raise failures[0] from None
                raise
            finally:
                pump.cancel()
                await asyncio.wait([pump])

    def _open(
        self, method: Method[Any, Any], first: bytes | None, timeout: float | None, metadata: MetadataLike | None
    ) -> EgressCall:
        """Begin the call, with `first` as its only request if it fits in the opening frame."""
        whole = first if first is None or len(first) <= frames.PIECE else None
        call = self.egress.open(method.path, call_metadata(metadata), call_timeout(timeout), whole)
        call.errors = method.errors
        return call


async def _send_whole(call: EgressCall, data: bytes) -> None:
    """The only request of a call, where it was too big for the opening frame."""
    if len(data) > frames.PIECE:
        await call.sender.send(data, frames.END)


async def _pump(call: EgressCall, requests: AsyncIterable[Message], failures: list[Exception]) -> None:
    try:
        async for request in requests:
            if call.done:
                return
            await call.sender.send(request.SerializeToString())
        call.sender.half_close()
    except Exception as error:
        failures.append(error)
        call.cancel(Code.CANCELLED, Internal("the stream of requests failed"))


async def _only(method: Method[Any, Resp], call: EgressCall) -> Resp:
    """The one answer of a call that is over with it."""
    data = await call.answers.get()
    if data is None or await call.answers.get() is not None:
        raise Internal(f"{method.path} must answer exactly once")
    return _parse(method, data)


def _parse(method: Method[Any, Resp], data: bytes) -> Resp:
    try:
        return method.response.FromString(data)
    except DecodeError as error:
        raise Internal(f"the answer of {method.path} cannot be decoded: {error}") from None
