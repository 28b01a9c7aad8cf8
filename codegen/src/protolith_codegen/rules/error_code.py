"""error-code: each value of an error enum has a gRPC code, and not OK."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Errors without a code."""
    for package in contract.packages:
        for error in package.errors:
            if error.said is None:
                paste = '[(protolith.v1.error) = {code: FAILED_PRECONDITION message: "…"}]'
                yield Problem(error.origin.position, f"{error.value} is in an error enum and no error: add `{paste}`")
            elif error.code == "OK":
                told = f"{error.value} has no gRPC code: add `code: FAILED_PRECONDITION`, or the one that fits"
                yield Problem(error.said.position("code"), told)
