"""The engine of a worker: serves behind the Go host, over the socketpair that it inherited."""

import asyncio
import os
import signal
import socket
from collections.abc import Sequence

from protolith import dispatch
from protolith.engines.base import Engine, EngineError
from protolith.engines.host import orphan
from protolith.engines.host.channel import HostChannel
from protolith.engines.host.connection import Connection
from protolith.generated import Channel, Servicer


class HostEngine(Engine):
    """The host decides when it ends: GOAWAY drains, end-of-file ends at once; SIGTERM drains as well.

    SIGINT is ignored: Ctrl-C reaches the whole process group, and the host drains its workers itself.
    """

    _connection: Connection | None = None

    async def start(self) -> None:
        """Take the inherited connection and hear the host's HELLO. Raises EngineError."""
        loop = asyncio.get_running_loop()
        inherited = _inherited(self.settings.worker_fd)
        orphan.watch(inherited.fileno())
        _, self._connection = await loop.create_unix_connection(lambda: Connection(loop), sock=inherited)
        await asyncio.wait((self._connection.host, self._connection.ended), return_when=asyncio.FIRST_COMPLETED)
        if not self._connection.host.done():
            raise EngineError("the host went away before it said HELLO")

    def channel(self, service: str) -> Channel:
        return HostChannel(self._connected().egress)

    async def serve(self, servicers: Sequence[Servicer]) -> int:
        check = self.settings.validate_responses
        methods = [
            bound for servicer in servicers for bound in dispatch.bind(servicer, validate_responses=check).values()
        ]
        connection = self._connected()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        loop.add_signal_handler(signal.SIGTERM, self._drain)
        connection.serve(self.settings.worker_name, methods)
        try:
            return await connection.ended
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            loop.remove_signal_handler(signal.SIGTERM)

    async def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            await self._connection.closed.wait()
            self._connection = None

    def _drain(self) -> None:
        connection = self._connected()
        connection.go_away("the worker was told to stop")
        asyncio.get_running_loop().call_later(self.settings.grace, connection.close)

    def _connected(self) -> Connection:
        if self._connection is None:
            raise EngineError("the engine is not started")
        return self._connection


def _inherited(descriptor: int | None) -> socket.socket:
    if descriptor is None:
        raise EngineError(
            "the engine `host` runs inside a worker of the host, which sets PROTOLITH_WORKER_FD; "
            "for a process of its own set PROTOLITH_ENGINE=grpcio"
        )
    try:
        inherited = socket.socket(fileno=descriptor)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise EngineError(f"PROTOLITH_WORKER_FD={descriptor} is not a socket of the host: {reason}") from None
    inherited.set_inheritable(False)
    return inherited
