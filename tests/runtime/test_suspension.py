"""What can suspend is told from the bytecode; in doubt it can."""

import asyncio
import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from protolith.suspension import can_suspend


class Handlers:
    async def plain(self, request: object, context: object) -> object:
        return [len(str(each)) for each in (request, context)]

    async def raises(self, request: object, context: object) -> object:
        raise ValueError

    async def awaits(self, request: object, context: object) -> object:
        return await asyncio.sleep(0, request)

    async def iterates(self, request: Any, context: object) -> object:
        return [each async for each in request]

    async def loops(self, request: Any, context: object) -> None:
        async for _ in request:
            pass

    async def enters(self, request: object, context: object) -> None:
        async with nullcontext():
            pass

    async def asks_for_its_task(self, request: object, context: object) -> object:
        return asyncio.current_task()

    async def asks_inside(self, request: object, context: object) -> object:
        return [asyncio.current_task() for _ in range(1)]

    async def generates(self, request: object, context: object) -> Any:
        yield request

    def returns_awaitable(self, request: object, context: object) -> object:
        return asyncio.sleep(0)

    @functools.wraps(plain)
    async def wrapped(self, request: object, context: object) -> object:
        return None

    partial: Any = functools.partial(asyncio.sleep, 0)


@pytest.mark.parametrize("name", ["plain", "raises"])
def test_cannot_suspend(name: str) -> None:
    assert not can_suspend(getattr(Handlers(), name))


@pytest.mark.parametrize(
    "name",
    [
        "awaits",
        "iterates",
        "loops",
        "enters",
        "asks_for_its_task",
        "asks_inside",
        "generates",
        "returns_awaitable",
        "wrapped",
        "partial",
    ],
)
def test_can_suspend(name: str) -> None:
    assert can_suspend(getattr(Handlers(), name))


def test_unusual_callables_can() -> None:
    unusual: Callable[..., Any] = print
    assert can_suspend(unusual)
