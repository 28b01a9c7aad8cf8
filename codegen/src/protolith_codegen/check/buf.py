"""buf's own opinions, as problems: `buf lint` and `buf format`."""

import re
from collections.abc import Iterator
from typing import Final

from protolith_codegen.load import CONTRACT_ERROR_EXIT, buf_problems
from protolith_codegen.problems import Problem, ToolError
from protolith_codegen.project import Project
from protolith_codegen.source import CONTRACTS, Position
from protolith_codegen.tools import run, venv_tool

_FILE: Final = re.compile(r"^\+\+\+ ([^\t\n]+)", re.MULTILINE)
_HUNK: Final = re.compile(r"^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@.*\n((?: .*\n)*)", re.MULTILINE)


def lint(project: Project) -> list[Problem]:
    """What `buf lint` finds, as buf.yaml asks."""
    return _run(project, "lint", CONTRACTS)


def against_folder(project: Project, folder: str) -> list[Problem]:
    """What `buf breaking` finds against the contracts in another folder."""
    return _run(project, "breaking", CONTRACTS, "--against", folder)


def layout(project: Project) -> list[Problem]:
    """Files that `buf format` would change, each at the first line that it would."""
    done = run([venv_tool("buf"), "format", CONTRACTS, "--diff", "--exit-code"], cwd=project.root)
    return list(_unformatted(done.stdout.decode())) if done.returncode == CONTRACT_ERROR_EXIT else []


def _run(project: Project, *arguments: str) -> list[Problem]:
    done = run([venv_tool("buf"), *arguments, "--error-format", "json"], cwd=project.root)
    if done.returncode not in (0, CONTRACT_ERROR_EXIT):
        raise ToolError(f"buf {arguments[0]} failed: {done.stderr.decode().strip()}")
    return buf_problems(done.stdout.decode())


def _unformatted(diff: str) -> Iterator[Problem]:
    for part in re.split(r"^diff ", diff, flags=re.MULTILINE):
        file, hunk = _FILE.search(part), _HUNK.search(part)
        if file and hunk:
            line = int(hunk[1]) + hunk[2].count("\n")
            mend = f"run `buf format -w {CONTRACTS}`"
            yield Problem(Position(file[1], line, 1), f"is not laid out as buf does: {mend}", "buf-format")
