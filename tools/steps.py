"""Runs a long command quietly: one line that says which step it is, how far it is and how long it took."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.places import ROOT, environment
from tools.problem import failed

_LONG = 1.0  # seconds after which a quiet step speaks
_HEARTBEAT = 10.0  # seconds between signs of life where lines cannot be rewritten


class Progress:
    """The line of one step. `total` 0: how much there is is not known; `quiet`: speaks only when it takes long."""

    def __init__(self, number: str, title: str, total: int = 0, *, quiet: bool = False) -> None:
        self.label = f"[{number}] {title}"
        self.total = total
        self.done = 0
        self.started = self._spoken = time.monotonic()
        self._live = sys.stdout.isatty()
        self._quiet = quiet
        if not quiet:
            self._announce()

    def tick(self) -> None:
        """Shows how far the step is, now and then."""
        now = time.monotonic()
        if self._quiet and now - self.started >= _LONG:
            self._quiet = False
            self._announce()
        elif self._live and not self._quiet:
            print(f"\r{self.label}: {self._far()}{now - self.started:.0f} s ", end="", flush=True)
        elif now - self._spoken >= _HEARTBEAT:
            self._spoken = now
            print(f"{self.label}: {self._far()}{now - self.started:.0f} s", flush=True)

    def end(self, word: str = "done") -> None:
        """The last word about the step."""
        seconds = time.monotonic() - self.started
        if not self._quiet or word != "done":
            line = f"{self.label}: {word} in {seconds:.1f} s"
            print(f"\r{line}{' ' * 20}" if self._live else line, flush=True)

    def _announce(self) -> None:
        print(self.label, end="" if self._live else " ...\n", flush=True)

    def _far(self) -> str:
        if self.total:
            return f"{min(self.done, self.total)} of {self.total}, "
        return f"{self.done} so far, " if self.done else ""


def run(progress: Progress, argv: Sequence[str | Path], *, cwd: Path = ROOT, counts: str = r"$^") -> None:
    """Runs `argv`, counting the lines of its output that match `counts`; a failure is a SetupError."""
    lines: list[str] = []
    pattern = re.compile(counts)

    def read(line: str) -> None:
        lines.append(line)
        progress.done += bool(pattern.search(line))

    code = _follow(argv, cwd, read, progress.tick)
    if code:
        progress.end("failed")
        raise failed(progress.label.split("] ", 1)[1], "".join(lines))


def _follow(argv: Sequence[str | Path], cwd: Path, read: Callable[[str], object], tick: Callable[[], None]) -> int:
    # A session of its own, so that all of it can be ended when this process is.
    process = subprocess.Popen(
        argv,
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    assert process.stdout is not None
    reader = threading.Thread(target=lambda out: [read(line) for line in out], args=(process.stdout,))
    reader.start()
    try:
        while reader.is_alive():
            reader.join(0.5)
            tick()
        return process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        raise
    finally:
        reader.join()
        process.wait()
