"""Listening addresses of this machine: which are free, which are taken."""

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from protolith.startup import StartError


@dataclass(frozen=True, slots=True)
class Address:
    """`host:port` to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        return f"http://{Address('localhost' if self.host in ('', '0.0.0.0', '::') else self.host, self.port)}"  # noqa: S104


def resolve(variable: str, text: str) -> Address | None:
    """The address that a variable gives; port 0 becomes a free one, empty text None. Raises StartError."""
    if not text:
        return None
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise StartError(f"{variable}={text} is no address: write host:port, such as 127.0.0.1:8080")
    host = host.strip("[]")
    return Address(host, int(port) or free_port(host))


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on now."""
    with socket.socket(_family(host)) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def require_free(addresses: Mapping[str, Address | None]) -> None:
    """Raises a StartError that names every address that cannot be listened on, and its variable."""
    problems = [_problem(name, address) for name, address in addresses.items() if address is not None]
    if text := "\n".join(filter(None, problems)):
        raise StartError(text)


def _problem(variable: str, address: Address) -> str:
    try:
        with socket.socket(_family(address.host)) as probe:
            # As the host itself will: connections of a stack that has just stopped do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address.host, address.port))
    except OSError as error:
        other = Address(address.host, (address.port + 100) % 65536)
        advice = f"use another address, such as {variable}={other} make run"
        if error.errno == errno.EADDRINUSE:
            return f"{address} is in use by another program: stop it, or {advice}"
        return f"{address} cannot be listened on ({error.strerror or error}): {advice}"
    return ""


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
