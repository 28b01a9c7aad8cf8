"""Context: time left and trace; and what outgoing calls take over from it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from protolith.context import CURRENT, Context
from protolith.errors import DeadlineExceeded
from protolith.outgoing import call_metadata, call_timeout

from tests.runtime.fakes import FakeContext

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-00"


@contextmanager
def serving(context: Context) -> Iterator[None]:
    token = CURRENT.set(context)
    yield
    CURRENT.reset(token)


def test_time_remaining_is_never_negative() -> None:
    assert FakeContext().time_remaining() is None
    assert FakeContext(remaining=-1).time_remaining() == 0
    assert 59 < (FakeContext(remaining=60).time_remaining() or 0) <= 60


def test_trace_id_is_the_callers() -> None:
    assert FakeContext({"traceparent": PARENT}).trace_id == TRACE


@pytest.mark.parametrize("parent", ["", "00-zz-b7ad6b7169203331-01", f"00-{'0' * 32}-b7ad6b7169203331-01", TRACE])
def test_trace_id_is_made_up_once(parent: str) -> None:
    context = FakeContext({"traceparent": parent})
    assert len(context.trace_id) == 32
    assert context.trace_id == context.trace_id
    assert context.trace_id != FakeContext({"traceparent": parent}).trace_id


def test_outgoing_timeout_is_the_smaller_of_both() -> None:
    assert call_timeout(None) is None
    assert call_timeout(7) == 7
    with serving(FakeContext(remaining=60)):
        assert call_timeout(7) == 7
        assert 59 < (call_timeout(None) or 0) <= 60
        assert 59 < (call_timeout(600) or 0) <= 60


def test_no_time_left_fails_before_anything_is_sent() -> None:
    with serving(FakeContext(remaining=0)), pytest.raises(DeadlineExceeded):
        call_timeout(7)


def test_outgoing_trace_has_the_same_id_and_a_new_span() -> None:
    with serving(FakeContext({"traceparent": PARENT, "tracestate": "a=1"})):
        sent = dict(call_metadata({"x-key": "1"}))
    assert sent["x-key"] == "1"
    assert sent["tracestate"] == "a=1"
    version, trace, span, flags = str(sent["traceparent"]).split("-")
    assert (version, trace, flags) == ("00", TRACE, "00")
    assert span != "b7ad6b7169203331"
    assert len(span) == 16


def test_own_traceparent_is_kept() -> None:
    with serving(FakeContext()):
        assert call_metadata({"traceparent": PARENT}) == (("traceparent", PARENT),)


def test_outside_of_a_call_nothing_is_added() -> None:
    assert call_metadata({"x-key": "1"}) == (("x-key", "1"),)
