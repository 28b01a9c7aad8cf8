"""Waits until something on this machine answers."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from protolith.stack.address import Address
from protolith.startup import StartError

_PAUSE: Final = 0.02  # seconds between two tries
_PATIENCE: Final = 60.0  # seconds until a start counts as failed


async def until(what: str, attempt: Callable[[], Awaitable[str]]) -> None:
    """Repeats `attempt` until it returns "": anything else says why not yet. Raises StartError after a minute."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while reason := await attempt():
        if loop.time() > end:
            raise StartError(f"{what} was not ready after {_PATIENCE:.0f} s: {reason}")
        await asyncio.sleep(_PAUSE)


async def http_problem(address: Address, path: str) -> str:
    """Why `GET path` does not answer 200; "" where it does."""
    try:
        status, body = await asyncio.wait_for(_get(address, path), 5)
    except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
        return str(error) or type(error).__name__
    return "" if status == 200 else _waiting_for(body)


async def tcp_problem(address: Address) -> str:
    """Why nobody accepts a connection; "" where somebody does."""
    try:
        _, writer = await asyncio.open_connection(address.host, address.port)
    except OSError as error:
        return str(error)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return ""


async def _get(address: Address, path: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection(address.host or "127.0.0.1", address.port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1] if b" " in head else 0), body


def _waiting_for(body: bytes) -> str:
    """The host names what it waits for."""
    with suppress(ValueError, AttributeError):
        if names := json.loads(body).get("waitingFor"):
            return f"it waits for {', '.join(names)}"
    return body.decode(errors="replace").strip()[:200] or "an empty answer"
