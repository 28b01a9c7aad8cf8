"""error-unknown: an rpc lists errors that its package declares."""

import difflib
from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Names in `errors` that are no error of the package, told where they stand."""
    for package in contract.packages:
        known = {error.reason for error in package.errors}
        for method in package.methods:
            for place in method.options.all_places("errors"):
                for index, name in enumerate(place.options.errors):
                    if name not in known:
                        told = f"{package.name} declares no error {name}{_similar(name, known)}"
                        yield Problem(place.position("errors", index), told)


def _similar(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), 1)
    if close:
        return f": is it {close[0]}?"
    return f": it has {', '.join(sorted(known))}" if known else ": add an enum whose values have (protolith.v1.error)"
