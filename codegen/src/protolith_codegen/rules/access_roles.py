"""access-roles: a decision for roles names at least one, each once."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Role decisions that let nobody in, or name a role twice."""
    for method in contract.methods:
        if method.options.access != "roles":
            continue
        roles = list(method.options.said.access.roles.any_of)
        where = method.options.position("access", "roles")
        if not all(roles) or not roles:
            yield Problem(where, f'{method.name} is for roles and names none: add `any_of: ["admin"]`')
        if len(set(roles)) < len(roles):
            yield Problem(where, f"{method.name} names a role twice")
