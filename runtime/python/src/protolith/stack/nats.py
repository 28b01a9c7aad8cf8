"""The embedded NATS server with JetStream: on a loopback port, with a password, its streams on disk."""

import json
import secrets
import signal
from pathlib import Path
from typing import Final

from protolith.stack.address import Address, free_port
from protolith.stack.binaries import nats_server
from protolith.stack.child import Command
from protolith.stack.supervisor import Supervisor
from protolith.stack.waiting import http_problem, until

_HOST: Final = "127.0.0.1"


async def start_nats(supervisor: Supervisor, folder: Path, log: Path) -> str:
    """Starts the server whose streams are in `folder` and waits until JetStream is ready: its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    port, monitor, password = free_port(), Address(_HOST, free_port()), secrets.token_urlsafe(24)
    config = folder / "nats.json"
    config.touch(mode=0o600)
    config.write_text(json.dumps(_config(folder, port, monitor, password)))
    argv = [nats_server(), "--config", config]
    await supervisor.start(Command("nats", argv, {}, folder, log=log, stop=signal.SIGINT, when_orphaned=signal.SIGINT))
    await until("NATS", lambda: http_problem(monitor, "/healthz?js-enabled-only=true"))
    return f"nats://protolith:{password}@{_HOST}:{port}"


def _config(folder: Path, port: int, monitor: Address, password: str) -> dict[str, object]:
    """NATS's own format is a superset of JSON."""
    return {
        "listen": f"{_HOST}:{port}",
        "http": str(monitor),
        "authorization": {"user": "protolith", "password": password},
        # The default writes a message to disk minutes after it was acknowledged.
        "jetstream": {"store_dir": str(folder), "sync_interval": "always"},
    }
