"""Broken contracts, and what is shown of them: `<case>.proto` and `<case>.txt`."""

import tempfile
from pathlib import Path

from protolith_codegen.cli import app
from typer.testing import CliRunner

from tests.support.project import make_project

CASES = sorted(Path(__file__).parent.glob("*.proto"))


def shown(case: Path) -> tuple[int, str]:
    """Exit code and standard error of generating from a case. Nothing may have been written."""
    with tempfile.TemporaryDirectory() as folder:
        root = make_project(Path(folder) / "project", {"test/v1/test.proto": case.read_text()})
        result = CliRunner().invoke(app, ["gen", "--project", str(root)])
        assert not (root / "generated").exists()
    return result.exit_code, result.stderr
