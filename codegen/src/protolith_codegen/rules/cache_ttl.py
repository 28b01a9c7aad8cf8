"""cache-ttl: a cache says how long an answer is fresh."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Caches without a ttl."""
    for method in contract.methods:
        said = method.options.said
        if said.HasField("cache") and not said.cache.HasField("ttl"):
            told = f"{method.name} is cached and does not say how long: add `ttl: {{seconds: 30}}`"
            yield Problem(method.options.position("cache"), told)
