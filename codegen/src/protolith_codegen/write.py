"""A finished tree to its folder: only files that differ are written, files that are no longer made are removed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

_CACHES = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})


@dataclass(frozen=True, slots=True)
class Drift:
    """How a folder differs from what would be generated; paths are relative to it, sorted."""

    missing: tuple[str, ...]
    different: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.missing) + len(self.different) + len(self.stale)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder by its relative path, caches of interpreters and tools left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not _CACHES.intersection(path.parts)
    }


def compare(fresh: dict[str, bytes], folder: Path) -> Drift:
    """What writing would change."""
    there = read_tree(folder)
    return Drift(
        missing=tuple(sorted(fresh.keys() - there.keys())),
        different=tuple(sorted(name for name in fresh.keys() & there.keys() if fresh[name] != there[name])),
        stale=tuple(sorted(there.keys() - fresh.keys())),
    )


def write(fresh: dict[str, bytes], folder: Path) -> Drift:
    """Make the folder hold exactly the fresh files. Returns what was changed."""
    drift = compare(fresh, folder)
    for name in drift.stale:
        (folder / name).unlink()
        _remove_empty((folder / name).parent, folder)
    for name in (*drift.missing, *drift.different):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fresh[name])
    return drift


def _remove_empty(path: Path, root: Path) -> None:
    while path != root and all(each.name in _CACHES for each in path.iterdir()):
        shutil.rmtree(path)
        path = path.parent
