"""The terminal: lines of many processes, each with the name of its own."""

import os
import sys
from contextlib import suppress
from typing import Final, TextIO

_COLORS: Final = (36, 32, 33, 35, 34, 96, 92, 93)


class Output:
    """Writes whole lines. A reader that has gone away is no reason to stop."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._color = stream.isatty() and "NO_COLOR" not in os.environ
        self._colors: dict[str, int] = {}

    def say(self, text: str) -> None:
        """A line of the runner itself."""
        with suppress(BrokenPipeError):
            print(text, file=self._stream, flush=True)

    def line(self, name: str, text: str) -> None:
        """A line of the process `name`."""
        prefix = f"{name:<10} |"
        if self._color:
            color = self._colors.setdefault(name, _COLORS[len(self._colors) % len(_COLORS)])
            prefix = f"\x1b[{color}m{prefix}\x1b[0m"
        self.say(f"{prefix} {text}")
