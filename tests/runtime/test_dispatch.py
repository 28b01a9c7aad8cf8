"""Bytes in, bytes out: parse, validate, run, serialize, and every failure an RpcError."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from protolith import errors
from protolith.context import Context
from protolith.dispatch import StreamStream, StreamUnary, UnaryStream, UnaryUnary, bind, bind_method
from protolith.generated import Servicer
from protolith.handler_kind import HandlerError

from tests.runtime.fakes import FakeContext
from tests.support import contracts

PB: Any = contracts.compile("""
package tests.dispatch.v1;
import "buf/validate/validate.proto";
message Ruled { string text = 1 [(buf.validate.field).string.max_len = 8]; }
message Plain { string text = 1; }
service KindsService {
  rpc Once(Ruled) returns (Plain);
  rpc Many(Ruled) returns (stream Plain);
  rpc Gather(stream Ruled) returns (Plain);
  rpc Talk(stream Ruled) returns (stream Plain);
}
""")
SERVICE = contracts.service(PB, "KindsService")
ONCE, MANY, GATHER, TALK = SERVICE.methods


class Kinds(Servicer):
    """`text` chooses what happens."""

    SERVICE = SERVICE

    def __init__(self) -> None:
        self.closed = 0

    async def once(self, request: Any, context: Context) -> Any:
        match request.text:
            case "gone":
                raise errors.NotFound("gone")
            case "bug":
                raise KeyError("secret")
            case "wrong":
                return request
            case _:
                return PB.Plain(text=request.text)

    async def many(self, request: Any, context: Context) -> AsyncIterator[Any]:
        try:
            yield PB.Plain(text="1")
            yield await self.once(request, context)
        finally:
            self.closed += 1

    async def gather(self, requests: AsyncIterator[Any], context: Context) -> Any:
        return await self.once(PB.Ruled(text="".join([each.text async for each in requests])), context)

    async def talk(self, requests: AsyncIterator[Any], context: Context) -> AsyncIterator[Any]:
        async for each in requests:
            yield await self.once(each, context)


def ruled(text: str) -> bytes:
    data: bytes = PB.Ruled(text=text).SerializeToString()
    return data


async def stream(*texts: str) -> AsyncIterator[bytes]:
    for text in texts:
        yield ruled(text)


async def outcome(path: str, *texts: str) -> list[str]:
    """Call one of the four kinds; the answers' texts."""
    match bind(Kinds())[path]:
        case UnaryUnary(call=call):
            answers = [await call(ruled(texts[0]), FakeContext())]
        case UnaryStream(call=many):
            answers = [each async for each in many(ruled(texts[0]), FakeContext())]
        case StreamUnary(call=gather):
            answers = [await gather(stream(*texts), FakeContext())]
        case StreamStream(call=talk):
            answers = [each async for each in talk(stream(*texts), FakeContext())]
    return [PB.Plain.FromString(each).text for each in answers]


KINDS = pytest.mark.parametrize("path", [each.path for each in SERVICE.methods], ids=["once", "many", "gather", "talk"])


async def test_four_kinds() -> None:
    assert await outcome(ONCE.path, "a") == ["a"]
    assert await outcome(MANY.path, "a") == ["1", "a"]
    assert await outcome(GATHER.path, "a", "b") == ["ab"]
    assert await outcome(TALK.path, "a", "b") == ["a", "b"]


@KINDS
async def test_broken_rules_never_reach_the_handler(path: str) -> None:
    with pytest.raises(errors.InvalidArgument, match="invalid Ruled: text: "):
        await outcome(path, "bug, and too long")


@KINDS
async def test_errors_of_the_handler_are_themselves(path: str) -> None:
    with pytest.raises(errors.NotFound, match="gone"):
        await outcome(path, "gone")


@KINDS
@pytest.mark.parametrize("text", ["bug", "wrong"])
async def test_other_failures_are_internal_and_only_logged(
    path: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(errors.Internal, match=r"^INTERNAL: internal error \(trace id ([0-9a-f]{32})\)$") as caught:
        await outcome(path, text)
    logged = capsys.readouterr().out
    assert str(caught.value).split()[-1].rstrip(")") in logged
    assert ("secret" if text == "bug" else "answered Ruled, not Plain") in logged


async def test_undecodable_bytes_say_what_the_decoder_knows() -> None:
    bound = bind(Kinds())[ONCE.path]
    assert isinstance(bound, UnaryUnary)
    with pytest.raises(errors.InvalidArgument, match=r"not a valid tests\.dispatch\.v1\.Ruled: .*UTF-8"):
        await bound.call(b"\x0a\x02\xff\xfe", FakeContext())


async def test_unknown_fields_are_ignored() -> None:
    bound = bind(Kinds())[ONCE.path]
    assert isinstance(bound, UnaryUnary)
    assert PB.Plain.FromString(await bound.call(ruled("a") + b"\x78\x01", FakeContext())).text == "a"


def test_a_handler_that_cannot_suspend_runs_without_a_loop() -> None:
    bound = bind(Kinds())[ONCE.path]
    assert isinstance(bound, UnaryUnary)
    assert bound.run is not None
    assert PB.Plain.FromString(bound.run(ruled("a"), FakeContext())).text == "a"
    for text, kind in (("gone", errors.NotFound), ("bug", errors.Internal), ("wrong", errors.Internal)):
        with pytest.raises(kind):
            bound.run(ruled(text), FakeContext())
    with pytest.raises(errors.InvalidArgument):
        bound.run(ruled("much too long"), FakeContext())


def test_a_handler_that_can_suspend_has_no_run() -> None:
    async def once(request: Any, context: Context) -> Any:
        return await asyncio.sleep(0, request)

    bound = bind_method(ONCE, once)
    assert isinstance(bound, UnaryUnary)
    assert bound.run is None


async def test_closing_a_stream_closes_the_handlers_generator() -> None:
    handler = Kinds()
    bound = bind(handler)[MANY.path]
    assert isinstance(bound, UnaryStream)
    answers = bound.call(ruled("a"), FakeContext())
    await anext(answers)
    assert handler.closed == 0
    await answers.aclose()
    assert handler.closed == 1


async def test_cancellation_passes_through() -> None:
    async def once(request: Any, context: Context) -> Any:
        await asyncio.Event().wait()

    bound = bind_method(ONCE, once)
    assert isinstance(bound, UnaryUnary)
    call = asyncio.ensure_future(bound.call(ruled("a"), FakeContext()))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


def test_a_generator_where_one_answer_is_due() -> None:
    async def once(request: Any, context: Context) -> AsyncIterator[Any]:
        yield request

    with pytest.raises(HandlerError, match=r"test_dispatch\.py:\d+: .*once: rpc Once answers once"):
        bind_method(ONCE, once)


def test_a_return_where_a_stream_is_due() -> None:
    async def many(request: Any, context: Context) -> Any:
        return request

    with pytest.raises(HandlerError, match=r"test_dispatch\.py:\d+: .*many: rpc Many answers with a stream: `yield`"):
        bind_method(MANY, many)
