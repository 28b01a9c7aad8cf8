"""Unary rpcs: the same on every engine."""

import asyncio

import grpc
import pytest
from behaviour.echo.v1.echo_pb2 import (
    EchoLaterRequest,
    EchoLaterResponse,
    EchoRequest,
    EchoResponse,
    FailRequest,
    FailResponse,
    HiddenRequest,
    HiddenResponse,
    InspectRequest,
    InspectResponse,
    Nested,
)

from tests.behaviour.caller import Caller, details, violations


async def test_answers(echo: Caller) -> None:
    answer = await echo.unary("Echo", EchoRequest(text="héllo", payload=b"\0\xff", numbers=[1, 2]), EchoResponse)
    assert answer == EchoResponse(text="héllo", payload=b"\0\xff", numbers=[1, 2])


async def test_an_empty_request_and_answer(echo: Caller) -> None:
    assert await echo.unary("Echo", EchoRequest(), EchoResponse) == EchoResponse()


async def test_a_handler_that_awaits_in_groups_and_timeouts(echo: Caller) -> None:
    answer = await echo.unary("EchoLater", EchoLaterRequest(text="later", sleep_ms=5), EchoLaterResponse)
    assert answer.text == "later"


@pytest.mark.parametrize("size", [65_000, 65_535, 65_536, 65_537, 200_000, 3_900_000])
async def test_big_messages(echo: Caller, size: int) -> None:
    payload = bytes(i % 251 for i in range(1000)) * (size // 1000 + 1)
    answer = await echo.unary("Echo", EchoRequest(payload=payload[:size]), EchoResponse)
    assert answer.payload == payload[:size]


async def test_an_oversized_request_is_resource_exhausted(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Echo", EchoRequest(payload=bytes(5_000_000)), EchoResponse)
    assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_an_oversized_answer_is_resource_exhausted(echo: Caller) -> None:
    from behaviour.echo.v1.echo_pb2 import CountRequest, CountResponse

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in echo.server_stream("Count", CountRequest(count=1, size=5_000_000), CountResponse):
            pass
    assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_every_broken_rule_is_named(echo: Caller) -> None:
    request = EchoRequest(text="x" * 101, numbers=[1, -1, -2], nested=Nested(word="NO"))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Echo", request, EchoResponse)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert set(violations(caught.value)) == {"text", "numbers[1]", "numbers[2]", "nested.word"}


@pytest.mark.parametrize("data", [b"\x0a\x05ab", b"\x0a\x02\xff\xfe", b"\x08"])
async def test_what_cannot_be_decoded_is_invalid_argument(echo: Caller, data: bytes) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Echo", data, EchoResponse)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "EchoRequest" in str(caught.value.details())


async def test_unknown_fields_are_ignored(echo: Caller) -> None:
    data = EchoRequest(text="new").SerializeToString() + b"\xa2\x06\x03abc"
    assert (await echo.unary("Echo", data, EchoResponse)).text == "new"


async def test_an_error_carries_code_message_and_details(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Fail", FailRequest(code=9, message="nö, not now", reason="CLOSED"), FailResponse)
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert caught.value.details() == "nö, not now"
    assert [getattr(detail, "reason", None) for detail in details(caught.value)] == ["CLOSED"]


@pytest.mark.parametrize("code", range(1, 17))
async def test_every_code_arrives(echo: Caller, code: int) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Fail", FailRequest(code=code, message="why"), FailResponse)
    assert (caught.value.code().value[0], caught.value.details()) == (code, "why")


async def test_an_exception_is_internal_and_leaks_nothing(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Fail", FailRequest(message="a secret"), FailResponse)
    assert caught.value.code() == grpc.StatusCode.INTERNAL
    assert "secret" not in str(caught.value.details()) and "trace" in str(caught.value.details())


async def test_an_unknown_method_is_unimplemented(echo: Caller) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Nothing", EchoRequest(), EchoResponse)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_an_internal_rpc_answers_inside(echo: Caller) -> None:
    assert (await echo.unary("Hidden", HiddenRequest(), HiddenResponse)).text == "hidden"


@pytest.mark.parametrize("suspend", [False, True])
async def test_metadata_both_ways(echo: Caller, suspend: bool) -> None:
    request = InspectRequest(initial={"x-first": "1"}, trailing={"x-last": "2"}, suspend=suspend)
    call = echo.unary("Inspect", request, InspectResponse, metadata=(("x-a", "1"), ("x-a", "2"), ("x-b-bin", b"\0\1")))
    answer = await call
    assert sorted(answer.metadata) == ["x-a='1'", "x-a='2'", "x-b-bin=b'\\x00\\x01'"]
    assert dict(await call.initial_metadata())["x-first"] == "1"
    assert dict(await call.trailing_metadata())["x-last"] == "2"
    assert answer.method == "/behaviour.echo.v1.EchoService/Inspect"


@pytest.mark.parametrize("suspend", [False, True])
async def test_a_handler_is_in_a_task_of_its_own(echo: Caller, suspend: bool) -> None:
    answers = [await echo.unary("Inspect", InspectRequest(suspend=suspend), InspectResponse) for _ in range(3)]
    assert all(answer.in_task and not answer.leaked for answer in answers)


async def test_the_deadline_reaches_the_handler(echo: Caller) -> None:
    with_deadline = await echo.unary("Inspect", InspectRequest(), InspectResponse, timeout=30)
    without = await echo.unary("Inspect", InspectRequest(), InspectResponse)
    assert 0 < with_deadline.time_remaining < 31 and without.time_remaining == 0


async def test_mixed_calls_at_once(echo: Caller) -> None:
    async def one(number: int) -> str:
        if number % 5 == 0:
            request = EchoLaterRequest(text=str(number), sleep_ms=number % 7)
            return str((await echo.unary("EchoLater", request, EchoLaterResponse)).text)
        size = 100_000 if number % 11 == 0 else 10
        return str((await echo.unary("Echo", EchoRequest(text=str(number), payload=bytes(size)), EchoResponse)).text)

    assert await asyncio.gather(*map(one, range(2000))) == [str(number) for number in range(2000)]
