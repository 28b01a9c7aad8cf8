"""What a person is told when something cannot be done: one sentence with what to do, never a traceback."""

from __future__ import annotations

import re

_NO_NETWORK = re.compile(
    r"no such host|Temporary failure in name resolution|Name or service not known|Failed to establish a new connection"
    r"|NewConnectionError|ConnectTimeoutError|connection refused|Network is unreachable|i/o timeout|ProxyError"
    r"|Connection refused|network is unreachable|Cannot connect to proxy|module lookup disabled",
)
_DISK_FULL = re.compile(r"No space left on device|no space left on device|Disk quota exceeded")


class SetupError(Exception):
    """One sentence for the person at the keyboard; `details` are the failed command's last lines."""

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details


def failed(what: str, output: str) -> SetupError:
    """The error for a command that failed while doing `what`."""
    if _DISK_FULL.search(output):
        return SetupError(f"{what} failed: the disk is full; make room, then run make again.")
    if _NO_NETWORK.search(output):
        return SetupError(
            f"{what} failed: the package index cannot be reached; check the network"
            " (or the proxy, `pip config list`, GOPROXY), then run make again: it goes on where it stopped."
        )
    return SetupError(f"{what} failed; when the cause below is mended, run make again.", tail(output))


def tail(output: str, lines: int = 20) -> str:
    """The last lines of a command's output."""
    return "\n".join(output.rstrip().splitlines()[-lines:])
