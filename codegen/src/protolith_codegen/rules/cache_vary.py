"""cache-vary: what an answer varies by are fields of the request."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Names in `vary` that are no field."""
    for method in contract.methods:
        for index, name in enumerate(method.options.said.cache.vary):
            if contract.find_field(name, method.request.full_name) is None:
                told = f"vary of {method.name}: {method.request.full_name} has no field {name}"
                yield Problem(method.options.position("cache", "vary", index), told)
