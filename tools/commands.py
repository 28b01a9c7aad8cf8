"""The make targets: each sets the clone up first, then runs the locked tools."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import checks, clean, lock
from tools.places import BIN, HOST, PYTHON, ROOT, environment, go
from tools.problem import SetupError
from tools.setup import set_up
from tools.steps import Progress, run

_PR_SET_PDEATHSIG = 1


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit code."""
    _end_with_make()
    try:
        return _COMMANDS[arguments[0]]()
    except SetupError as error:
        if error.details:
            print(error.details, file=sys.stderr)
        print(f"\n{error}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(
            f"\n{error.filename} cannot be written: was this clone set up by another user?"
            " Remove .venv, .tools and .data, or make them yours, then run make again.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted: run make again to go on.", file=sys.stderr)
        return 130


def _end_with_make() -> None:
    """A make that is killed takes this process along; exec hands that down to what we become."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # Python would die of SIGTERM at once, and leave the step's processes behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def _gen() -> int:
    set_up()
    return _call(BIN / "protolith", "gen")


def _run() -> int:
    started = time.monotonic()
    last, total = set_up(further=1)
    code = _call(BIN / "protolith", "gen")
    if code:
        return code
    build_host(f"{last + 1}/{total}")
    return _become(PYTHON, "-m", "protolith.stack", f"--started={started}", "run")


def build_host(number: str = "1/1") -> None:
    """Go's own cache decides what there is to do; usually nothing."""
    progress = Progress(number, "Building the host", quiet=True)
    run(progress, [go(), "build", "-v", "-o", HOST, "./generated/go/cmd/host"], counts=r"^[\w./-]+$")
    progress.end()


def _audit() -> int:
    """--strict: a package that the advisory service does not know is a failure too, not a silence."""
    set_up()
    lock = ("-r", "requirements.lock", "--require-hashes", "--disable-pip")
    return _call(BIN / "pip-audit", *lock, "--strict", "--progress-spinner", "off")


def _migrate() -> int:
    set_up()
    return _call(PYTHON, "-m", "protolith.stack", "migrate")


def _lint() -> int:
    set_up()
    return checks.report(checks.lint())


def _check() -> int:
    set_up()
    return checks.report(checks.drift())


def _test() -> int:
    """All that CI asks for. pytest comes last: its summary ends the output."""
    _, total = set_up(further=1)
    build_host(f"{total}/{total}")
    before = checks.report([*checks.lint(), *checks.drift(), *checks.go_tests()])
    return _call(PYTHON, "-m", "pytest") or before


def _bench() -> int:
    set_up()
    return _call(PYTHON, "-m", "benchmarks")


def _bench_check() -> int:
    set_up()
    return _call(PYTHON, "-m", "benchmarks.check")


def _soak() -> int:
    set_up()
    return _call(PYTHON, "-m", "benchmarks", "soak")


def _lock() -> int:
    lock.lock()
    set_up()
    return 0


def _setup() -> int:
    set_up()
    return 0


def _call(*argv: str | Path) -> int:
    process = subprocess.Popen(argv, cwd=ROOT, env=environment())
    try:
        return process.wait()
    except BaseException:
        # It ends what it has started itself; a second signal does not wait for that.
        process.terminate()
        process.wait()
        raise


def _become(*argv: str | Path) -> int:
    """In place of this process, so that signals reach it without an interpreter in between."""
    os.chdir(ROOT)
    os.execve(argv[0], [str(part) for part in argv], environment())


_COMMANDS: dict[str, Callable[[], int]] = {
    "audit": _audit,
    "setup": _setup,
    "run": _run,
    "gen": _gen,
    "lint": _lint,
    "check": _check,
    "test": _test,
    "bench": _bench,
    "bench-check": _bench_check,
    "soak": _soak,
    "migrate": _migrate,
    "lock": _lock,
    "clean": clean.clean,
}
