"""What a person is told when everything runs."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from protolith.stack.address import Address
from protolith.stack.supervisor import Supervisor

_ROWS = (
    ("Swagger UI", "PROTOLITH_REST_ADDR", "{url}/docs/"),
    ("REST", "PROTOLITH_REST_ADDR", "{url}"),
    ("gRPC", "PROTOLITH_GRPC_ADDR", "{address}"),
    ("admin", "PROTOLITH_ADMIN_ADDR", "{url}/readyz, {url}/metrics"),
)


def table(edge: Mapping[str, Address | None], seconds: float) -> str:
    """Where everything is."""
    rows = [
        f"  {title:<11} {text.format(url=address.url, address=address)}"
        for title, variable, text in _ROWS
        if (address := edge[variable]) is not None
    ]
    return "\n".join(["", *rows, f"  ready in {seconds:.1f} s; Ctrl-C stops everything", ""])


def write_state(
    file: Path, edge: Mapping[str, Address | None], servers: Mapping[str, str], running: Supervisor
) -> None:
    """The same for programs, with the passwords of the embedded servers: only its owner may read it."""
    state = {
        **{variable: str(address or "") for variable, address in edge.items()},
        **servers,
        "processes": {child.command.name: child.pid for child in running.children},
    }
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(state, out, indent=2)
