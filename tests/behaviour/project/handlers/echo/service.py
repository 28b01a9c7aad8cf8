"""Handlers that do what a test asks for, so that the tests can see what an engine carries."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextvars import ContextVar

from behaviour.echo.v1.echo_pb2 import (
    BlockRequest,
    BlockResponse,
    CancelledRequest,
    CancelledResponse,
    CountRequest,
    CountResponse,
    CrashRequest,
    CrashResponse,
    EchoLaterRequest,
    EchoLaterResponse,
    EchoRequest,
    EchoResponse,
    FailRequest,
    FailResponse,
    HangRequest,
    HangResponse,
    HiddenRequest,
    HiddenResponse,
    InspectRequest,
    InspectResponse,
    JudgeRequest,
    JudgeResponse,
    SumRequest,
    SumResponse,
    TalkRequest,
    TalkResponse,
)
from behaviour.echo.v1.servicers import EchoServiceBase
from google.rpc.error_details_pb2 import ErrorInfo
from protolith import Context
from protolith.codes import Code
from protolith.errors import Aborted, rpc_error
from protolith.settings import WorkerSettings

_SEEN: ContextVar[bool] = ContextVar("seen", default=False)


class EchoService(EchoServiceBase):
    """Does what it is asked for."""

    def __init__(self) -> None:
        self.cancelled_calls = 0
        self.hung_calls = 0

    async def echo(self, request: EchoRequest, context: Context) -> EchoResponse:
        return EchoResponse(text=request.text, payload=request.payload, numbers=request.numbers)

    async def judge(self, request: JudgeRequest, context: Context) -> JudgeResponse:
        return JudgeResponse(answer=request.answer)

    async def echo_later(self, request: EchoLaterRequest, context: Context) -> EchoLaterResponse:
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(request.sleep_ms / 1000))
        return EchoLaterResponse(text=request.text)

    async def fail(self, request: FailRequest, context: Context) -> FailResponse:
        if request.code == 0:
            raise RuntimeError(request.message)
        details = (ErrorInfo(reason=request.reason, domain="behaviour"),) if request.reason else ()
        raise rpc_error(Code(request.code), request.message, details)

    async def count(self, request: CountRequest, context: Context) -> AsyncIterator[CountResponse]:
        number = 0
        try:
            while request.count == 0 or number < request.count:
                number += 1
                yield CountResponse(number=number, payload=bytes(request.size))
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled_calls += 1
            raise
        if request.fail:
            raise Aborted("counted enough")

    async def sum(self, requests: AsyncIterator[SumRequest], context: Context) -> SumResponse:
        response = SumResponse()
        async for request in requests:
            response.sum += request.number
            response.count += 1
        return response

    async def talk(self, requests: AsyncIterator[TalkRequest], context: Context) -> AsyncIterator[TalkResponse]:
        async for request in requests:
            yield TalkResponse(text=request.text.upper())

    async def inspect(self, request: InspectRequest, context: Context) -> InspectResponse:
        if request.suspend:
            await asyncio.sleep(0)
        leaked = _SEEN.get()
        _SEEN.set(True)
        if request.initial:
            await context.send_initial_metadata(dict(request.initial))
        context.set_trailing_metadata(dict(request.trailing))
        return InspectResponse(
            method=context.method,
            metadata=[f"{key}={value!r}" for key, value in context.metadata if key.startswith("x-")],
            time_remaining=context.time_remaining() or 0,
            in_task=asyncio.current_task() is not None,
            leaked=leaked,
            pid=os.getpid(),
            unwanted_modules=[name for name in ("grpc", "grpc_tools") if name in sys.modules],
            workers=WorkerSettings().workers,
        )

    async def hang(self, request: HangRequest, context: Context) -> HangResponse:
        self.hung_calls += 1
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled_calls += 1
            raise
        return HangResponse()

    async def cancelled(self, request: CancelledRequest, context: Context) -> CancelledResponse:
        return CancelledResponse(count=self.cancelled_calls, hung=self.hung_calls)

    async def crash(self, request: CrashRequest, context: Context) -> CrashResponse:
        os._exit(3)

    async def block(self, request: BlockRequest, context: Context) -> BlockResponse:
        time.sleep(request.seconds)
        return BlockResponse()

    async def hidden(self, request: HiddenRequest, context: Context) -> HiddenResponse:
        return HiddenResponse(text="hidden")
