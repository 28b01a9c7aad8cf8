"""Errors as contract: what it declares arrives whole, anything else as INTERNAL. The same on every engine."""

import asyncio
import re

import grpc
import pytest
from behaviour.fault.v1.fault_pb2 import FailLaterRequest, FailLaterResponse, FailRequest, FailResponse, Fault
from google.rpc import error_details_pb2

from tests.behaviour.caller import Caller, details, violations

BOTH_WAYS = pytest.mark.parametrize("suspend", [False, True])
UNDECLARED = pytest.mark.parametrize("fault_kind", [Fault.FAULT_UNLISTED, Fault.FAULT_PLAIN, Fault.FAULT_BUG])
TAKEN = error_details_pb2.ErrorInfo(
    reason="THING_TAKEN", domain="behaviour.fault.v1", metadata={"thing": "chäir", "owner": "somebody"}
)


async def failed(
    fault: Caller, kind: Fault.ValueType, thing: str = "", *, suspend: bool = False
) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await fault.unary("Fail", FailRequest(fault=kind, thing=thing, suspend=suspend), FailResponse)
    return caught.value


async def failed_later(fault: Caller, kind: Fault.ValueType, thing: str = "") -> grpc.aio.AioRpcError:
    call = fault.server_stream("FailLater", FailLaterRequest(fault=kind, thing=thing), FailLaterResponse)
    assert await call.read() == FailLaterResponse()
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    return caught.value


def told(error: grpc.aio.AioRpcError) -> tuple[grpc.StatusCode, str | None, list[object]]:
    return error.code(), error.details(), [*details(error)]


@BOTH_WAYS
async def test_a_listed_error_arrives_with_code_message_and_error_info(fault: Caller, suspend: bool) -> None:
    error = await failed(fault, Fault.FAULT_LISTED, "chäir", suspend=suspend)
    assert told(error) == (grpc.StatusCode.ALREADY_EXISTS, "chäir is taken by somebody", [TAKEN])


async def test_a_listed_error_behind_an_answer_of_a_stream(fault: Caller) -> None:
    error = await failed_later(fault, Fault.FAULT_LISTED, "chäir")
    assert told(error) == (grpc.StatusCode.ALREADY_EXISTS, "chäir is taken by somebody", [TAKEN])


async def test_an_error_that_the_service_lists_for_its_rpcs(fault: Caller) -> None:
    info = error_details_pb2.ErrorInfo(reason="CLOSED", domain="behaviour.fault.v1")
    error = await failed(fault, Fault.FAULT_LISTED_BY_SERVICE)
    assert told(error) == (grpc.StatusCode.FAILED_PRECONDITION, "closed {for today}", [info])


@BOTH_WAYS
@UNDECLARED
async def test_what_is_not_declared_is_internal_and_tells_its_trace_id_alone(
    fault: Caller, fault_kind: Fault.ValueType, suspend: bool
) -> None:
    error = await failed(fault, fault_kind, "secret", suspend=suspend)
    assert_nothing_told(error)


@UNDECLARED
async def test_what_is_not_declared_behind_an_answer_of_a_stream(fault: Caller, fault_kind: Fault.ValueType) -> None:
    assert_nothing_told(await failed_later(fault, fault_kind, "secret"))


def assert_nothing_told(error: grpc.aio.AioRpcError) -> None:
    assert error.code() == grpc.StatusCode.INTERNAL
    assert re.fullmatch(r"internal error \(trace id [0-9a-f]{32}\)", str(error.details()))
    assert not dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")


async def test_the_trace_id_is_the_callers(fault: Caller) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    with pytest.raises(grpc.aio.AioRpcError, match=trace):
        await fault.unary(
            "Fail",
            FailRequest(fault=Fault.FAULT_BUG),
            FailResponse,
            metadata=(("traceparent", f"00-{trace}-b7ad6b7169203331-01"),),
        )


async def test_no_rpc_needs_to_list_a_bad_field_or_that_it_is_busy(fault: Caller) -> None:
    bad = await failed(fault, Fault.FAULT_INVALID_FIELD)
    assert (bad.code(), violations(bad)) == (grpc.StatusCode.INVALID_ARGUMENT, {"thing": "is not the right one"})
    busy = await failed(fault, Fault.FAULT_UNAVAILABLE)
    assert (busy.code(), busy.details()) == (grpc.StatusCode.UNAVAILABLE, "come again")


async def test_many_failures_at_once_keep_apart(fault: Caller) -> None:
    errors = await asyncio.gather(*(failed(fault, Fault.FAULT_LISTED, str(number)) for number in range(200)))
    assert [error.details() for error in errors] == [f"{number} is taken by somebody" for number in range(200)]
