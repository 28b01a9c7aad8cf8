"""One process that the runner started: its output, its death, its end."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from protolith.stack.account import Account, before_exec, current

_TAIL: Final = 15  # lines shown of a process that died
_LAST_WORDS: Final = 0.5  # seconds for output that is still in the pipe when its process has ended


@dataclass(frozen=True, slots=True)
class Command:
    """What to start, and how to end it."""

    name: str
    argv: Sequence[object]
    environment: Mapping[str, str]
    folder: Path
    account: Account = field(default_factory=current)
    log: Path | None = None
    """Where its output goes; None: to the terminal."""
    stop: signal.Signals = signal.SIGTERM
    when_orphaned: signal.Signals = signal.SIGKILL


class Child:
    """A started command, in a process group of its own: Ctrl-C reaches the runner alone, which stops all in order."""

    def __init__(self, command: Command, process: asyncio.subprocess.Process, write: Callable[[str], object]) -> None:
        self.command = command
        self.pid = process.pid
        self._process = process
        self._write = write
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._output: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, command: Command, write: Callable[[str, str], object]) -> "Child":
        """Starts it; `write(name, line)` gets what it prints. Call it on the main thread: its death ends the child."""
        # A pipe of our own: asyncio's would delay the news of a death until the last grandchild has closed it.
        reader, writer = os.pipe()
        target = os.open(command.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) if command.log else os.dup(writer)
        os.close(writer)
        try:
            process = await _spawn(command, target)
        finally:
            os.close(target)
        child = cls(command, process, lambda line: write(command.name, line))
        child._output = asyncio.create_task(child._pump(reader))
        return child

    async def ended(self) -> int:
        """Waits for its end: the exit code, negative for a signal."""
        code = await self._process.wait()
        if self._output is not None:
            await asyncio.wait({self._output}, timeout=_LAST_WORDS)
        return code

    def last_lines(self) -> list[str]:
        """What it printed last."""
        if self.command.log:
            return self.command.log.read_text(errors="replace").splitlines()[-_TAIL:]
        return list(self._tail)

    async def stop(self, grace: float) -> None:
        """Asks it to stop; what is left of its group after `grace` seconds is killed."""
        with suppress(ProcessLookupError):
            self._process.send_signal(self.command.stop)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), grace)
        self.kill()
        await self.ended()

    def kill(self) -> None:
        """Ends the whole group at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    async def _pump(self, descriptor: int) -> None:
        output = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(output)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: protocol, os.fdopen(descriptor, "rb", 0)
        )
        rest = b""
        try:
            while chunk := await output.read(65536):
                *lines, rest = (rest + chunk).split(b"\n")
                self._print(lines)
            self._print([rest] if rest else [])
        finally:
            transport.close()

    def _print(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            text = line.decode(errors="replace").rstrip("\r")
            self._tail.append(text)
            self._write(text)


async def output_of(
    argv: Sequence[object], environment: Mapping[str, str], account: Account | None = None
) -> tuple[int, str]:
    """Runs a short command to its end: exit code and output."""
    command = Command(str(argv[0]), argv, environment, Path("/"), account or current())
    process = await _spawn(command, asyncio.subprocess.PIPE)
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    return process.returncode or 0, output.decode(errors="replace").strip()


async def _spawn(command: Command, output: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *map(str, command.argv),
        cwd=command.folder,
        env=command.environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        process_group=0,
        preexec_fn=before_exec(command.account, command.when_orphaned),
    )
