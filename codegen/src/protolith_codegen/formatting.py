"""Formatters of generated files: ruff and gofmt from the lock, on a folder that nobody else sees yet."""

from pathlib import Path

from protolith_codegen.problems import ToolError
from protolith_codegen.tools import gofmt, run, venv_tool

_RUFF_OPTIONS = ("--isolated", "--no-cache", "--line-length=120", "--target-version=py311", "-q")


def format_python(folder: Path, files: list[Path]) -> None:
    """Format files in place as the project's own style does: 120 columns."""
    if files:
        _run([venv_tool("ruff"), "format", *_RUFF_OPTIONS, *files], folder)


def sort_imports(folder: Path, files: list[Path]) -> None:
    """Sort the imports of files in place."""
    if files:
        _run([venv_tool("ruff"), "check", "--select=I", "--fix", *_RUFF_OPTIONS, *files], folder)


def format_go(folder: Path, files: list[Path]) -> None:
    """Format files in place."""
    if files:
        _run([gofmt(), "-w", *files], folder)


def _run(command: list[str | Path], folder: Path) -> None:
    done = run(command, cwd=folder)
    if done.returncode != 0:
        raise ToolError(f"{Path(command[0]).name} refuses generated code:\n{done.stderr.decode().strip()}")
