"""Starts the stack runner as a person does, as a process, and follows what it prints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from protolith.stack.account import Account, before_exec, current

ROOT = Path(__file__).resolve().parents[2]
READY = "ready in"
_START_SECONDS = 90
_ANY_PORT = dict.fromkeys(("PROTOLITH_REST_ADDR", "PROTOLITH_GRPC_ADDR", "PROTOLITH_ADMIN_ADDR"), "127.0.0.1:0")
_OWN = {
    "PYTHONUNBUFFERED": "1",
    "DATABASE_URL": "",
    "NATS_URL": "",
    "ENGINE": "",
    "TOPOLOGY": "",
    "PROTOLITH_ENGINE": "",
}


class Running:
    """A process whose output is read while it runs."""

    def __init__(
        self,
        argv: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        sign: str,
        account: Account | None = None,
    ) -> None:
        self.lines: list[str] = []
        self._sign = sign
        self._seen = threading.Event()
        self._news = threading.Condition()
        # Its own group, as a shell makes one for `make`; and no test run may leave it behind.
        self.process = subprocess.Popen(
            argv,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
            preexec_fn=before_exec(account or current(), signal.SIGTERM),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        """All that it has printed."""
        return "".join(self.lines)

    def wait_for_sign(self, seconds: float = _START_SECONDS) -> None:
        """Returns when it has printed the sign; fails with its output when it ends before."""
        self._seen.wait(seconds)
        assert self._sign in self.output, f"{self.process.args!r} did not get ready:\n{self.output}"

    def wait_for_line(self) -> None:
        """Returns when it has printed something more, or ended."""
        with self._news:
            self._news.wait(1)

    def family(self) -> list[psutil.Process]:
        """It and everything below it."""
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signals it and waits: the exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Waits for its end: the exit code."""
        code = self.process.wait(60)
        self._reader.join(10)
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line)
                self._news.notify_all()
            if self._sign in line:
                self._seen.set()
        self._seen.set()


class RunningStack(Running):
    """`python -m protolith.stack run` on free ports, with its own data."""

    def __init__(self, data: Path, folder: Path = ROOT, **environment: str) -> None:
        self.data = data
        argv = [sys.executable, "-m", "protolith.stack", "run"]
        super().__init__(
            argv, folder, {**os.environ, **_OWN, **_ANY_PORT, "PROTOLITH_DATA": str(data), **environment}, READY
        )

    @property
    def state(self) -> dict[str, Any]:
        """What it tells programs: addresses, servers, processes."""
        return dict(json.loads((self.data / "stack.json").read_text()))

    @property
    def rest(self) -> str:
        """The base URL of REST."""
        return f"http://{self.state['PROTOLITH_REST_ADDR']}"

    @property
    def grpc(self) -> str:
        """The address of the edge's gRPC."""
        return str(self.state["PROTOLITH_GRPC_ADDR"])

    @property
    def admin(self) -> str:
        """The base URL of the admin port."""
        return f"http://{self.state['PROTOLITH_ADMIN_ADDR']}"

    @property
    def database_url(self) -> str:
        """The database server."""
        return str(self.state["DATABASE_URL"])


def running_postgres(data: Path, **environment: str) -> Running:
    """`python -m protolith.stack postgres`: only the embedded Postgres."""
    argv = [sys.executable, "-m", "protolith.stack", "postgres"]
    return Running(argv, ROOT, {**os.environ, **_OWN, "PROTOLITH_DATA": str(data), **environment}, "DATABASE_URL=")


def url_of(postgres: Running) -> str:
    """The URL that the server has printed."""
    line = next(line for line in postgres.lines if line.startswith("DATABASE_URL="))
    return line.strip().removeprefix("DATABASE_URL=")


def assert_gone(family: Sequence[psutil.Process], seconds: float = 15) -> None:
    """Waits until all of them have ended."""
    _, alive = psutil.wait_procs(family, timeout=seconds)
    assert alive == []
