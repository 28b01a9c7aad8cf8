"""The cases: `<case>/contracts` and `<case>/expected`, the files of generated/ that Protolith's own templates make."""

import functools
import tempfile
from pathlib import Path

from protolith_codegen.generate import generate
from protolith_codegen.project import open_project
from protolith_codegen.steps import Steps
from protolith_codegen.write import read_tree, write

from tests.support.project import make_project

HERE = Path(__file__).parent

OTHERS = (".pb.go", ".pb.gw.go", "_pb2.py", "_pb2.pyi", ".binpb")
"""Made by other people's plugins: compiled and type-checked, but not compared."""


def cases() -> list[str]:
    """Names of all cases."""
    return sorted(path.parent.name for path in HERE.glob("*/contracts"))


@functools.cache
def generated(case: str) -> dict[str, bytes]:
    """Everything that is generated for a case."""
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder) / "project", HERE / case / "contracts", case)
        return generate(open_project(project), Steps())[0]


def made(case: str) -> dict[str, bytes]:
    """What our templates make of a case."""
    return {name: data for name, data in generated(case).items() if not name.endswith(OTHERS)}


def expected(case: str) -> dict[str, bytes]:
    """What they must make of it."""
    return read_tree(HERE / case / "expected")


def write_expected(case: str, files: dict[str, bytes]) -> None:
    """Accept what is made."""
    write(files, HERE / case / "expected")
