"""A probe service behind a test double of the host, in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import uvloop

from tests.runtime.host.double import HostDouble, serving
from tests.runtime.host.service import Probe


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The worker's own event loop."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def probe() -> Probe:
    return Probe()


@pytest.fixture
async def host(probe: Probe) -> AsyncIterator[HostDouble]:
    async with serving(probe) as double:
        yield double
