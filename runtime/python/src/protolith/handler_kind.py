"""Whether a handler method is the kind of `def` that its rpc needs, said at start instead of at the first call."""

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from protolith.generated import Method
from protolith.origin import origin
from protolith.startup import StartError


class HandlerError(StartError):
    """A handler method has the wrong kind of `def`; the text says where and what it must be."""


def require_kind(method: Method[Any, Any], handler: Callable[..., Any]) -> None:
    """Raise HandlerError for a generator where one answer is due, and for anything else where a stream is due."""
    function = inspect.unwrap(getattr(handler, "__func__", handler))
    if not isinstance(function, FunctionType) or function.__name__ != method.attribute:
        return  # decorated beyond recognition: the call itself will tell
    if method.server_streaming and inspect.iscoroutinefunction(function):
        raise _error(method, function, "answers with a stream: `yield` each answer (an async generator)")
    if not method.server_streaming and not inspect.iscoroutinefunction(function):
        raise _error(method, function, "answers once: make it `async def` and `return` the answer")


def _error(method: Method[Any, Any], function: FunctionType, what: str) -> HandlerError:
    return HandlerError(f"{origin(function)}: {function.__qualname__}: rpc {method.name} {what}")
