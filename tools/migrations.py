"""Lints the migrations' DDL with squawk: their upward half, which is what runs on a living database."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tools.places import BIN, ROOT, environment

_BELOW = "---- create above / drop below ----"  # tern's own separator
_NO_TRANSACTION = "---- tern: disable-tx ----"


def files() -> list[str]:
    """All migrations, as paths from the root."""
    return sorted(str(path.relative_to(ROOT)) for path in Path(ROOT, "handlers").glob("*/migrations/*.sql"))


def squawk(name: str) -> tuple[bool, str]:
    """Whether squawk is content with a migration, and what it says."""
    text = (ROOT / name).read_text()
    in_transaction = [] if _NO_TRANSACTION in text else ["--assume-in-transaction"]
    argv = [str(BIN / "squawk"), "--reporter=gcc", "--pg-version=18.0", f"--stdin-filepath={name}", *in_transaction]
    upward = text.split(_BELOW)[0]
    done = subprocess.run(argv, input=upward, env=environment(), capture_output=True, text=True, check=False)
    return done.returncode == 0, "" if done.returncode == 0 else done.stdout + done.stderr
