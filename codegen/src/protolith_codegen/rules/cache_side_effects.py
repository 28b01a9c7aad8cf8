"""cache-side-effects: only an rpc that declares NO_SIDE_EFFECTS, and answers once, is answered from memory."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Idempotency
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Caches on rpcs that must run, or that stream."""
    for method in contract.methods:
        if not method.options.said.HasField("cache"):
            continue
        if method.client_streaming or method.server_streaming:
            yield Problem(method.options.position("cache"), f"{method.name} streams, and streams are not cached: leave `cache` out")
        elif method.idempotency is not Idempotency.NO_SIDE_EFFECTS:
            mend = "add `option idempotency_level = NO_SIDE_EFFECTS;` if it has none, or leave `cache` out"
            yield Problem(method.options.position("cache"), f"{method.name} is cached and may have side effects: {mend}")
