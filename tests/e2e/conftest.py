"""Every test of this folder runs against the whole messenger, once on each engine and topology."""

from collections.abc import AsyncIterator, Callable, Iterator

import aiohttp
import grpc.aio
import pytest
from playwright.async_api import Browser, async_playwright

from tests.behaviour.caller import OPTIONS
from tests.e2e.rest import Rest
from tests.support.running import RunningStack

SYSTEMS = [("host", "one"), ("host", "services"), ("grpcio", "services")]


@pytest.fixture(scope="session", params=SYSTEMS, ids="-".join)
def system(request: pytest.FixtureRequest, stack: Callable[[str, str], RunningStack]) -> Iterator[RunningStack]:
    """The messenger, running. Whatever the tests do to it, no call may end with an error that no contract declares."""
    running = stack(*request.param)
    yield running
    assert "undeclared error" not in running.output


@pytest.fixture
async def rest(system: RunningStack) -> AsyncIterator[Rest]:
    """A REST client of the gateway."""
    async with aiohttp.ClientSession() as session:
        yield Rest(session, system.rest)


@pytest.fixture
async def edge(system: RunningStack) -> AsyncIterator[grpc.aio.Channel]:
    """A connection to the gateway's gRPC port."""
    async with grpc.aio.insecure_channel(system.grpc, options=OPTIONS) as channel:
        yield channel


@pytest.fixture
async def chrome(chromium: str) -> AsyncIterator[Browser]:
    """A real Chromium."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        await browser.close()
