"""How each server is started, in its best settings; docs/benchmarks/README.md says what they are and why."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from protolith.database import database_url

from benchmarks import CACHE, HERE, ROOT
from benchmarks.cases import Case

_BIN = HERE / ".venv" / "bin"
_GENERATED = HERE / "generated" / "python"
_PEER_PATH = os.pathsep.join(map(str, (_GENERATED, ROOT / "runtime" / "python" / "src", HERE / "peers")))
NOWHERE: Final = "dns:///127.0.0.1:1"
"""The address of services that are not called."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server runs: the port that it is called on, a spare one, and the database's server (or empty)."""

    case: Case
    front: int
    back: int
    database: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """One process: its command, the port that says it is up, and what it needs in its environment."""

    port: int
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = HERE


Programs = Callable[[Place], list[Program]]
"""The processes of a server, in the order to start them. The last one listens on `front`."""


def _peer(port: int, place: Place, *command: str) -> Program:
    database = {"DATABASE_URL": database_url(place.database, place.case.backend)} if place.database else {}
    return Program(port, (str(_BIN / command[0]), *command[1:]), {"PYTHONPATH": _PEER_PATH, **database})


def _python(script: str) -> Programs:
    return lambda place: [_peer(place.front, place, "python", str(HERE / "peers" / script), str(place.front))]


def _uvicorn(app: str) -> Programs:
    settings = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")
    return lambda place: [_peer(place.front, place, "uvicorn", app, "--port", str(place.front), *settings)]


def _pyvoy(place: Place) -> list[Program]:
    return [_peer(place.front, place, "pyvoy", "connect_app", "--port", str(place.front), "--loop", "uvloop")]


def _go(place: Place, *arguments: str) -> Program:
    # The host collects garbage as seldom: see tuneCollector in runtime/go/host.
    return Program(place.front, (str(CACHE / "peer"), *arguments), {"GOGC": "400"})


def _gateway_grpcio(place: Place) -> list[Program]:
    backend = _peer(place.back, place, "python", str(HERE / "peers" / "grpcio_aio.py"), str(place.back))
    return [backend, _go(place, "proxy", str(place.front), f"127.0.0.1:{place.back}")]


def _ours(place: Place) -> dict[str, str]:
    return {
        "PYTHONPATH": str(_GENERATED),
        "PROTOLITH_PYTHON": sys.executable,
        "PROTOLITH_LOG_LEVEL": "warning",
        "DATABASE_URL": place.database,
        **dict.fromkeys(("PROTOLITH_REST_ADDR", "PROTOLITH_GRPC_ADDR", "PROTOLITH_ADMIN_ADDR"), ""),
        **dict.fromkeys(("PROTOLITH_BACKEND_USER", "PROTOLITH_BACKEND_STORE"), NOWHERE),
    }


def _host(place: Place, listener: str, port: int, backend: str) -> Program:
    """A host that serves the case's rpcs on one listener, from one backend."""
    environment = {
        **_ours(place),
        f"PROTOLITH_{listener}_ADDR": f"127.0.0.1:{port}",
        f"PROTOLITH_BACKEND_{place.case.backend.upper()}": backend,
    }
    return Program(port, (str(CACHE / "host"),), environment)


def both_edges(place: Place) -> list[Program]:
    """Our host with gRPC on `front` and REST on `back`."""
    host = _host(place, "GRPC", place.front, "local")
    return [replace(host, environment={**host.environment, "PROTOLITH_REST_ADDR": f"127.0.0.1:{place.back}"})]


def _engine(place: Place, port: int) -> Program:
    command = (sys.executable, "-m", "protolith.serve", place.case.backend)
    environment = {**_ours(place), "PROTOLITH_ENGINE": "grpcio", "PROTOLITH_LISTEN": f"127.0.0.1:{port}"}
    return Program(port, command, environment)


def _protolith(place: Place) -> list[Program]:
    edge = "REST" if place.case.http else "GRPC"
    if place.case.name != "rest_two_hops":
        return [_host(place, edge, place.front, "local")]
    service = _host(place, "SERVICE", place.back, "local")
    return [service, _host(place, edge, place.front, f"dns:///127.0.0.1:{place.back}")]


def _protolith_grpcio(place: Place) -> list[Program]:
    if place.case.http is None:
        return [_engine(place, place.front)]
    gateway = _host(place, "REST", place.front, f"dns:///127.0.0.1:{place.back}")
    return [_engine(place, place.back), gateway]


SERVERS: Final[Mapping[str, Programs]] = {
    "protolith": _protolith,
    "protolith-grpcio": _protolith_grpcio,
    "grpcio-aio": _python("grpcio_aio.py"),
    "grpcio-sync": _python("grpcio_sync.py"),
    "grpclib": _python("grpclib_server.py"),
    "connectrpc-pyvoy": _pyvoy,
    "connectrpc-uvicorn": _uvicorn("connect_app:app"),
    "fastapi-uvicorn": _uvicorn("fastapi_app:app"),
    "grpc-go": lambda place: [_go(place, "grpc", str(place.front))],
    "grpc-gateway-go": lambda place: [_go(place, "gateway", str(place.front))],
    "grpc-gateway-grpcio": _gateway_grpcio,
}
