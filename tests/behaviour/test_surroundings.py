"""What stands beside the rpcs: health, reflection, and what a worker does not load."""

import grpc.aio
import pytest
from behaviour.echo.v1.echo_pb2 import InspectRequest, InspectResponse
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from tests.behaviour.caller import Caller

SERVICES = {"behaviour.echo.v1.EchoService"}


@pytest.mark.parametrize("service", ["", *SERVICES])
async def test_health_is_serving(channel: grpc.aio.Channel, service: str) -> None:
    health = Caller(channel, "grpc.health.v1.Health")
    request = health_pb2.HealthCheckRequest(service=service)
    answer = await health.unary("Check", request, health_pb2.HealthCheckResponse)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_health_of_an_unknown_service_is_not_found(channel: grpc.aio.Channel) -> None:
    health = Caller(channel, "grpc.health.v1.Health")
    request = health_pb2.HealthCheckRequest(service="nobody")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await health.unary("Check", request, health_pb2.HealthCheckResponse)
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND


async def test_reflection_lists_the_services(channel: grpc.aio.Channel) -> None:
    reflection = Caller(channel, "grpc.reflection.v1alpha.ServerReflection")
    call = reflection.bidi("ServerReflectionInfo", reflection_pb2.ServerReflectionResponse)
    await call.write(reflection_pb2.ServerReflectionRequest(list_services=""))
    listed = {service.name for service in (await call.read()).list_services_response.service}
    await call.done_writing()
    assert listed >= SERVICES


async def test_a_worker_of_the_host_never_loads_grpc(echo: Caller, engine: str) -> None:
    if engine != "host":
        pytest.skip("the grpcio engine is grpc")
    answer = await echo.unary("Inspect", InspectRequest(), InspectResponse)
    assert list(answer.unwanted_modules) == []
