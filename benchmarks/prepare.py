"""Makes what the run needs: the peers' locked environment, h2load, generated code, Go programs."""

import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks import CACHE, HERE, ROOT, BenchError

_TOOLS: Final = Path(sys.executable).parent
_PEERS: Final = HERE / ".venv"
_GO_ENVIRONMENT: Final = {
    "CGO_ENABLED": "0",
    "GOTOOLCHAIN": "local",
    "GOFLAGS": "-modcacherw -trimpath -buildvcs=false",
}


def prepare(say: Callable[[str], None]) -> None:
    """Do every step. Raises BenchError with what a failing one said."""
    steps = (
        ("the peers' packages (requirements.lock)", _packages),
        ("h2load", h2load),
        ("our generated code", generate),
        ("the peers' generated code", _generate_peers),
        ("the Go programs", _build),
    )
    for number, (name, step) in enumerate(steps, 1):
        say(f"preparing {number}/{len(steps)}: {name}")
        started = time.monotonic()
        step()
        say(f"preparing {number}/{len(steps)}: done in {time.monotonic() - started:.1f} s")


def _run(*command: str | Path, cwd: Path = HERE, **environment: str) -> None:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        raise BenchError(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-3000:]}")


def _packages() -> None:
    lock, installed = HERE / "requirements.lock", _PEERS / "installed.lock"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    venv.create(_PEERS, with_pip=True, clear=True)
    _run(_PEERS / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock)
    shutil.copyfile(lock, installed)


def h2load() -> None:
    """Install Debian's h2load where it is missing and that is possible."""
    if shutil.which("h2load"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise BenchError("h2load is missing: install it (Debian: apt-get install nghttp2-client) and run again")
    _run("apt-get", "update", "-q")
    install = ("apt-get", "install", "-q", "-y", "--no-install-recommends", "nghttp2-client")
    _run(*install, DEBIAN_FRONTEND="noninteractive")


def generate() -> None:
    """Our generated code, and the image of the contract that the harness reads."""
    _run(_TOOLS / "protolith", "gen", "--project", HERE, cwd=ROOT)


def _generate_peers() -> None:
    path = os.pathsep.join((str(ROOT / ".tools"), str(_PEERS / "bin"), os.environ["PATH"]))
    _run(_TOOLS / "buf", "generate", "--template", "peers/buf.gen.yaml", PATH=path)


def build_load() -> None:
    """The client that calls at a fixed rate."""
    build_go(CACHE / "load", "./load")


def _build() -> None:
    build_load()
    build_go(CACHE / "peer", "./peers/go")
    build_go(CACHE / "host", "./generated/go/cmd/host")


def build_go(binary: Path, package: str, module: Path = HERE) -> None:
    """Build one Go program of a module."""
    _run(_TOOLS / "go", "build", "-o", binary, package, cwd=module, **_GO_ENVIRONMENT)
