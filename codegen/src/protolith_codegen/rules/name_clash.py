"""name-clash: no two rpcs or services of a package have one name in Python."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Package
from protolith_codegen.problems import Problem
from protolith_codegen.source import Origin


def check(contract: Contract) -> Iterator[Problem]:
    """Dispatch tables hold one constant a service and an rpc; classes hold one attribute an rpc."""
    for package in contract.packages:
        taken: dict[str, str] = {}
        for constant, full_name, origin in _named(package):
            other = taken.setdefault(constant, full_name)
            if other != full_name:
                yield Problem(origin.position, f"{full_name} and {other} have one name in Python: rename one")


def _named(package: Package) -> Iterator[tuple[str, str, Origin]]:
    for service in package.services:
        yield service.constant, service.full_name, service.origin
        for method in service.methods:
            yield method.constant, method.full_name, method.origin
