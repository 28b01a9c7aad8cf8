"""Whether a handler can suspend, read from its bytecode: one that cannot needs no asyncio Task to run in.

When in doubt the answer is yes: a Task is always right, only slower.
"""

import dis
from collections.abc import Callable, Iterator
from inspect import CO_COROUTINE
from types import CodeType, FunctionType, MethodType
from typing import Any, Final

_AWAITS: Final = frozenset(
    ("SEND", "GET_AWAITABLE", "GET_AITER", "GET_ANEXT", "BEFORE_ASYNC_WITH", "END_ASYNC_FOR", "YIELD_VALUE")
)
# Names whose use means that the code wants the Task it runs in, or works on contextvars, although it never awaits.
_WANTS_TASK: Final = frozenset(
    ("current_task", "timeout", "timeout_at", "TaskGroup", "create_task", "ensure_future", "gather", "ContextVar")
)


def can_suspend(handler: Callable[..., Any]) -> bool:
    """False only for a plain `async def` method or function without an await point."""
    function = handler.__func__ if isinstance(handler, MethodType) else handler
    if not isinstance(function, FunctionType) or hasattr(function, "__wrapped__"):
        return True
    code = function.__code__
    if not code.co_flags & CO_COROUTINE:
        return True
    return any(part.opname in _AWAITS for part in dis.get_instructions(code)) or any(
        not _WANTS_TASK.isdisjoint(inner.co_names) for inner in _codes(code)
    )


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code object and those nested in it (comprehensions, inner functions)."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
