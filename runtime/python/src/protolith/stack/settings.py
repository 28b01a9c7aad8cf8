"""What the stack runner may be told, from the environment.

A plain dataclass: pydantic would take a tenth of the time in which a laptop stack starts.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from protolith.stack.address import Address, resolve
from protolith.startup import StartError

ENGINES: Final = ("host", "grpcio")
TOPOLOGIES: Final = ("one", "services")
_EDGE: Final = {
    "PROTOLITH_REST_ADDR": "127.0.0.1:8080",
    "PROTOLITH_GRPC_ADDR": "127.0.0.1:9090",
    "PROTOLITH_ADMIN_ADDR": "127.0.0.1:8081",
}


@dataclass(frozen=True, slots=True)
class StackSettings:
    """One project, and how it is to run."""

    root: Path
    """The project: the folder of protolith.yaml."""
    data: Path
    """Everything that outlives a run; PROTOLITH_DATA."""
    engine: str
    """`host` or `grpcio`; ENGINE."""
    topology: str
    """`one` host for everything, or `services`: a gateway and a process for each service; TOPOLOGY."""
    edge: Mapping[str, Address | None]
    """The listeners that the outside world sees, by variable; None: off."""
    database_url: str
    """A database server to use in place of the embedded one; DATABASE_URL."""
    nats_url: str
    """A NATS server to use in place of the embedded one; NATS_URL."""
    environment: Mapping[str, str]
    """What the started processes inherit."""

    @property
    def tools(self) -> Path:
        """Where `make setup` and `make run` put the programs that they build."""
        return self.root / ".tools"

    @property
    def state(self) -> Path:
        """Where a running stack says, for programs, where everything is."""
        return self.data / "stack.json"

    def log(self, name: str) -> Path:
        """The log of a server that does not write to the terminal."""
        folder = self.data / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def services(self) -> list[str]:
        """The services that this project has handlers for."""
        return sorted(path.parent.name for path in self.root.glob("handlers/*/__init__.py"))

    def migrations(self) -> dict[str, Path]:
        """Service to its folder of migrations, for the services that have any."""
        return {
            name: path for name in self.services() if (path := self.root / "handlers" / name / "migrations").is_dir()
        }


def read_settings(environment: Mapping[str, str], folder: Path) -> StackSettings:
    """The settings for the project that `folder` lies in. Raises StartError."""
    root = _project(folder)
    return StackSettings(
        root=root,
        data=root / (environment.get("PROTOLITH_DATA") or ".data"),
        engine=_choice(environment, ("ENGINE", "PROTOLITH_ENGINE"), ENGINES),
        topology=_choice(environment, ("TOPOLOGY",), TOPOLOGIES),
        edge={name: resolve(name, environment.get(name, default)) for name, default in _EDGE.items()},
        database_url=environment.get("DATABASE_URL", ""),
        nats_url=environment.get("NATS_URL", ""),
        environment={**environment, "PROTOLITH_PYTHON": environment.get("PROTOLITH_PYTHON") or sys.executable},
    )


def _project(folder: Path) -> Path:
    for candidate in (folder, *folder.parents):
        if (candidate / "protolith.yaml").is_file():
            return candidate
    raise StartError(f"{folder} is in no Protolith project: there is no protolith.yaml in it or above it")


def _choice(environment: Mapping[str, str], names: tuple[str, ...], choices: tuple[str, ...]) -> str:
    name, value = next(((name, environment[name]) for name in names if environment.get(name)), (names[0], choices[0]))
    if value not in choices:
        raise StartError(f"{name}={value} is not known: it is {' or '.join(choices)}")
    return value
