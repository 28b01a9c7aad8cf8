"""`make clean`: removes data and everything built. .venv stays, for it is only what requirements.lock says."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

from tools.places import ROOT, TOOLS
from tools.problem import SetupError

_BUILT = (".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache", "dist")
# Only what the stack made: PROTOLITH_DATA may name a folder that holds other things, too.
_DATA = ("postgres", "nats", "logs", "stack.json", "lock")


def clean() -> int:
    """Removes, says what, and refuses under a running stack."""
    data = ROOT / (os.environ.get("PROTOLITH_DATA") or ".data")
    _refuse_while_running(data / "lock")
    gone = [
        path for path in (*(data / name for name in _DATA), TOOLS, *(ROOT / name for name in _BUILT)) if path.exists()
    ]
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if data.is_dir() and not any(data.iterdir()):
        data.rmdir()
    names = ", ".join(os.path.relpath(path, ROOT) for path in gone)
    print(f"Removed {names}." if gone else "Nothing to remove.")
    print("Kept .venv; to set everything up anew: rm -rf .venv")
    return 0


def _refuse_while_running(lock: Path) -> None:
    if not lock.is_file():
        return
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError(
                f"A stack is running on {lock.parent} (process {file.read().strip()}): stop it first."
            ) from None
