"""Makes .venv and .tools what the lock files say, once: stamps tell what is done; what was interrupted is redone."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.places import LOCK, PYTHON, ROOT, TOOLS, VENV, go
from tools.problem import SetupError
from tools.steps import Progress, run

_OWN = ("runtime/python", "codegen", ".")
_GO_TOOLS = ("protoc-gen-go", "protoc-gen-go-grpc", "protoc-gen-grpc-gateway", "tern")
_PACKAGES_STAMP = VENV / "packages.stamp"
_OWN_STAMP = VENV / "own.stamp"
_GO_STAMP = TOOLS / "go.stamp"


@dataclass(frozen=True)
class Job:
    """One step of the setup: `stamp` holds `wanted` once `do` has ended well."""

    title: str
    stamp: Path
    wanted: str
    do: Callable[[Progress], None]
    total: int = 0

    def pending(self) -> bool:
        """Whether the step is still to be done."""
        return not self.stamp.is_file() or self.stamp.read_text() != self.wanted

    def run(self, number: str) -> None:
        """Does the step; only a step that ended well leaves its stamp."""
        self.stamp.unlink(missing_ok=True)
        progress = Progress(number, self.title, self.total)
        self.do(progress)
        self.stamp.write_text(self.wanted)
        progress.end()


def set_up(further: int = 0) -> tuple[int, int]:
    """Does what is pending. The numbers of the last step done and of all steps, with `further` to come after."""
    with _alone():
        first = [job for job in _python_jobs() if job.pending()]
        # New packages may bring a new Go, and its tools are built by it.
        go_pending = bool(first) or _go_job().pending()
        last = len(first) + go_pending
        total = last + further
        for number, job in enumerate(first, 1):
            job.run(f"{number}/{total}")
        if go_pending:
            _go_job().run(f"{last}/{total}")
    return last, total


def _python_jobs() -> list[Job]:
    lock = _digest((LOCK,), str(ROOT))
    own = _digest((ROOT / name / "pyproject.toml" for name in _OWN), lock)
    if not PYTHON.exists():
        _PACKAGES_STAMP.unlink(missing_ok=True)
    total = LOCK.read_text().count("==")
    packages = Job(f"Installing Python packages from {LOCK.name}", _PACKAGES_STAMP, lock, _install_packages, total)
    if packages.pending():
        _OWN_STAMP.unlink(missing_ok=True)
    return [packages, Job("Installing the packages of this clone", _OWN_STAMP, own, _install_own)]


def _go_job() -> Job:
    inputs = (ROOT / "tools/go/go.mod", ROOT / "tools/go/go.sum", go().parent.parent / "VERSION")
    if not all((TOOLS / name).exists() for name in _GO_TOOLS):
        _GO_STAMP.unlink(missing_ok=True)
    wanted = _digest((path for path in inputs if path.exists()), platform.machine())
    return Job("Building the Go tools (about a minute, once)", _GO_STAMP, wanted, _build_go_tools)


def _install_packages(progress: Progress) -> None:
    """Into a new virtual environment: what an interrupted or older run left behind would stay there unseen."""
    # This very process may run in the environment that is to be replaced.
    base = getattr(sys, "_base_executable", sys.executable)
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise SetupError(
            f"This Python ({base}) cannot make virtual environments: install its venv module"
            f" (Debian, Ubuntu: apt-get install python3.{sys.version_info.minor}-venv), then run make again."
        )
    shutil.rmtree(VENV, ignore_errors=True)
    run(progress, [base, "-I", "-m", "venv", VENV])
    options = ["--require-hashes", "--only-binary=:all:", "--retries=2", "--progress-bar=off"]
    run(progress, [PYTHON, "-m", "pip", "install", *options, "-r", LOCK], counts="^Collecting ")


def _install_own(progress: Progress) -> None:
    options = ["--no-index", "--no-deps", "--no-build-isolation"]
    packages = [part for name in _OWN for part in ("-e", str(ROOT / name))]
    run(progress, [PYTHON, "-m", "pip", "install", *options, *packages])


def _build_go_tools(progress: Progress) -> None:
    run(progress, [go(), "build", "-v", "-o", f"{TOOLS}/", "tool"], cwd=ROOT / "tools/go", counts=r"^[\w./-]+$")


@contextmanager
def _alone() -> Iterator[None]:
    """One setup at a time in a clone."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting this clone up: waiting for it.", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(paths: Iterable[Path], *words: str) -> str:
    digest = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
