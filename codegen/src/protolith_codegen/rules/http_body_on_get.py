"""http-body-on-get: GET and DELETE carry no body."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Bodies where HTTP has none."""
    for method in contract.methods:
        for binding in method.bindings:
            if binding.body and binding.verb in ("GET", "DELETE"):
                told = f"{method.name} has a body, which {binding.verb} does not carry: leave `body` out"
                yield Problem(binding.written.position("body"), told)
