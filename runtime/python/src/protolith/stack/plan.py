"""Which processes a system consists of: the stack's whole knowledge of engines and topologies. Pure, but for ports."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from protolith.stack.address import Address, free_port
from protolith.stack.binaries import built
from protolith.stack.child import Command
from protolith.stack.settings import StackSettings

GRACE: Final = "5s"  # on a laptop nobody wants to wait longer for a stream to end
_EDGE_OFF: Final = {"PROTOLITH_REST_ADDR": "", "PROTOLITH_GRPC_ADDR": ""}


@dataclass(frozen=True, slots=True)
class Planned:
    """A process to start; it is ready when `admin` says so, or, without one, when `listen` accepts connections."""

    command: Command
    admin: Address | None = None
    listen: Address | None = None


def plan(settings: StackSettings, servers: Mapping[str, str]) -> list[Sequence[Planned]]:
    """What to start: each group is ready before the next one starts. `servers` are DATABASE_URL and the like."""
    build = _Build(settings, {"PROTOLITH_GRACE": GRACE, **settings.environment, **servers})
    services = settings.services()
    if settings.engine == "host" and settings.topology == "one":
        return [[build.edge("host", {})]]
    addresses = {service: _loopback() for service in services}
    make = build.host if settings.engine == "host" else build.grpcio
    return [[make(service, addresses) for service in services], [build.edge("gateway", _remote(addresses))]]


@dataclass(frozen=True, slots=True)
class _Build:
    settings: StackSettings
    environment: Mapping[str, str]

    def edge(self, name: str, backends: Mapping[str, str]) -> Planned:
        """The process that owns the edge. An admin port that is off by setting moves: readiness is asked of it."""
        edge = {variable: str(address or "") for variable, address in self.settings.edge.items()}
        admin = self.settings.edge["PROTOLITH_ADMIN_ADDR"] or _loopback()
        return self._process(name, {**edge, **backends, "PROTOLITH_ADMIN_ADDR": str(admin)}, admin=admin)

    def host(self, service: str, addresses: Mapping[str, Address]) -> Planned:
        """A host with one local backend; the others are where `addresses` say."""
        others = {name: address for name, address in addresses.items() if name != service}
        admin = _loopback()
        listeners = {"PROTOLITH_ADMIN_ADDR": str(admin), "PROTOLITH_SERVICE_ADDR": str(addresses[service])}
        return self._process(service, {**_EDGE_OFF, **listeners, **_remote(others)}, admin=admin)

    def grpcio(self, service: str, addresses: Mapping[str, Address]) -> Planned:
        """A Python process that serves gRPC itself."""
        listen = addresses[service]
        own = {"PROTOLITH_ENGINE": "grpcio", "PROTOLITH_LISTEN": str(listen), **_remote(addresses)}
        command = self._command(service, [sys.executable, "-m", "protolith.serve", service], own)
        return Planned(command, listen=listen)

    def _process(self, name: str, own: Mapping[str, str], admin: Address) -> Planned:
        return Planned(self._command(name, [str(built(self.settings.tools, "host"))], own), admin=admin)

    def _command(self, name: str, argv: Sequence[str], own: Mapping[str, str]) -> Command:
        return Command(name, argv, {**self.environment, **own}, self.settings.root)


def _remote(addresses: Mapping[str, Address]) -> dict[str, str]:
    return {f"PROTOLITH_BACKEND_{name.upper()}": f"dns:///{address}" for name, address in addresses.items()}


def _loopback() -> Address:
    return Address("127.0.0.1", free_port())
