"""Contract rules that generating relies on: model in, problems out. Nothing here prints or raises."""

from protolith_codegen.check.names import check_names
from protolith_codegen.check.routes import check_routes
from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> list[Problem]:
    """Every problem of the contract, sorted by position."""
    return sorted((*check_names(contract), *check_routes(contract)))


__all__ = ["check"]
