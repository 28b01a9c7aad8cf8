"""`python -m protolith.serve <service>`: one service's handlers, served by an engine, until told to stop."""

import asyncio
import gc
import importlib
import signal
import sys
from contextlib import nullcontext
from typing import Final

import uvloop
from pydantic import ValidationError

from protolith import lean as lean  # first: before anything loads structlog
from protolith import logs
from protolith.container import Container, Provider
from protolith.discovery import discover
from protolith.engines.base import Engine
from protolith.generated import Servicer
from protolith.settings import WorkerSettings
from protolith.settings_errors import explain
from protolith.startup import StartError

_USAGE: Final = """usage: python -m protolith.serve <service>

Serves the handlers of handlers/<service>/, with the engine of PROTOLITH_ENGINE (grpcio by default)."""
_ENGINES: Final = {
    "host": ("protolith.engines.host", "HostEngine"),
    "grpcio": ("protolith.engines.grpcio", "GrpcioEngine"),
}


def main(arguments: list[str]) -> int:
    """The exit code of the process: 0 after a stop that was asked for, 1: cannot start, 2: usage."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(_USAGE, file=sys.stdout if arguments in (["-h"], ["--help"]) else sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    service = arguments[0]
    try:
        settings = _settings()
        logs.configure(settings)
        classes = discover(service)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(run(service, classes, settings))
    except StartError as error:
        print(f"{service}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


async def run(service: str, classes: list[type[Servicer]], settings: WorkerSettings) -> int:
    """Build the handlers and serve them; returns the engine's exit code. Raises StartError."""
    engine = _engine(settings)
    try:
        await engine.start()
        async with Container(f"handlers.{service}", engine.channel, _providers(service, settings)) as container:
            servicers = [await container.build(cls) for cls in classes]
            gc.collect()
            gc.freeze()  # what is loaded by now stays: the collector need not walk it again
            return await engine.serve(servicers)
    finally:
        await engine.stop()


def _settings() -> WorkerSettings:
    try:
        return WorkerSettings()
    except ValidationError as error:
        raise StartError(explain(WorkerSettings, error)) from None


def _providers(service: str, settings: WorkerSettings) -> dict[type, Provider]:
    providers: dict[type, Provider] = {WorkerSettings: lambda: nullcontext(settings)}
    if "asyncpg" in sys.modules:  # else no handler can ask for a pool, and its 3 MB stay out of memory
        database = importlib.import_module("protolith.database")
        providers[database.Pool] = lambda: database.open_pool(settings, service)
    return providers


def _engine(settings: WorkerSettings) -> Engine:
    """The engine, imported only when chosen: a worker of the host never loads grpc."""
    if settings.engine_name == "host" and settings.worker_fd is None:
        raise StartError("PROTOLITH_ENGINE=host works only in a worker that the host started: leave it unset here")
    module, name = _ENGINES[settings.engine_name]
    engine: Engine = getattr(importlib.import_module(module), name)(settings)
    return engine


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
