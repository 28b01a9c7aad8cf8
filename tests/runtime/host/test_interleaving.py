"""Calls of every kind at once, their frames in any order and any chunks: each gets its own answer and nothing else."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

import uvloop
from google.protobuf.wrappers_pb2 import BytesValue, Int64Value, StringValue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from protolith.codes import Code
from protolith.engines.host import frames
from protolith.engines.host.connection import Connection
from protolith.generated import Method

from tests.runtime.host import service
from tests.runtime.host.double import HostDouble, bound_methods, connected
from tests.runtime.host.frame_log import Frame, encoded
from tests.runtime.host.service import Probe

AnyMethod: TypeAlias = Method[Any, Any]


@dataclass(frozen=True)
class Plan:
    """One call: what is sent, where it is cut, what must come back; cancelled after some frames, or never."""

    method: AnyMethod
    requests: tuple[bytes, ...]
    answers: tuple[bytes, ...]
    cut: int = frames.PIECE
    end_alone: bool = False
    cancel_after: int | None = None


def said(text: str) -> bytes:
    return StringValue(value=text).SerializeToString()


def echo(method: AnyMethod, text: str) -> Plan:
    return Plan(method, (said(text),), (said(text),))


def gather(texts: list[str], cut: int, end_alone: bool) -> Plan:
    return Plan(service.GATHER, tuple(map(said, texts)), (said(",".join(texts)),), cut, end_alone)


def talk(texts: list[str], cut: int, end_alone: bool) -> Plan:
    answers = tuple(said(text.upper()) for text in texts)
    return Plan(service.TALK, tuple(map(said, texts)), answers, cut, end_alone)


def count(number: int) -> Plan:
    answers = tuple(Int64Value(value=each).SerializeToString() for each in range(number))
    return Plan(service.COUNT, (Int64Value(value=number).SerializeToString(),), answers)


def big(method: AnyMethod, size: int) -> Plan:
    return Plan(
        method, (Int64Value(value=size).SerializeToString(),), (BytesValue(value=bytes(size)).SerializeToString(),)
    )


texts = st.text("abc", max_size=8)
cuts = st.integers(1, 12)
plans = st.one_of(
    st.builds(echo, st.sampled_from((service.ECHO, service.ECHO_LATER)), texts),
    st.builds(gather, st.lists(texts, max_size=5), cuts, st.booleans()),
    st.builds(talk, st.lists(texts, max_size=5), cuts, st.booleans()),
    st.builds(count, st.integers(0, 20)),
    st.builds(big, st.sampled_from((service.BIG, service.BIG_LATER)), st.sampled_from((0, 1, 65_536, 300_000))),
)
cancelled = st.builds(
    lambda plan, after: Plan(plan.method, plan.requests, (), plan.cut, plan.end_alone, after), plans, st.integers(1, 6)
)


def frames_of(plan: Plan, stream: int, number: int) -> list[Frame]:
    """The frames that the host sends for a plan."""
    sent: list[Frame] = []
    for index, message in enumerate(plan.requests):
        last = frames.END if index == len(plan.requests) - 1 and not plan.end_alone else 0
        pieces = [message[start : start + plan.cut] for start in range(0, len(message), plan.cut)] or [b""]
        sent += [Frame(frames.DATA, stream, frames.MORE, piece) for piece in pieces[:-1]]
        sent.append(Frame(frames.DATA, stream, last, pieces[-1]))
    if plan.end_alone or not plan.requests:
        sent.append(Frame(frames.DATA, stream, frames.END | frames.NO_MESSAGE))
    first = sent.pop(0)
    sent.insert(0, Frame(frames.REQUEST, stream, first.flags, first.body, number))
    if plan.cancel_after is not None:
        sent[plan.cancel_after :] = [Frame(frames.CANCEL, stream, number=Code.CANCELLED)]
    return sent


def merged(rows: list[list[Frame]], order: list[int]) -> bytes:
    """The rows' frames in one row, in an order that keeps each row's own."""
    rows = [list(row) for row in rows]
    out: list[bytes] = []
    for choice in [*order, *[0] * sum(map(len, rows))]:
        left = [row for row in rows if row]
        if left:
            out.append(encoded(left[choice % len(left)].pop(0)))
    return b"".join(out)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(plans | cancelled, min_size=1, max_size=10),
    st.lists(st.integers(0, 9), max_size=60),
    st.lists(st.integers(1, 400), max_size=40),
)
def test_any_interleaving(chosen: list[Plan], order: list[int], chunks: list[int]) -> None:
    run(interleaved(chosen, order, chunks))


async def interleaved(chosen: list[Plan], order: list[int], chunks: list[int]) -> None:
    probe = Probe()
    async with connected() as (host, connection):
        host.hello()
        await connection.host
        connection.serve("probe-0", bound_methods(probe))
        await host.heard_hello()
        numbered = {1 + 2 * index: plan for index, plan in enumerate(chosen)}
        rows = [frames_of(plan, each, host.methods.index(plan.method.path)) for each, plan in numbered.items()]
        await feed(connection, merged(rows, order), chunks)
        for stream, plan in numbered.items():
            if plan.cancel_after is None:
                assert await answers(host, stream) == plan.answers
        host.send(Frame(frames.GOAWAY))  # ends only when no call is left behind
        assert await asyncio.wait_for(asyncio.shield(connection.ended), 10) == 0
        assert all(host.nothing(stream) for stream, plan in numbered.items() if plan.cancel_after is None)


async def feed(connection: Connection, data: bytes, chunks: list[int]) -> None:
    """Hand over the bytes as reads of the given sizes, as the loop would, with a turn of the loop between them."""
    loop = asyncio.get_running_loop()
    for size in [*chunks, len(data)]:
        if data:
            loop.call_soon(connection.data_received, data[:size])
            data = data[size:]
            await asyncio.sleep(0)


async def answers(host: HostDouble, stream: int) -> tuple[bytes, ...]:
    """The messages of a stream that ends OK."""
    whole: list[bytes] = []
    pieces = b""
    while (frame := await host.next(stream)).kind != frames.RESPONSE:
        if frame.kind != frames.DATA:
            continue
        host.send(Frame(frames.CREDIT, stream, number=frames.HEADER.size + len(frame.body)))
        pieces += frame.body
        if not frame.flags & frames.MORE:
            whole.append(pieces)
            pieces = b""
    assert frame.number == 0, frame
    return tuple(whole) if frame.flags & frames.NO_MESSAGE else (*whole, frame.body)


def run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)
