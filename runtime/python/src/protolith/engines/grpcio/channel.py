"""A client's channel on grpc.aio: typed messages in and out, deadline and trace of the calling handler passed on."""

from collections.abc import AsyncGenerator, AsyncIterable
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from protolith.engines.grpcio.sending import sending
from protolith.engines.grpcio.status import from_grpc
from protolith.errors import Internal
from protolith.generated import Method, Req, Resp
from protolith.metadata import MetadataLike
from protolith.outgoing import call_metadata, call_timeout


class GrpcioChannel:
    """Connections to one target. Implements protolith.generated.Channel."""

    def __init__(self, target: str, max_bytes: int) -> None:
        options = [("grpc.max_receive_message_length", max_bytes)]
        self._channel = grpc.aio.insecure_channel(target, options=options)
        self._callables: dict[str, Any] = {}

    async def unary_unary(
        self,
        method: Method[Req, Resp],
        request: Req,
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> Resp:
        try:
            call = self._callable(method)(request.SerializeToString(), **_options(timeout, metadata))
            return _parse(method, await call)
        except grpc.aio.AioRpcError as error:
            raise from_grpc(error, method.errors) from None

    async def unary_stream(
        self,
        method: Method[Req, Resp],
        request: Req,
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> AsyncGenerator[Resp, None]:
        call = self._callable(method)(request.SerializeToString(), **_options(timeout, metadata))
        try:
            async for data in call:
                yield _parse(method, data)
        except grpc.aio.AioRpcError as error:
            raise from_grpc(error, method.errors) from None
        finally:
            call.cancel()

    async def stream_unary(
        self,
        method: Method[Req, Resp],
        requests: AsyncIterable[Req],
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> Resp:
        call = self._callable(method)(**_options(timeout, metadata))
        try:
            async with sending(call, requests):
                return _parse(method, await call)
        except grpc.aio.AioRpcError as error:
            raise from_grpc(error, method.errors) from None

    async def stream_stream(
        self,
        method: Method[Req, Resp],
        requests: AsyncIterable[Req],
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> AsyncGenerator[Resp, None]:
        call = self._callable(method)(**_options(timeout, metadata))
        try:
            async with sending(call, requests):
                while (data := await call.read()) is not grpc.aio.EOF:
                    yield _parse(method, data)
        except grpc.aio.AioRpcError as error:
            raise from_grpc(error, method.errors) from None
        finally:
            call.cancel()

    async def close(self) -> None:
        """End calls in flight and the connections."""
        await self._channel.close()

    def _callable(self, method: Method[Any, Any]) -> Any:
        """grpc's callable of the method, made once; without serializers it takes and gives bytes."""
        known = self._callables.get(method.path)
        if known is None:
            kind = f"{_NAMES[method.client_streaming]}_{_NAMES[method.server_streaming]}"
            known = self._callables[method.path] = getattr(self._channel, kind)(method.path)
        return known


_NAMES = {False: "unary", True: "stream"}


def _options(timeout: float | None, metadata: MetadataLike | None) -> dict[str, Any]:
    return {"timeout": call_timeout(timeout), "metadata": call_metadata(metadata)}


def _parse(method: Method[Any, Resp], data: bytes) -> Resp:
    try:
        return method.response.FromString(data)
    except DecodeError as error:
        raise Internal(f"the answer of {method.path} cannot be decoded: {error}") from None
