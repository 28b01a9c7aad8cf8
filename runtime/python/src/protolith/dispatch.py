"""From bytes to bytes: parse, validate, run the handler, serialize; every failure leaves as an RpcError.

`bind` prepares all of it once, so that a call does nothing else. No engine and no transport is known here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from protolith import calls
from protolith.calls import AnswerStream, Handler
from protolith.context import Context
from protolith.generated import Method, Servicer
from protolith.handler_kind import require_kind
from protolith.suspension import can_suspend


@dataclass(frozen=True, slots=True)
class UnaryUnary:
    """`call` always works. `run` is there when the handler cannot suspend, and needs neither Task nor event loop."""

    method: Method[Any, Any]
    call: Callable[[bytes, Context], Awaitable[bytes]]
    run: Callable[[bytes, Context], bytes] | None


@dataclass(frozen=True, slots=True)
class UnaryStream:
    """`call` returns an async generator of answers; the engine closes it (`aclose`) when it stops early."""

    method: Method[Any, Any]
    call: Callable[[bytes, Context], AnswerStream]


@dataclass(frozen=True, slots=True)
class StreamUnary:
    """`call` takes an async iterator of the messages' bytes; it ends when the caller has sent the last."""

    method: Method[Any, Any]
    call: Callable[[AsyncIterator[bytes], Context], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class StreamStream:
    """As StreamUnary in, as UnaryStream out."""

    method: Method[Any, Any]
    call: Callable[[AsyncIterator[bytes], Context], AnswerStream]


BoundMethod: TypeAlias = UnaryUnary | UnaryStream | StreamUnary | StreamStream
"""One rpc of one handler, ready to be called with bytes. Everything it raises is RpcError or CancelledError."""


def bind(servicer: Servicer, *, validate_responses: bool = False) -> dict[str, BoundMethod]:
    """The bound methods of a servicer by path. Raises HandlerError, and RulesError for rules that do not compile."""
    return {
        method.path: bind_method(method, getattr(servicer, method.attribute), validate_responses=validate_responses)
        for method in servicer.SERVICE.methods
    }


def bind_method(method: Method[Any, Any], handler: Handler, *, validate_responses: bool = False) -> BoundMethod:
    """One rpc bound to its handler, a method of the servicer."""
    require_kind(method, handler)
    parse, serialize = calls.parser(method), calls.serializer(method, validate=validate_responses)
    match method.client_streaming, method.server_streaming:
        case False, False:
            run = None if can_suspend(handler) else calls.run(parse, handler, serialize, method.errors)
            return UnaryUnary(method, calls.unary_unary(parse, handler, serialize, method.errors), run)
        case False, True:
            return UnaryStream(method, calls.unary_stream(parse, handler, serialize, method.errors))
        case True, False:
            return StreamUnary(method, calls.stream_unary(parse, handler, serialize, method.errors))
        case _:
            return StreamStream(method, calls.stream_stream(parse, handler, serialize, method.errors))
