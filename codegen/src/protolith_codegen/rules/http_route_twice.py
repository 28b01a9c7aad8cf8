"""http-route-twice: no two rpcs answer one route."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem
from protolith_codegen.rules.routes import routes


def check(contract: Contract) -> Iterator[Problem]:
    """Routes that an rpc before has taken."""
    taken: dict[tuple[str, str], str] = {}
    for method, binding, template in routes(contract):
        other = taken.setdefault((binding.verb, template.shape), method.full_name)
        if other != method.full_name:
            route = f"{binding.verb} {template.shape}"
            yield Problem(binding.position, f"{method.full_name} and {other} have one route, {route}: change one")
