"""Errors as contract in the runtime: what passes, what becomes INTERNAL, what clients make of an ErrorInfo."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from google.rpc import error_details_pb2
from protolith import errors
from protolith.context import Context
from protolith.declared import is_declared, received
from protolith.dispatch import StreamStream, StreamUnary, UnaryStream, UnaryUnary, bind_method
from protolith.fields import invalid_field
from protolith.generated import DeclaredError, Method, rpc_errors
from protolith.testing import no_undeclared_errors
from protolith.undeclared import COUNTS, listeners

from tests.runtime.fakes import FakeContext
from tests.support import contracts

PB: Any = contracts.compile("""
package tests.declared.v1;
message Said { string text = 1; }
""")


class Taken(DeclaredError, rpc_errors.AlreadyExists):
    """As the generator writes it."""

    DOMAIN = "tests.declared.v1"
    REASON = "TAKEN"
    TEMPLATE = "{name} is taken by {owner}, {name}, {{not by me}}"
    name: str
    owner: str

    def __init__(self, *, name: str, owner: str) -> None:
        super().__init__(name=name, owner=owner)


class Closed(DeclaredError, rpc_errors.FailedPrecondition):
    """One without placeholders."""

    DOMAIN = "tests.declared.v1"
    REASON = "CLOSED"
    TEMPLATE = "closed"

    def __init__(self) -> None:
        super().__init__()


def rpc(listed: tuple[type[DeclaredError], ...] | None, client: bool, server: bool) -> Method[Any, Any]:
    return Method("tests.declared.v1.S", "Do", "do", PB.Said, PB.Said, client, server, errors=listed)


def info(**fields: Any) -> error_details_pb2.ErrorInfo:
    return error_details_pb2.ErrorInfo(**{"reason": "TAKEN", "domain": "tests.declared.v1", **fields})


async def outcome(error: Exception, listed: tuple[type[DeclaredError], ...] | None, kind: str) -> Exception:
    """What a handler's error becomes, in one of the kinds of rpc."""

    async def once(request: Any, context: Context) -> Any:
        raise error

    async def later(request: Any, context: Context) -> Any:
        await asyncio.sleep(0)
        raise error

    async def many(request: Any, context: Context) -> AsyncIterator[Any]:
        yield PB.Said()
        raise error

    async def nothing() -> AsyncIterator[bytes]:
        return
        yield b""

    client, server = kind in ("gather", "talk"), kind in ("many", "talk")
    method = rpc(listed, client, server)
    handler = {"run": once, "once": once, "later": later, "gather": later, "many": many, "talk": many}[kind]
    with pytest.raises(errors.RpcError) as caught:
        match bind_method(method, handler):
            case UnaryUnary(run=run) if run and kind == "run":
                run(b"", FakeContext())
            case UnaryUnary(call=call):
                await call(b"", FakeContext())
            case UnaryStream(call=stream):
                [each async for each in stream(b"", FakeContext())]
            case StreamUnary(call=gather):
                await gather(nothing(), FakeContext())
            case StreamStream(call=talk):
                [each async for each in talk(nothing(), FakeContext())]
    return caught.value


KINDS = pytest.mark.parametrize("kind", ["run", "once", "later", "gather", "many", "talk"])


@KINDS
async def test_a_listed_error_is_itself(kind: str) -> None:
    error = Taken(name="a", owner="b")
    assert await outcome(error, (Closed, Taken), kind) is error


@KINDS
@pytest.mark.parametrize("listed", [(), (Closed,), None])
async def test_an_error_that_is_not_listed_is_internal(kind: str, listed: Any) -> None:
    assert_hidden(await outcome(Taken(name="secret", owner="b"), listed, kind))


@KINDS
async def test_a_plain_error_is_internal_where_the_package_declares_errors(kind: str) -> None:
    assert_hidden(await outcome(errors.NotFound("secret"), (Taken,), kind))
    assert_hidden(await outcome(errors.NotFound("secret"), (), kind))


@KINDS
async def test_a_plain_error_passes_where_the_package_declares_none(kind: str) -> None:
    error = errors.NotFound("gone")
    assert await outcome(error, None, kind) is error


def assert_hidden(error: Exception) -> None:
    assert isinstance(error, errors.Internal)
    assert "secret" not in str(error) and error.details == ()


def test_what_no_rpc_needs_to_list() -> None:
    own = [invalid_field("a", "b"), errors.DeadlineExceeded(), errors.Cancelled(), errors.ResourceExhausted("big")]
    for error in [*own, errors.Unavailable()]:
        assert is_declared(error, ())
    others = (errors.Aborted(), errors.Unimplemented(), errors.Internal(), errors.PermissionDenied(), KeyError())
    assert not any(is_declared(error, ()) for error in others)


def test_another_services_verdict_on_our_request_is_not_told_to_our_caller() -> None:
    for ours in (errors.InvalidArgument("internal_field: …"), errors.ResourceExhausted("too big for the neighbour")):
        assert not is_declared(received(ours, None), ())
        assert is_declared(ours, None)
    for passed in (errors.Unavailable(), errors.DeadlineExceeded(), errors.Cancelled()):
        assert is_declared(received(passed, None), ())


def test_the_message_is_filled_in_and_the_values_are_told() -> None:
    error = Taken(name="a", owner="{name}")
    assert error.message == "a is taken by {name}, a, {not by me}"
    assert error.details == (info(metadata={"name": "a", "owner": "{name}"}),)
    assert (error.name, error.owner, error.code) == ("a", "{name}", errors.AlreadyExists.code)
    assert isinstance(error, errors.AlreadyExists)


def test_a_long_value_is_cut_on_the_wire_alone() -> None:
    error = Taken(name="x" * 501, owner="x" * 500)
    assert error.name == "x" * 501
    assert error.details == (info(metadata={"name": "x" * 499 + "…", "owner": "x" * 500}),)
    assert len(error.message) < 1600


def test_status_round_trip_gives_the_typed_error() -> None:
    back = received(errors.from_status(errors.to_status(Taken(name="a", owner="b"))), (Closed, Taken))
    assert isinstance(back, Taken)
    assert (back.name, back.owner, back.received) == ("a", "b", True)
    assert (back.message, back.details) == (Taken(name="a", owner="b").message, Taken(name="a", owner="b").details)


def test_an_older_or_newer_server_is_understood() -> None:
    details = (info(metadata={"name": "a", "more": "x"}), error_details_pb2.RetryInfo())
    back = received(errors.AlreadyExists("in other words", details), (Taken,))
    assert isinstance(back, Taken)
    assert (back.name, back.owner, back.message, back.details) == ("a", "", "in other words", details)


@pytest.mark.parametrize(
    "error",
    [
        errors.AlreadyExists("no details"),
        errors.NotFound("another code", [info()]),
        errors.AlreadyExists("another reason", [info(reason="GONE")]),
        errors.AlreadyExists("another domain", [info(domain="tests.other.v1")]),
    ],
    ids=lambda error: error.message,
)
def test_other_errors_stay_plain(error: errors.RpcError) -> None:
    assert received(error, (Taken, Closed)) is error
    assert received(error, None) is error


async def test_undeclared_errors_are_counted_and_logged_with_their_trace(capsys: pytest.CaptureFixture[str]) -> None:
    before = COUNTS["/tests.v1.FakeService/Call"]
    answer = await outcome(Closed(), (Taken,), "once")
    assert COUNTS["/tests.v1.FakeService/Call"] == before + 1
    logged = capsys.readouterr().out
    assert "undeclared error: the rpc does not list CLOSED of tests.declared.v1" in logged and "Traceback" in logged
    assert str(answer).split()[-1].rstrip(")") in logged


async def test_declared_errors_are_not_counted() -> None:
    before = COUNTS.total()
    await outcome(Taken(name="a", owner="b"), (Taken,), "once")
    assert COUNTS.total() == before


@pytest.fixture
def quiet() -> Iterator[None]:
    """Nobody listens before and after."""
    assert listeners == []
    yield
    assert listeners == []


async def test_the_test_helper_fails_on_undeclared_errors(quiet: None) -> None:
    told = r"FakeService/Call .*CLOSED of tests\.declared\.v1"
    with pytest.raises(AssertionError, match=told) as caught, no_undeclared_errors():
        await outcome(Closed(), (Taken,), "once")
    assert isinstance(caught.value.__cause__, Closed)
    with pytest.raises(AssertionError, match=r"KeyError\('bug'\)"), no_undeclared_errors():
        await outcome(KeyError("bug"), None, "later")


async def test_the_test_helper_is_silent_otherwise(quiet: None) -> None:
    with no_undeclared_errors():
        await outcome(Taken(name="a", owner="b"), (Taken,), "once")
    with pytest.raises(LookupError), no_undeclared_errors():
        raise LookupError
