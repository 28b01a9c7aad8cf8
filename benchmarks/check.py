"""`make bench-check`: how long `protolith check` takes for 1,000 contracts, beside what buf takes alone."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.many import many
from tests.support.project import make_project

COUNT = 1000
RUNS = 3
_TOOLS = Path(sys.executable).parent


def main() -> None:
    """Print the best of some runs, wall time and processor time, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        root = make_project(Path(folder) / "project", dict(many(COUNT)), options="")
        lines = sum(path.read_text().count("\n") for path in root.rglob("contracts/**/*.proto"))
        print(f"{COUNT} contracts, {lines} lines, {os.cpu_count()} processors; best of {RUNS}: wall s, processor s")
        commands: tuple[tuple[str, list[str | Path]], ...] = (
            ("protolith check", [_TOOLS / "protolith", "check", "--against", ""]),
            ("buf build", [_TOOLS / "buf", "build", "contracts", "-o", "/dev/null"]),
            ("buf lint", [_TOOLS / "buf", "lint", "contracts"]),
            ("buf format", [_TOOLS / "buf", "format", "contracts", "--diff", "--exit-code"]),
        )
        for name, command in commands:
            wall, processor = min(_timed(command, root) for _ in range(RUNS))
            print(f"{name:16} {wall:5.2f} {processor:5.2f}")


def _timed(command: list[str | Path], root: Path) -> tuple[float, float]:
    before, began = os.times(), time.monotonic()
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.monotonic() - began, os.times()
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return wall, used


if __name__ == "__main__":
    main()
