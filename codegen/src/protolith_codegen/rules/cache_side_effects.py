"""cache-side-effects: only an rpc that declares NO_SIDE_EFFECTS, and answers once, is answered from memory."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Idempotency, Method
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Caches on rpcs that must run, or that stream."""
    for method in contract.methods:
        wrong = _wrong(method) if method.options.said.HasField("cache") else ""
        if wrong:
            yield Problem(method.options.position("cache"), f"{method.name} {wrong}, or leave `cache` out")


def _wrong(method: Method) -> str:
    if method.client_streaming or method.server_streaming:
        return "streams, and streams are not cached: answer once"
    if method.idempotency is not Idempotency.NO_SIDE_EFFECTS:
        return "is cached and may have side effects: add `option idempotency_level = NO_SIDE_EFFECTS;` if it has none"
    return ""
