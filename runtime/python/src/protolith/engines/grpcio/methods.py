"""Bound methods as grpc.aio method handlers: bytes in, bytes out, an RpcError becomes the call's status."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, NoReturn, TypeAlias

import grpc

from protolith.calls import AnswerStream
from protolith.context import CURRENT
from protolith.dispatch import BoundMethod, StreamStream, StreamUnary, UnaryStream, UnaryUnary
from protolith.engines.grpcio.context import GrpcioContext
from protolith.engines.grpcio.status import CODES, trailers
from protolith.errors import Cancelled, ResourceExhausted, RpcError

Rpc: TypeAlias = grpc.aio.ServicerContext[Any, Any]


def method_handler(bound: BoundMethod, max_bytes: int) -> "grpc.RpcMethodHandler[Any, Any]":
    """The grpc handler of one rpc; answers larger than `max_bytes` fail with RESOURCE_EXHAUSTED."""
    match bound:
        case UnaryUnary():
            return grpc.unary_unary_rpc_method_handler(_once(bound.method.path, bound.call, max_bytes))
        case StreamUnary():
            return grpc.stream_unary_rpc_method_handler(_once(bound.method.path, bound.call, max_bytes))
        case UnaryStream():
            return grpc.unary_stream_rpc_method_handler(_many(bound.method.path, bound.call, max_bytes))
        case StreamStream():
            return grpc.stream_stream_rpc_method_handler(_many(bound.method.path, bound.call, max_bytes))


def _once(path: str, call: Callable[[Any, GrpcioContext], Awaitable[bytes]], max_bytes: int) -> Callable[..., Any]:
    async def answer_once(request: bytes | AsyncIterator[bytes], rpc: Rpc) -> bytes:
        context = GrpcioContext(path, rpc)
        CURRENT.set(context)
        try:
            return _sized(await call(request, context), max_bytes)
        except RpcError as error:
            await _abort(error, context, rpc)
        except asyncio.CancelledError:
            await _abort(_own_cancellation(), context, rpc)

    return answer_once


def _many(path: str, call: Callable[[Any, GrpcioContext], AnswerStream], max_bytes: int) -> Callable[..., Any]:
    async def answer_many(request: bytes | AsyncIterator[bytes], rpc: Rpc) -> None:
        context = GrpcioContext(path, rpc)
        CURRENT.set(context)
        try:
            async with aclosing(call(request, context)) as answers:
                async for answer in answers:
                    await rpc.write(_sized(answer, max_bytes))
        except RpcError as error:
            await _abort(error, context, rpc)
        except asyncio.CancelledError:
            await _abort(_own_cancellation(), context, rpc)

    return answer_many


def _sized(answer: bytes, max_bytes: int) -> bytes:
    if len(answer) > max_bytes:
        raise ResourceExhausted(f"the answer has {len(answer)} bytes, the limit is {max_bytes}")
    return answer


def _own_cancellation() -> RpcError:
    """gRPC never answers a call whose handler raised CancelledError without being cancelled; we do."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    return Cancelled("the handler cancelled itself")


async def _abort(error: RpcError, context: GrpcioContext, rpc: Rpc) -> NoReturn:
    await rpc.abort(CODES[error.code], error.message, (*context.trailing, *trailers(error)))
