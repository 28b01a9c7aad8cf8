"""Holds what was started, in order: notices a death, and stops everything in reverse."""

import asyncio
import signal
from collections.abc import Callable

from protolith.stack.child import Child, Command
from protolith.startup import StartError


class Supervisor:
    """Starts children on the event loop of the main thread. `write(name, line)` gets what they print."""

    def __init__(self, write: Callable[[str, str], object]) -> None:
        self.children: list[Child] = []
        self.death: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails with a StartError when a child ends that nobody stopped: which, how, and its last lines."""
        self._write = write
        self._watchers: list[asyncio.Task[None]] = []

    async def start(self, command: Command) -> Child:
        """Starts one more."""
        child = await Child.start(command, self._write)
        self.children.append(child)
        self._watchers.append(asyncio.create_task(self._watch(child)))
        return child

    async def stop(self, grace: float) -> None:
        """Stops everything, the last started first; each has `grace` seconds to end by itself."""
        for watcher in self._watchers:
            watcher.cancel()
        for child in reversed(self.children):
            await child.stop(grace)

    def kill(self) -> None:
        """Ends everything at once."""
        for child in reversed(self.children):
            child.kill()

    async def _watch(self, child: Child) -> None:
        code = await child.ended()
        if not self.death.done():
            lines = "".join(f"\n    {line}" for line in child.last_lines())
            self.death.set_exception(StartError(f"{child.command.name} has ended by itself ({_how(code)}):{lines}"))


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
