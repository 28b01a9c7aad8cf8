"""Resident memory of a worker of the messenger: user_service, which has a database, in a host of its own."""

import sys
import time
from typing import Final

import grpc

from benchmarks import CACHE, ROOT, BenchError
from benchmarks.prepare import build_go
from benchmarks.probe import as_it_is
from benchmarks.processes import free_port, resident_mb, running, tree
from benchmarks.servers import NOWHERE, Program

_OTHERS: Final = ("AUTH", "CHAT", "SUBSCRIBER")
_READY_SECONDS: Final = 20


def worker_mb(database_url: str) -> float:
    """MB, idle."""
    build_go(CACHE / "messenger", "./generated/go/cmd/host", ROOT)
    port = free_port()
    environment = {
        "PROTOLITH_PYTHON": sys.executable,
        "PROTOLITH_GRPC_ADDR": f"127.0.0.1:{port}",
        **dict.fromkeys(("PROTOLITH_REST_ADDR", "PROTOLITH_ADMIN_ADDR"), ""),
        **{f"PROTOLITH_BACKEND_{name}": NOWHERE for name in _OTHERS},
        "DATABASE_URL": database_url,
    }
    with running([Program(port, (str(CACHE / "messenger"),), environment, ROOT)], "messenger") as pids:
        _wait(port)
        _, worker = tree(pids[0])
        return resident_mb(worker)


def _wait(port: int) -> None:
    """Until the worker answers: an empty request breaks a rule, and it is the worker that says so."""
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary("/messenger.user.v1.UserService/GetUser", as_it_is, as_it_is)
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                call(b"", timeout=_READY_SECONDS)
            except grpc.RpcError as error:
                if error.code() is grpc.StatusCode.INVALID_ARGUMENT:
                    return
                if time.monotonic() > deadline:
                    raise BenchError(f"the messenger's user_service does not answer: {error.details()}") from None
            time.sleep(0.1)
