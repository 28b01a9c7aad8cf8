"""The worker side of docs/worker-protocol.md: serves handlers behind the Go host, calls other services through it."""

from protolith.engines.host.engine import HostEngine

__all__ = ["HostEngine"]
