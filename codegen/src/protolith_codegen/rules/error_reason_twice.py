"""error-reason-twice: in a package each reason is one error, because clients tell errors by reason and package."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Errors whose reason, or class, another error of the package has."""
    for package in contract.packages:
        taken: dict[str, str] = {}
        for error in package.errors:
            other = taken.setdefault(error.class_name, error.value)
            if other != error.value:
                told = f"{error.value} and {other} have one reason in {package.name}, {error.reason}: rename one"
                yield Problem(error.origin.position, told)
