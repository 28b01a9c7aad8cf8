"""Times between Python and protobuf."""

from datetime import UTC, datetime, timedelta, timezone

from protolith.times import timestamp


def test_a_moment_keeps_its_place_in_time_and_its_microseconds() -> None:
    moment = datetime(2026, 11, 23, 12, 0, 0, 123456, timezone(timedelta(hours=2)))
    assert timestamp(moment).ToJsonString() == "2026-11-23T10:00:00.123456Z"
    assert timestamp(moment).ToDatetime(UTC) == moment
