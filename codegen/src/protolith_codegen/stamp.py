"""What the last generation read and wrote, as one hash: equal means that there is nothing to do."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from protolith_codegen.project import SETTINGS, Project

_INPUTS = ("contracts", "third_party/proto", "buf.yaml", "buf.lock", SETTINGS, "requirements.lock", "tools/go/go.mod")
_SKIPPED = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})


def is_fresh(project: Project) -> bool:
    """Whether contracts, generator and generated files are those of the last generation."""
    path = _path(project)
    return path.is_file() and path.read_text(encoding="ascii") == _digest(project)


def stamp(project: Project) -> None:
    """Remember the state that is_fresh compares with."""
    path = _path(project)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_digest(project), encoding="ascii")


def _path(project: Project) -> Path:
    return project.cache / "generated.sha256"


def _digest(project: Project) -> str:
    digest = hashlib.sha256()
    roots = [Path(__file__).parent, project.generated, *(project.root / name for name in _INPUTS)]
    for index, root in enumerate(roots):
        for path in sorted(_files([root])):
            name = f"{index}/{path.relative_to(root)}"
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir() and path.name not in _SKIPPED:
            yield from _files(path.iterdir())
