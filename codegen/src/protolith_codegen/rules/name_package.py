"""name-package: a file has a package, which Python can import and which lies in one folder."""

import keyword
from collections.abc import Iterator

from protolith_codegen.model import Contract, Package
from protolith_codegen.problems import Problem
from protolith_codegen.source import CONTRACTS, Position


def check(contract: Contract) -> Iterator[Problem]:
    """Packages that generated code cannot carry."""
    for package in contract.packages:
        for file in package.files:
            for told in _wrong(package, file):
                yield Problem(Position(f"{CONTRACTS}/{file}", 1, 1), told)


def _wrong(package: Package, file: str) -> Iterator[str]:
    folder = file.rpartition("/")[0]
    if not package.name:
        yield "no package: begin with one, such as `package shop.cart.v1;`"
    if folder != package.go_folder:
        yield f"package {package.name} lies in {package.go_folder} too: keep it in one folder"
    for segment in sorted({*package.name.split("."), *folder.split("/")}):
        if keyword.iskeyword(segment):
            yield f"`{segment}` is a keyword of Python, which could not import it: choose another"
