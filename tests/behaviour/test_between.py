"""Calls between services through typed clients: the same on every engine."""

import grpc
import pytest
from behaviour.relay.v1.relay_pb2 import RelayKind, RelayRequest, RelayResponse

from tests.behaviour.caller import Caller, details

EXPECTED = {
    RelayKind.RELAY_KIND_UNARY: "hello",
    RelayKind.RELAY_KIND_SERVER_STREAM: "1,2,3",
    RelayKind.RELAY_KIND_CLIENT_STREAM: "10",
    RelayKind.RELAY_KIND_BIDI: "A,B",
    RelayKind.RELAY_KIND_ERROR: "not here ['GONE']",
    RelayKind.RELAY_KIND_HIDDEN: "hidden",
    RelayKind.RELAY_KIND_BIG: "3000000",
    RelayKind.RELAY_KIND_DECLARED: "it, somebody: it is taken by somebody ['ErrorInfo']",
    RelayKind.RELAY_KIND_DECLARED_LATER: "1: FAILED_PRECONDITION: closed {for today}",
}


@pytest.mark.parametrize("kind", EXPECTED, ids=RelayKind.Name)
async def test_a_handler_calls_another_service(relay: Caller, kind: RelayKind.ValueType) -> None:
    assert (await relay.unary("Relay", RelayRequest(kind=kind), RelayResponse)).text == EXPECTED[kind]


async def test_the_deadline_travels_on(relay: Caller) -> None:
    request = RelayRequest(kind=RelayKind.RELAY_KIND_DEADLINE)
    answer = await relay.unary("Relay", request, RelayResponse, timeout=20)
    assert 0 < float(answer.text) < 21


async def test_a_hanging_neighbour_ends_with_the_callers_deadline(relay: Caller) -> None:
    request = RelayRequest(kind=RelayKind.RELAY_KIND_HANG)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await relay.unary("Relay", request, RelayResponse, timeout=0.3)
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


async def test_a_neighbours_error_that_is_not_caught_is_nobodys_business(relay: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await relay.unary("Relay", RelayRequest(kind=RelayKind.RELAY_KIND_NOT_CAUGHT), RelayResponse)
    assert caught.value.code() == grpc.StatusCode.INTERNAL
    assert "secret" not in str(caught.value.details()) and details(caught.value) == []
