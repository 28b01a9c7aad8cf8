"""Starts and stops servers, and reads from /proc what their process trees use."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from protolith.stack.account import before_exec, current

from benchmarks import CACHE, BenchError
from benchmarks.servers import Program

_TICK: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_START_SECONDS: Final = 30
_STOP_SECONDS: Final = 10


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the command's name: state, parent, ..."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def tree(pid: int) -> list[int]:
    """A process and all its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # ended meanwhile
                children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of the process trees, with that of their children that have ended."""
    return sum(sum(map(int, _stat(pid)[11:15])) for root in pids for pid in tree(root)) / _TICK


def resident_mb(pid: int) -> float:
    """Resident memory of one process, in MB (10^6 bytes)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def start(program: Program, name: str) -> subprocess.Popen[bytes]:
    """Start a program and wait until it listens. Raises BenchError with the end of its log."""
    log = CACHE / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            program.command,
            cwd=program.folder,
            env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=before_exec(current(), signal.SIGKILL),  # ends with us, however we end
        )
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _listens(program.port):
            return process
        time.sleep(0.05)
    stop(process)
    tail = re.sub(rb"\x1b\[[0-9;]*m", b"", log.read_bytes())[-2000:].decode(errors="replace")
    raise BenchError(f"{name} does not listen on port {program.port}; {program.command[0]} said:\n{tail}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a program and everything that it started."""
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):  # its session is empty: it took its children along
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def running(programs: list[Program], name: str) -> Iterator[list[int]]:
    """The programs of one server, started in order; their process ids. Stopped in the end."""
    (CACHE / "logs" / f"{name}.log").unlink(missing_ok=True)
    with contextlib.ExitStack() as stack:
        pids = []
        for program in programs:
            process = start(program, name)
            stack.callback(stop, process)
            pids.append(process.pid)
        yield pids
