"""`buf breaking` against the main branch: may these contracts be deployed beside the ones that clients know?"""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from io import BytesIO

from tools.places import BIN, ROOT, environment

_INPUTS = ("buf.yaml", "contracts", "third_party/proto")


def breaking() -> tuple[bool, str]:
    """Whether nothing breaks, and what buf says; where there is nothing to compare with, a sentence says so."""
    against = next(
        (ref for ref in ("origin/main", "main") if _git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")), ""
    )
    if not against:
        return True, "     skipped: this clone has no branch main to compare with (git fetch origin main)."
    # An archive of that one commit: also there in a shallow clone, whose history cannot be cloned again.
    archive = _git("archive", "--format=zip", against, *_INPUTS)
    if not archive or b".proto" not in _git("ls-tree", "-r", "--name-only", against, "contracts"):
        return True, f"     skipped: {against} has no contracts yet."
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(BytesIO(archive)).extractall(folder)
        done = subprocess.run(
            [BIN / "buf", "breaking", "--against", folder],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    return done.returncode == 0, done.stdout + done.stderr


def _git(*arguments: str) -> bytes:
    """What git prints; nothing where it fails or is not there."""
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False).stdout
    except FileNotFoundError:
        return b""
