"""A handler cannot tell whether it runs in place or in a Task of its own."""

import asyncio
from typing import Any

import pytest
from google.protobuf.wrappers_pb2 import StringValue
from protolith.codes import Code
from protolith.context import CURRENT
from protolith.dispatch import UnaryUnary, bind
from protolith.engines.host import frames
from protolith.engines.host.in_place import run_in_place
from protolith.generated import Method

from tests.runtime.fakes import FakeContext
from tests.runtime.host import service
from tests.runtime.host.double import HostDouble
from tests.runtime.host.service import Probe

BOTH = pytest.mark.parametrize("method", [service.SURROUNDINGS, service.SURROUNDINGS_LATER])


def test_the_probe_has_both_kinds() -> None:
    bound = bind(Probe())
    in_place = {each.method.name for each in bound.values() if isinstance(each, UnaryUnary) and each.run is not None}
    assert in_place >= {"Echo", "Big", "Fail", "Crash", "Surroundings", "CancelSelf", "Metadata"}
    assert in_place.isdisjoint({"EchoLater", "Hang", "SurroundingsLater", "CancelSelfLater", "Timeout", "Group"})


@BOTH
async def test_current_task_and_variables_are_the_calls_own(host: HostDouble, method: Method[Any, Any]) -> None:
    streams = [host.open(method, StringValue(value=name)) for name in ("ann", "bob")]
    answers = [StringValue.FromString(await host.answer(stream)).value for stream in streams]
    assert answers == ["nobody ann False False 0", "nobody bob False False 0"]
    assert service.SEEN.get() == "nobody"


@BOTH
async def test_who_watches_the_task_hears_of_its_end(host: HostDouble, probe: Probe, method: Method[Any, Any]) -> None:
    await host.answer(host.open(method, StringValue(value="ann")))
    assert await probe.events.get() == "done True False"
    assert len({id(task) for task in probe.tasks}) == 1


@pytest.mark.parametrize("method", [service.CANCEL_SELF, service.CANCEL_SELF_LATER])
async def test_a_handler_that_cancels_its_task(host: HostDouble, method: Method[Any, Any]) -> None:
    assert (await host.next(host.open(method, StringValue(value="x")))).number == Code.CANCELLED


async def test_timeout_and_task_group_work_inside(host: HostDouble) -> None:
    assert await host.answer(host.open(service.TIMEOUT, StringValue())) == said("timed out")
    assert await host.answer(host.open(service.GROUP, StringValue())) == said("one two failed")


async def test_a_call_in_place_amid_a_task_leaves_that_task_alone() -> None:
    loop, call = asyncio.get_running_loop(), FakeContext()
    outer = asyncio.current_task()
    assert outer is not None
    seen: list[object] = []

    def run(data: bytes, context: object) -> bytes:
        seen.extend((asyncio.current_task(), CURRENT.get()))
        return data

    loop.call_soon(lambda: seen.append(run_in_place(loop, run, b"x", call)))
    await asyncio.sleep(0)
    task, current, answer = seen
    assert isinstance(task, asyncio.Future)
    assert (task is not outer, task.done(), current is call, answer) == (True, True, True, b"x")
    assert asyncio.current_task() is outer
    assert CURRENT.get() is None


async def test_a_failure_in_place_leaves_no_current_task(host: HostDouble) -> None:
    assert (await host.next(host.open(service.FAIL, StringValue()))).kind == frames.RESPONSE
    assert await host.answer(host.open(service.ECHO_LATER, StringValue(value="on"))) == said("on")


def said(text: str) -> bytes:
    return StringValue(value=text).SerializeToString()
