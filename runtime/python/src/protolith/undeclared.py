"""What becomes of an error that no contract declares: logged in full, counted, and told only by its trace id."""

from collections import Counter
from collections.abc import Callable
from typing import Final, TypeAlias

import structlog

from protolith.context import Context
from protolith.declared import DeclaredError
from protolith.errors import Internal, RpcError
from protolith.validation import BrokenAnswer

Listener: TypeAlias = Callable[[str, Exception], None]
"""Told the method's path and the error."""

COUNTS: Final[Counter[str]] = Counter()
"""How many there were in this process, by the method's path. Only grows."""

listeners: Final[list[Listener]] = []


def undeclared(error: Exception, context: Context) -> RpcError:
    """The answer in its place."""
    COUNTS[context.method] += 1
    told = {"fields": error.fields} if isinstance(error, BrokenAnswer) else {"exc_info": error}
    structlog.get_logger("protolith").error(_what(error), method=context.method, trace_id=context.trace_id, **told)
    for listener in listeners:
        listener(context.method, error)
    return Internal(f"internal error (trace id {context.trace_id})")


def _what(error: Exception) -> str:
    if isinstance(error, DeclaredError):
        return f"undeclared error: the rpc does not list {error.REASON} of {error.DOMAIN} among its errors"
    if isinstance(error, BrokenAnswer):
        return "the answer breaks its own rules"
    if isinstance(error, RpcError):
        return f"undeclared error: {error.code.name}: the contract has no such error for the rpc"
    return f"undeclared error: the handler raised {type(error).__name__}"
