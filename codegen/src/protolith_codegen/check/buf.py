"""buf's own opinions, as problems: `buf lint` and `buf format`."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import yaml

from protolith_codegen.load import CONTRACT_ERROR_EXIT, buf_problems
from protolith_codegen.problems import Problem, ToolError
from protolith_codegen.project import Project
from protolith_codegen.source import CONTRACTS, Position
from protolith_codegen.tools import run, venv_tool

_FILE: Final = re.compile(r"^\+\+\+ ([^\t\n]+)", re.MULTILINE)
_HUNK: Final = re.compile(r"^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@.*\n((?: .*\n)*)", re.MULTILINE)


def lint(project: Project, image: bytes) -> list[Problem]:
    """What `buf lint` finds in the compiled contracts, as buf.yaml asks: compiling them again takes twice the time."""
    found = _run(project, "lint", "-", "--config", json.dumps(_lint_settings(project)), stdin=image)
    return [replace(each, position=replace(each.position, file=f"{CONTRACTS}/{each.position.file}")) for each in found]


def against_folder(project: Project, folder: str) -> list[Problem]:
    """What `buf breaking` finds against the contracts in another folder."""
    return _run(project, "breaking", CONTRACTS, "--against", folder)


def layout(project: Project) -> list[Problem]:
    """Files that `buf format` would change, each at the first line that it would."""
    done = run([venv_tool("buf"), "format", CONTRACTS, "--diff", "--exit-code"], cwd=project.root)
    return list(_unformatted(done.stdout.decode())) if done.returncode == CONTRACT_ERROR_EXIT else []


def _run(project: Project, *arguments: str, stdin: bytes | None = None) -> list[Problem]:
    done = run([venv_tool("buf"), *arguments, "--error-format", "json"], cwd=project.root, stdin=stdin)
    if done.returncode not in (0, CONTRACT_ERROR_EXIT):
        raise ToolError(f"buf {arguments[0]} failed: {done.stderr.decode().strip()}")
    return buf_problems(done.stdout.decode())


def _lint_settings(project: Project) -> dict[str, Any]:
    """buf.yaml's `lint` for the contracts: their module's own, or else that of all. Paths are the image's."""
    said = yaml.safe_load((project.root / "buf.yaml").read_text(encoding="utf-8"))
    modules = [each for each in said.get("modules", ()) if each.get("path") == CONTRACTS]
    settings = dict(next((each["lint"] for each in modules if "lint" in each), said.get("lint") or {}))
    if "ignore" in settings:
        settings["ignore"] = _of_contracts(settings["ignore"])
    if "ignore_only" in settings:
        settings["ignore_only"] = {rule: _of_contracts(paths) for rule, paths in settings["ignore_only"].items()}
    return {"version": said.get("version", "v1"), "lint": settings}


def _of_contracts(paths: list[str]) -> list[str]:
    """Those of buf.yaml's paths that are in the contracts, from there."""
    return [each.removeprefix(f"{CONTRACTS}/") for each in paths if each.startswith(f"{CONTRACTS}/")]


def _unformatted(diff: str) -> Iterator[Problem]:
    for part in re.split(r"^diff ", diff, flags=re.MULTILINE):
        file, hunk = _FILE.search(part), _HUNK.search(part)
        if file and hunk:
            line = int(hunk[1]) + hunk[2].count("\n")
            mend = f"run `buf format -w {CONTRACTS}`"
            yield Problem(Position(file[1], line, 1), f"is not laid out as buf does: {mend}", "buf-format")
