"""Starts the behaviour project's services on one engine, as separate processes on free loopback ports."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).parent / "project"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the services answer gRPC, internal rpcs too."""

    echo: str
    relay: str


@dataclass(frozen=True, slots=True)
class Hosted(Addresses):
    """The services of a host, and its process."""

    pid: int


def free_address() -> str:
    """A loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listener.getsockname()[1]}"


@contextlib.contextmanager
def running(*commands: tuple[list[str], dict[str, str]]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes for the time of the block; stopped by SIGTERM, and killed when that does not end them."""
    processes = [subprocess.Popen(command, cwd=PROJECT, env=_environment(extra)) for command, extra in commands]
    try:
        yield processes
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


def wait_serving(address: str) -> None:
    """Return when the address takes gRPC connections."""
    with grpc.insecure_channel(address) as channel:
        grpc.channel_ready_future(channel).result(START_SECONDS)


def wait_ready(address: str) -> None:
    """Return when the host's admin address says that it is ready."""
    from urllib.error import URLError
    from urllib.request import urlopen

    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(URLError, OSError):
            if urlopen(f"http://{address}/readyz", timeout=5).status == 200:
                return
        time.sleep(0.05)
    raise TimeoutError(f"the host at {address} is not ready")


@contextlib.contextmanager
def grpcio_engine() -> Iterator[Addresses]:
    """Each service is a Python process that serves gRPC itself."""
    echo, relay = free_address(), free_address()
    serve = [sys.executable, "-m", "protolith.serve"]
    shared = {"PROTOLITH_ENGINE": "grpcio", "PROTOLITH_BACKEND_ECHO": echo, "PROTOLITH_BACKEND_RELAY": relay}
    with running(
        ([*serve, "echo"], {**shared, "PROTOLITH_LISTEN": echo}),
        ([*serve, "relay"], {**shared, "PROTOLITH_LISTEN": relay}),
    ):
        wait_serving(echo)
        wait_serving(relay)
        yield Addresses(echo, relay)


@contextlib.contextmanager
def host_engine(binary: Path, **extra: str) -> Iterator[Hosted]:
    """Both services are workers of one host, which serves gRPC for them."""
    address, admin = free_address(), free_address()
    environment = {
        "PROTOLITH_SERVICE_ADDR": address,
        "PROTOLITH_ADMIN_ADDR": admin,
        "PROTOLITH_REST_ADDR": "",
        "PROTOLITH_GRPC_ADDR": "",
        "PROTOLITH_PYTHON": sys.executable,
        **extra,
    }
    with running(([str(binary)], environment)) as (host,):
        wait_ready(admin)
        yield Hosted(address, address, host.pid)


def build_host(folder: Path) -> Path:
    """The behaviour project's host, built by the locked Go."""
    binary = folder / "host"
    go = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw -trimpath -buildvcs=false"}
    command = [str(Path(sys.executable).parent / "go"), "build", "-o", str(binary), "./generated/go/cmd/host"]
    subprocess.run(command, cwd=PROJECT, env=_environment(go), check=True)
    return binary


def _environment(extra: dict[str, str]) -> dict[str, str]:
    path = os.pathsep.join((str(PROJECT), str(PROJECT / "generated/python")))
    return {**os.environ, "PYTHONPATH": path, **extra}
