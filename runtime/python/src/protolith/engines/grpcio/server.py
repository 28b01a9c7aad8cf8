"""The engine: one grpc.aio server with health and reflection, drained on SIGTERM and SIGINT."""

import asyncio
import os
import signal
from collections.abc import Sequence
from typing import Final

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

from protolith import dispatch
from protolith.engines.base import Engine, EngineError
from protolith.engines.grpcio.channel import GrpcioChannel
from protolith.engines.grpcio.methods import method_handler
from protolith.engines.grpcio.source import source_pool
from protolith.generated import Channel, Servicer
from protolith.names import backend_variable
from protolith.settings import WorkerSettings

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_OPTIONS: Final = (
    ("grpc.so_reuseport", 0),
    # Else grpc cancels calls by chance as soon as 1,000 wait for a moment.
    ("grpc.server.max_pending_requests", 2**31 - 1),
    ("grpc.server.max_pending_requests_hard_limit", 2**31 - 1),
)


class GrpcioEngine(Engine):
    """Listens on PROTOLITH_LISTEN; calls other services at PROTOLITH_BACKEND_<SVC>."""

    def __init__(self, settings: WorkerSettings) -> None:
        super().__init__(settings)
        self.port = 0
        """The port it listens on, once it serves."""
        self.serving = asyncio.Event()
        """Set when calls are accepted."""
        self._stopping = asyncio.Event()
        self._channels: dict[str, GrpcioChannel] = {}

    async def start(self) -> None:
        """Nothing: channels connect when they are first used."""

    def channel(self, service: str) -> Channel:
        variable = backend_variable(service)
        target = os.environ.get(variable, "")
        if target in ("", "local"):
            raise EngineError(f"calls to {service} need its address: set {variable}, for example to 127.0.0.1:9201")
        return self.channel_to(target)

    def channel_to(self, target: str) -> Channel:
        """The channel to a gRPC target, one a target."""
        if target not in self._channels:
            self._channels[target] = GrpcioChannel(target, self.settings.max_message_bytes)
        return self._channels[target]

    async def serve(self, servicers: Sequence[Servicer]) -> int:
        server = self._server(servicers)
        health_servicer = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
        names = [servicer.SERVICE.name for servicer in servicers]
        pool = source_pool(servicers, (health_pb2.DESCRIPTOR, reflection_pb2.DESCRIPTOR))
        reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server, pool)
        self.port = _listen(server, self.settings.listen)
        await server.start()
        for name in names:
            await health_servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
        host = self.settings.listen.rpartition(":")[0]
        structlog.get_logger("protolith").info(
            "serving", services=names, address=f"{host}:{self.port}", engine="grpcio"
        )
        await self._until_told()
        await health_servicer.enter_graceful_shutdown()
        await server.stop(self.settings.grace)
        return 0

    def shutdown(self) -> None:
        """Ask serve to drain and return; what SIGTERM and SIGINT do."""
        self._stopping.set()

    async def stop(self) -> None:
        for channel in self._channels.values():
            await channel.close()
        self._channels.clear()

    def _server(self, servicers: Sequence[Servicer]) -> grpc.aio.Server:
        limit = self.settings.max_message_bytes
        server = grpc.aio.server(options=[*_OPTIONS, ("grpc.max_receive_message_length", limit)])
        for servicer in servicers:
            methods = dispatch.bind(servicer, validate_responses=self.settings.validate_responses).values()
            handlers = {bound.method.name: method_handler(bound, limit) for bound in methods}
            server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(servicer.SERVICE.name, handlers),))
        return server

    async def _until_told(self) -> None:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.shutdown)
        self.serving.set()
        try:
            await self._stopping.wait()
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)


def _listen(server: grpc.aio.Server, address: str) -> int:
    try:
        return server.add_insecure_port(address)
    except RuntimeError:
        raise EngineError(
            f"cannot listen on {address}: the port is taken or the address is not this machine's; "
            "set PROTOLITH_LISTEN to another"
        ) from None
