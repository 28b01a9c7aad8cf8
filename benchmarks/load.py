"""Runs the load tools and reads what they say: h2load at saturation, our open-loop client at a fixed rate."""

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from benchmarks import CACHE, BenchError
from benchmarks.cases import Case
from benchmarks.messages import grpc_frame, request_bytes

T = TypeVar("T")

_FRAME_HEADER: Final = 5
_WARM_UP_CALLS: Final = 500


@dataclass(frozen=True, slots=True)
class Target:
    """A running server: its name, the port to call, the bytes of a right answer, the processes to account."""

    case: Case
    server: str
    port: int
    size: int
    pids: list[int]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds at a fixed rate, from the time that a call was due to its whole answer.

    A call that failed, because the server could not keep the rate, counts as 30 seconds.
    """

    p50: float
    p99: float
    failed: int


def saturate(target: Target, calls: int) -> float:
    """Make this many calls as fast as the server answers. Returns calls a second; every answer must be right."""
    said = _run(["h2load", "-n", str(calls), *_h2load_arguments(target)])
    seconds = _found(r"finished in ([\d.]+)(us|ms|s|m),", said, _seconds)
    succeeded = _found(r"status codes: (\d+) 2xx", said, lambda found: int(found[1]))
    data = _found(r"\((\d+)\) data", said, lambda found: int(found[1]))
    if succeeded != calls or data != calls * _wire_size(target):
        raise BenchError(
            f"{target.case.name}: {target.server} answered {succeeded} of {calls} calls with 2xx,"
            f" {data} bytes instead of {calls * _wire_size(target)}"
        )
    return calls / seconds


def _wire_size(target: Target) -> int:
    return target.size + (0 if target.case.http else _FRAME_HEADER * target.case.messages)


def _seconds(found: re.Match[str]) -> float:
    return float(found[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}[found[2]]


def _found(pattern: str, text: str, read: Callable[[re.Match[str]], T]) -> T:
    found = re.search(pattern, text)
    if found is None:
        raise BenchError(f"the load tool said something unexpected:\n{text[-1000:]}")
    return read(found)


def _h2load_arguments(target: Target) -> list[str]:
    how = target.case.http_of(target.server)
    if how is None:
        headers = ["-H", "content-type: application/grpc", "-H", "te: trailers"]
        arguments = ["-c", "4", "-m", "8", "-d", str(_body(target.case)), *headers]
    else:
        body = _body(target.case)
        arguments = ["--h1", "-c", "16", "-H", "content-type: application/json"]
        arguments += ["-d", str(body)] if body.stat().st_size else []
    return [*arguments, f"http://127.0.0.1:{target.port}{how.path if how else target.case.path}"]


def _body(case: Case) -> Path:
    data = request_bytes(case, case.request)
    path = CACHE / "bodies" / case.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if case.http else grpc_frame(data))
    return path


def at_rate(target: Target, rate: float, seconds: float, cancel_every: int = 0) -> Latency:
    """Call at a fixed rate; every n-th call may be cancelled soon after its start. A failed call counts as 30 s."""
    how = target.case.http_of(target.server)
    command = [str(CACHE / "load"), "-kind", "rest" if how else "grpc", "-target", f"127.0.0.1:{target.port}"]
    command += ["-path", how.path if how else target.case.path, "-method", how.method if how else "POST"]
    command += ["-body", str(_body(target.case)), "-size", str(_wire_size(target)), "-cancel", str(cancel_every)]
    said = json.loads(_run([*command, "-rate", f"{rate:.3f}", "-seconds", f"{seconds:.3f}"]))
    if said["failed"] == said["calls"]:
        raise BenchError(f"{target.case.name}: {target.server} failed every call at {rate:.0f}/s: {said['error']}")
    return Latency(said["p50_ms"], said["p99_ms"], said["failed"])


def warm_up(target: Target) -> float:
    """A short run. Returns about how many calls a second the server answers."""
    return saturate(target, max(64, _WARM_UP_CALLS // target.case.messages))


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise BenchError(f"{' '.join(command)}\nended with {done.returncode}: {done.stderr[-1000:]}")
    return done.stdout
