"""Sends a stream of requests beside the reading of answers; a failing source of requests fails the call."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from google.protobuf.message import Message


@asynccontextmanager
async def sending(call: Any, requests: AsyncIterable[Message]) -> AsyncIterator[None]:
    """Sends while the body runs, and stops with it. What `requests` raises is raised here, and cancels the call."""
    failures: list[Exception] = []
    sender = asyncio.create_task(_send(call, requests, failures))
    try:
        yield
    except asyncio.CancelledError:
        if failures:
            raise failures[0] from None
        raise
    finally:
        sender.cancel()
        await asyncio.wait([sender])


async def _send(call: Any, requests: AsyncIterable[Message], failures: list[Exception]) -> None:
    try:
        async for request in requests:
            if call.done():
                return  # before the requests ended: its status says why
            await call.write(request.SerializeToString())
        await call.done_writing()
    except Exception as error:
        failures.append(error)
        call.cancel()
