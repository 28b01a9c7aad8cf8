"""Handlers that call the other service through its typed client, one kind of call each."""

from collections.abc import AsyncIterator, Awaitable, Callable

from behaviour.echo.v1.clients import EchoServiceClient
from behaviour.echo.v1.echo_pb2 import (
    CountRequest,
    EchoRequest,
    FailRequest,
    HangRequest,
    HiddenRequest,
    InspectRequest,
    SumRequest,
    TalkRequest,
)
from behaviour.fault.v1.clients import FaultServiceClient
from behaviour.fault.v1.errors import Closed, ThingTaken
from behaviour.fault.v1.fault_pb2 import FailLaterRequest, Fault
from behaviour.fault.v1.fault_pb2 import FailRequest as FaultRequest
from behaviour.relay.v1.relay_pb2 import RelayKind, RelayRequest, RelayResponse
from behaviour.relay.v1.servicers import RelayServiceBase
from protolith import Context
from protolith.errors import NotFound


class RelayService(RelayServiceBase):
    """Makes one call to EchoService or FaultService."""

    def __init__(self, echo: EchoServiceClient, fault: FaultServiceClient) -> None:
        self.echo = echo
        self.fault = fault
        self.kinds: dict[RelayKind.ValueType, Callable[[], Awaitable[str]]] = {
            RelayKind.RELAY_KIND_UNARY: self.unary,
            RelayKind.RELAY_KIND_SERVER_STREAM: self.server_stream,
            RelayKind.RELAY_KIND_CLIENT_STREAM: self.client_stream,
            RelayKind.RELAY_KIND_BIDI: self.bidi,
            RelayKind.RELAY_KIND_ERROR: self.error,
            RelayKind.RELAY_KIND_HANG: self.hang,
            RelayKind.RELAY_KIND_DEADLINE: self.deadline,
            RelayKind.RELAY_KIND_HIDDEN: self.hidden,
            RelayKind.RELAY_KIND_BIG: self.big,
            RelayKind.RELAY_KIND_DECLARED: self.declared,
            RelayKind.RELAY_KIND_DECLARED_LATER: self.declared_later,
            RelayKind.RELAY_KIND_NOT_CAUGHT: self.not_caught,
        }

    async def relay(self, request: RelayRequest, context: Context) -> RelayResponse:
        return RelayResponse(text=await self.kinds[request.kind]())

    async def unary(self) -> str:
        return (await self.echo.echo(EchoRequest(text="hello"))).text

    async def server_stream(self) -> str:
        return ",".join([str(each.number) async for each in self.echo.count(CountRequest(count=3))])

    async def client_stream(self) -> str:
        return str((await self.echo.sum(_numbers())).sum)

    async def bidi(self) -> str:
        return ",".join([each.text async for each in self.echo.talk(_words())])

    async def error(self) -> str:
        try:
            await self.echo.fail(FailRequest(code=5, message="not here", reason="GONE"))
        except NotFound as error:
            return f"{error.message} {[getattr(detail, 'reason', '') for detail in error.details]}"
        return "no error"

    async def hang(self) -> str:
        await self.echo.hang(HangRequest())
        return "came back"

    async def deadline(self) -> str:
        return str((await self.echo.inspect(InspectRequest())).time_remaining)

    async def hidden(self) -> str:
        return (await self.echo.hidden(HiddenRequest())).text

    async def big(self) -> str:
        return str(len((await self.echo.echo(EchoRequest(payload=bytes(3_000_000)))).payload))

    async def declared(self) -> str:
        try:
            await self.fault.fail(FaultRequest(fault=Fault.FAULT_LISTED, thing="it"))
        except ThingTaken as error:
            return f"{error.thing}, {error.owner}: {error.message} {[type(each).__name__ for each in error.details]}"
        return "no error"

    async def declared_later(self) -> str:
        answers = 0
        try:
            async for _ in self.fault.fail_later(FailLaterRequest(fault=Fault.FAULT_LISTED_BY_SERVICE)):
                answers += 1
        except Closed as error:
            return f"{answers}: {error}"
        return "no error"

    async def not_caught(self) -> str:
        await self.fault.fail(FaultRequest(fault=Fault.FAULT_LISTED, thing="a secret"))
        return "no error"


async def _numbers() -> AsyncIterator[SumRequest]:
    for number in range(1, 5):
        yield SumRequest(number=number)


async def _words() -> AsyncIterator[TalkRequest]:
    for text in ("a", "b"):
        yield TalkRequest(text=text)
