"""Running a handler that cannot suspend without a Task, so that what it calls cannot tell the difference."""

import asyncio
from asyncio.tasks import _enter_task, _leave_task
from collections.abc import Callable
from contextvars import Context as Variables
from contextvars import copy_context
from types import FrameType
from typing import Any

from protolith.context import CURRENT, Context


class InPlaceTask(asyncio.Future[None]):
    """What asyncio.current_task() answers meanwhile: the questions that a running Task answers about itself."""

    __slots__ = ("_variables",)  # the rest is set only by who cancels or names it

    _cancelling = 0
    _name = ""
    _variables: Variables

    def get_name(self) -> str:
        return self._name or f"call-{id(self):x}"

    def set_name(self, value: object) -> None:
        self._name = str(value)

    def get_coro(self) -> None:
        """There is no coroutine to show."""

    def get_context(self) -> Variables:
        return self._variables

    def get_stack(self, *, limit: int | None = None) -> list[FrameType]:
        return []

    def cancel(self, msg: Any | None = None) -> bool:
        """As in a Task that cancels itself while it runs: it takes effect at the next await, here at the end."""
        if self.done():
            return False
        self._cancelling += 1
        return True

    def cancelling(self) -> int:
        return self._cancelling

    def uncancel(self) -> int:
        self._cancelling = max(0, self._cancelling - 1)
        return self._cancelling

    def conclude_cancelled(self) -> None:
        """The handler is over, and had cancelled itself."""
        super().cancel()
        raise asyncio.CancelledError


def run_in_place(
    loop: asyncio.AbstractEventLoop, run: Callable[[bytes, Context], bytes], data: bytes, call: Context
) -> bytes:
    """Run a bound method's `run` in contextvars of its own, as the loop's current task. Raises what `run` raises."""
    task = InPlaceTask(loop=loop)
    task._variables = variables = copy_context()
    _enter_task(loop, task)  # type: ignore[arg-type]
    try:
        return variables.run(_within, run, data, call)
    finally:
        _leave_task(loop, task)  # type: ignore[arg-type]
        if task._cancelling:
            task.conclude_cancelled()
        task.set_result(None)


def _within(run: Callable[[bytes, Context], bytes], data: bytes, call: Context) -> bytes:
    CURRENT.set(call)
    return run(data, call)
