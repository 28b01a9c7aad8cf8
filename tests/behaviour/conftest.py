"""Every test of this folder runs once on each engine, against real processes."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import grpc.aio
import pytest

from tests.behaviour.caller import OPTIONS, Caller
from tests.behaviour.servers import PROJECT, Addresses, build_host, grpcio_engine, host_engine

sys.path.insert(0, str(PROJECT / "generated/python"))


@pytest.fixture(scope="session")
def host_binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The behaviour project's host."""
    return build_host(tmp_path_factory.mktemp("behaviour"))


@pytest.fixture(scope="session", params=["grpcio", "host"])
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that serves."""
    return str(request.param)


@pytest.fixture(scope="session")
def addresses(engine: str, request: pytest.FixtureRequest) -> Iterator[Addresses]:
    """The running services."""
    if engine == "grpcio":
        with grpcio_engine() as serving:
            yield serving
    else:
        with host_engine(request.getfixturevalue("host_binary")) as serving:
            yield serving


@pytest.fixture
def grpc_address(addresses: Addresses) -> str:
    """Where EchoService answers."""
    return addresses.echo


@pytest.fixture
async def channel(addresses: Addresses) -> AsyncIterator[grpc.aio.Channel]:
    """A connection to EchoService's process."""
    async with grpc.aio.insecure_channel(addresses.echo, options=OPTIONS) as channel:
        yield channel


@pytest.fixture
async def echo(channel: grpc.aio.Channel) -> Caller:
    """EchoService."""
    return Caller(channel, "behaviour.echo.v1.EchoService")


@pytest.fixture
async def relay(addresses: Addresses) -> AsyncIterator[Caller]:
    """RelayService."""
    async with grpc.aio.insecure_channel(addresses.relay, options=OPTIONS) as channel:
        yield Caller(channel, "behaviour.relay.v1.RelayService")


@pytest.fixture
async def fault(addresses: Addresses) -> AsyncIterator[Caller]:
    """FaultService."""
    async with grpc.aio.insecure_channel(addresses.fault, options=OPTIONS) as channel:
        yield Caller(channel, "behaviour.fault.v1.FaultService")
