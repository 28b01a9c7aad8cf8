"""Names that generated code can carry: packages that Python can import, no two rpcs with one Python name."""

import keyword
from collections.abc import Iterator

from protolith_codegen.model import Contract, Package
from protolith_codegen.problems import Problem
from protolith_codegen.source import CONTRACTS, Origin, Position


def check_names(contract: Contract) -> Iterator[Problem]:
    """Problems of packages' and rpcs' names."""
    for package in contract.packages:
        yield from _package(package)
        yield from _constants(package)


def _package(package: Package) -> Iterator[Problem]:
    for file in package.files:
        where = Position(f"{CONTRACTS}/{file}", 1, 1)
        if not package.name:
            yield Problem(where, "no package: begin with one, such as `package shop.cart.v1;`")
        if file.rpartition("/")[0] != package.go_folder:
            yield Problem(where, f"package {package.name} lies in {package.go_folder} too: keep it in one folder")
        for segment in {*package.name.split("."), *file.rpartition("/")[0].split("/")}:
            if keyword.iskeyword(segment):
                yield Problem(where, f"`{segment}` is a keyword of Python, which could not import it: choose another")


def _constants(package: Package) -> Iterator[Problem]:
    """Dispatch tables hold one constant a service and an rpc; classes hold one attribute an rpc."""
    taken: dict[str, str] = {}
    for service in package.services:
        named: list[tuple[str, str, Origin]] = [(service.constant, service.full_name, service.origin)]
        named += [(method.constant, method.full_name, method.origin) for method in service.methods]
        for constant, full_name, origin in named:
            other = taken.setdefault(constant, full_name)
            if other != full_name:
                yield Problem(origin.position, f"{full_name} and {other} have one name in Python: rename one")
