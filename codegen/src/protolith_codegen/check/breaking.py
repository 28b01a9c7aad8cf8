"""`buf breaking` against a revision: may these contracts be deployed beside the ones that clients know?"""

import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from protolith_codegen.check.buf import against_folder
from protolith_codegen.problems import Problem, ToolError
from protolith_codegen.project import Project
from protolith_codegen.source import CONTRACTS
from protolith_codegen.tools import run

_MAIN = ("origin/main", "main")
# A filter that the first releases of Python 3.11 do not have; the archive is git's own.
_SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
_INPUTS = ("buf.yaml", "buf.lock", CONTRACTS, "third_party")


def breaking(project: Project, against: str | None) -> list[Problem]:
    """What breaks clients of a revision. Nothing where there is no main branch, or it has no contracts."""
    revision = against if against is not None else next((each for each in _MAIN if _is_commit(project.root, each)), "")
    if not revision:
        return []
    if not _is_commit(project.root, revision):
        raise ToolError(f"{revision} is no revision that git knows here: fetch it, or name another with --against")
    top = Path(_git(project.root, "rev-parse", "--show-toplevel").decode().strip())
    place = project.root.resolve().relative_to(top)
    with tempfile.TemporaryDirectory(prefix="protolith-") as name:
        _extract(top, revision, place, Path(name))
        if not any((Path(name) / place / CONTRACTS).rglob("*.proto")):
            return []
        return against_folder(project, str(Path(name) / place / CONTRACTS))


def _extract(top: Path, revision: str, place: Path, folder: Path) -> None:
    """The project's inputs as they were, and those at the top that its links may lead to, without any history."""
    wanted = {str(room / each) for room in (place, Path()) for each in _INPUTS}
    there = _git(top, "ls-tree", "--name-only", revision, *sorted(wanted)).decode().splitlines()
    if there:
        archive = _git(top, "archive", "--format=tar", revision, *there)
        with tarfile.open(fileobj=BytesIO(archive)) as tar:  # not zip, which loses links
            tar.extractall(folder, **_SAFELY)  # noqa: S202 what git itself has packed


def _is_commit(root: Path, revision: str) -> bool:
    return bool(_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"))


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints; nothing where it fails or is not there."""
    try:
        done = run(["git", *arguments], cwd=folder)
    except FileNotFoundError:
        return b""
    return done.stdout if done.returncode == 0 else b""
