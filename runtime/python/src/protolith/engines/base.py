"""What serve.py asks of an engine, in this order: construct, start, channel (while handlers are built), serve, stop."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from protolith.generated import Channel, Servicer
from protolith.settings import WorkerSettings
from protolith.startup import StartError


class EngineError(StartError):
    """A foreseeable reason why an engine cannot run (busy port, lost host); the text is one sentence for people."""


class Engine(ABC):
    """Serves servicers and gives channels to other services. Everything runs on one event loop."""

    def __init__(self, settings: WorkerSettings) -> None:
        self.settings = settings

    @abstractmethod
    async def start(self) -> None:
        """Connect what `channel` needs. Nothing is served yet. Raises EngineError."""

    @abstractmethod
    def channel(self, service: str) -> Channel:
        """The channel to a service by its full name, such as `messenger.user.v1.UserService`."""

    @abstractmethod
    async def serve(self, servicers: Sequence[Servicer]) -> int:
        """Serve until told to stop (signal, end of the host), drain, and return the exit code of the process.

        The engine installs its own signal handlers here. Raises EngineError.
        """

    @abstractmethod
    async def stop(self) -> None:
        """Close what start opened. Called once, also after start or serve failed."""
