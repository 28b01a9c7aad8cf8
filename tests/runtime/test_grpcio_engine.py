"""The grpcio engine on a real loopback connection: its server against grpc clients, its channel against its server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from protolith import errors
from protolith.context import CURRENT
from protolith.dispatch import bind
from protolith.engines.base import EngineError
from protolith.engines.grpcio import GrpcioEngine
from protolith.settings import WorkerSettings

from tests.runtime.echo import ONCE, PB, SERVICE, EchoClient, EchoHandler
from tests.runtime.fakes import FakeContext


@dataclass
class Running:
    engine: GrpcioEngine
    handler: EchoHandler
    client: EchoClient
    address: str


@pytest.fixture
async def running(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    handler = EchoHandler()
    engine = GrpcioEngine(WorkerSettings(max_message_bytes=100_000, grace=5))
    await engine.start()
    serving = asyncio.create_task(engine.serve([handler]))
    await asyncio.wait([serving, asyncio.create_task(engine.serving.wait())], return_when="FIRST_COMPLETED")
    address = f"127.0.0.1:{engine.port}"
    monkeypatch.setenv("PROTOLITH_BACKEND_ECHO", address)
    yield Running(engine, handler, EchoClient(engine.channel(SERVICE.name)), address)
    engine.shutdown()
    assert await serving == 0
    await engine.stop()


async def said(*texts: str) -> AsyncIterator[object]:
    for text in texts:
        yield PB.Said(text=text)


async def test_four_kinds(running: Running) -> None:
    assert (await running.client.once(PB.Said(text="a", times=2))).text == "aa"
    assert [each.text async for each in running.client.many(PB.Said(text="a", times=3))] == ["a0", "a1", "a2"]
    assert (await running.client.gather(said("a", "b"))).text == "a,b"
    assert [each.text async for each in running.client.talk(said("a", "b"))] == ["a", "b"]


async def test_violations_arrive_with_details(running: Running) -> None:
    with pytest.raises(errors.InvalidArgument) as caught:
        await running.client.once(PB.Said(times=-1))
    bad_request, _ = caught.value.details
    assert isinstance(bad_request, error_details_pb2.BadRequest)
    assert [(each.field, each.reason) for each in bad_request.field_violations] == [("times", "int32.gte")]


async def test_handler_errors_keep_code_message_details(running: Running) -> None:
    with pytest.raises(errors.NotFound) as caught:
        await running.client.once(PB.Said(text="gone"))
    assert caught.value.message == "it is gone"
    assert caught.value.details == (PB.Plain(text="detail"),)
    with pytest.raises(errors.NotFound):
        assert [each.text async for each in running.client.many(PB.Said(text="gone", times=1))]


async def test_unexpected_exception_tells_nothing(running: Running) -> None:
    with pytest.raises(errors.Internal, match=r"internal error \(trace id [0-9a-f]{32}\)") as caught:
        await running.client.once(PB.Said(text="bug"))
    assert "secret" not in str(caught.value)


async def test_handler_that_cancels_itself_answers(running: Running) -> None:
    with pytest.raises(errors.Cancelled, match="the handler cancelled itself"):
        await running.client.once(PB.Said(text="cancel"), timeout=10)
    with pytest.raises(errors.Cancelled, match="the handler cancelled itself"):
        assert [each async for each in running.client.many(PB.Said(text="cancel", times=1), timeout=10)]


async def test_metadata_both_ways(running: Running) -> None:
    async with grpc.aio.insecure_channel(running.address) as channel:
        once: Any = channel.unary_unary(ONCE.path)
        call = once(PB.Said().SerializeToString(), metadata=(("x-sent", "1"),))
        await call
        initial, trailing = await call.initial_metadata(), await call.trailing_metadata()
    assert [value for key, value in initial if key == "x-initial"] == ["a", "b"]
    assert dict(trailing)["x-trailing"] == "1"
    assert dict(trailing)["x-raw-bin"] == b"\x00\xff"


async def test_bad_bytes_are_invalid_argument(running: Running) -> None:
    async with grpc.aio.insecure_channel(running.address) as channel:
        once: Any = channel.unary_unary(ONCE.path)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await once(b"\x0a\x02\xff\xfe")
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "UTF-8" in (caught.value.details() or "")


async def test_oversize_either_way_is_resource_exhausted(running: Running) -> None:
    with pytest.raises(errors.ResourceExhausted):
        await running.client.once(PB.Said(text="x" * 200_000))
    with pytest.raises(errors.ResourceExhausted):
        await running.client.once(PB.Said(text="x" * 60_000, times=2))
    assert (await running.client.once(PB.Said(text="x" * 60_000))).text == "x" * 60_000


async def test_deadline_cancels_the_handler(running: Running) -> None:
    with pytest.raises(errors.DeadlineExceeded):
        await running.client.wait(PB.Plain(), timeout=0.2)
    await asyncio.wait_for(running.handler.cancelled.wait(), 5)
    assert running.handler.remaining is not None
    assert 0 < running.handler.remaining < 60


async def test_client_that_leaves_cancels_the_handler(running: Running) -> None:
    call = asyncio.create_task(running.client.wait(PB.Plain()))
    await running.handler.waiting.wait()
    call.cancel()
    await asyncio.wait_for(running.handler.cancelled.wait(), 5)


async def test_deadline_of_the_calling_handler_is_passed_on(running: Running) -> None:
    token = CURRENT.set(FakeContext(remaining=0.2))
    with pytest.raises(errors.DeadlineExceeded):
        await running.client.wait(PB.Plain(), timeout=60)
    CURRENT.reset(token)
    assert running.handler.remaining is not None
    assert running.handler.remaining < 30


async def test_failing_source_of_requests_is_raised(running: Running) -> None:
    async def broken() -> AsyncIterator[object]:
        yield PB.Said(text="a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await running.client.gather(broken())
    with pytest.raises(ZeroDivisionError):
        assert [each async for each in running.client.talk(broken())]


async def test_endless_requests_end_with_the_call(running: Running) -> None:
    async def endless() -> AsyncIterator[object]:
        yield PB.Said(times=-1)
        await asyncio.Event().wait()

    with pytest.raises(errors.InvalidArgument):
        await running.client.gather(endless())


async def test_unknown_method_is_unimplemented(running: Running) -> None:
    async with grpc.aio.insecure_channel(running.address) as channel:
        nothing: Any = channel.unary_unary(f"/{SERVICE.name}/Nothing")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await nothing(b"")
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_unreachable_service_is_unavailable(running: Running, unused_tcp_port: int) -> None:
    engine = running.engine
    client = EchoClient(engine.channel_to(f"127.0.0.1:{unused_tcp_port}"))
    with pytest.raises(errors.Unavailable):
        await client.once(PB.Said())


async def test_health_and_reflection(running: Running) -> None:
    async with grpc.aio.insecure_channel(running.address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for name in ("", SERVICE.name):
            answer = await stub.Check(health_pb2.HealthCheckRequest(service=name))
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        infos = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(
            iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        )
        listed = [each.name async for info in infos for each in info.list_services_response.service]
    assert SERVICE.name in listed


async def test_stop_drains_calls_in_flight(running: Running) -> None:
    async with grpc.aio.insecure_channel(running.address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(service=SERVICE.name))
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
        talk: Any = channel.stream_stream(SERVICE.methods[3].path)()
        await talk.write(PB.Said(text="before").SerializeToString())
        assert PB.Plain.FromString(await talk.read()).text == "before"
        running.engine.shutdown()
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
        watch.cancel()
        await talk.write(PB.Said(text="after").SerializeToString())
        assert PB.Plain.FromString(await talk.read()).text == "after"
        await talk.done_writing()
        assert await talk.read() is grpc.aio.EOF


async def test_busy_port_is_one_sentence(running: Running) -> None:
    second = GrpcioEngine(WorkerSettings(listen=running.address))
    with pytest.raises(EngineError, match=f"cannot listen on {running.address}"):
        await second.serve([EchoHandler()])


def test_unset_backend_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROTOLITH_BACKEND_ECHO", raising=False)
    with pytest.raises(EngineError, match="PROTOLITH_BACKEND_ECHO"):
        GrpcioEngine(WorkerSettings()).channel(SERVICE.name)


def test_every_rpc_is_bound() -> None:
    assert set(bind(EchoHandler())) == {method.path for method in SERVICE.methods}
