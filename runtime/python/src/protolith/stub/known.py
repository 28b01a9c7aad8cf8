"""Candidates for fields of google.protobuf's own messages: times, durations, masks, Any, Struct and its parts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.protobuf import any_pb2, duration_pb2, empty_pb2, field_mask_pb2, struct_pb2, timestamp_pb2
from google.protobuf.message import Message

from protolith.stub.slot import Slot

_HOUR: Final = timedelta(hours=1)
_SECOND: Final = timedelta(seconds=1)
_TICK: Final = timedelta(microseconds=1)


def _timestamps(slot: Slot) -> Iterator[Message]:
    yield from slot.stated()
    rules = slot.typed
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=slot.ordinal)
    within = rules.within.ToTimedelta() / 2 if rules is not None and rules.HasField("within") else _HOUR
    first = now + _HOUR if "expire" in slot.name else now
    bounds = [bound.ToDatetime(UTC) for bound in _bounds(rules)]
    for moment in (first, now, now + within, now - within, *_around(bounds)):
        timestamp = timestamp_pb2.Timestamp()
        timestamp.FromDatetime(moment)
        yield timestamp


def _durations(slot: Slot) -> Iterator[Message]:
    yield from slot.stated()
    bounds = [bound.ToTimedelta() for bound in _bounds(slot.typed)]
    for span in (timedelta(minutes=1 + slot.ordinal), *_around(bounds)):
        duration = duration_pb2.Duration()
        duration.FromTimedelta(span)
        yield duration


def _bounds(rules: Any) -> list[Any]:
    """The limits that the rules set, as messages."""
    names = ("gt", "gte", "lt", "lte")
    return [] if rules is None else [getattr(rules, name) for name in names if rules.HasField(name)]


def _around(bounds: list[Any]) -> Iterator[Any]:
    """Between every two limits, then at each of them and on both its sides."""
    yield from (low + (high - low) / 2 for low in bounds for high in bounds if low < high)
    for step in (_SECOND, _HOUR, _TICK):
        yield from (each for bound in bounds for each in (bound, bound + step, bound - step))


def _masks(slot: Slot) -> Iterator[Message]:
    if slot.typed is not None:
        if slot.typed.HasField("const"):
            yield slot.typed.const
        yield from (field_mask_pb2.FieldMask(paths=[path]) for path in getattr(slot.typed, "in"))
    yield field_mask_pb2.FieldMask(paths=["name"])


def _anys(slot: Slot) -> Iterator[Message]:
    if slot.typed is not None:
        yield from (any_pb2.Any(type_url=url) for url in getattr(slot.typed, "in"))
    yield any_pb2.Any(type_url="type.googleapis.com/google.protobuf.Empty")


def _structs(slot: Slot) -> Iterator[Message]:
    yield struct_pb2.Struct(fields={"key": struct_pb2.Value(string_value="value")})


def _values(slot: Slot) -> Iterator[Message]:
    yield struct_pb2.Value(string_value=slot.name)


def _lists(slot: Slot) -> Iterator[Message]:
    yield struct_pb2.ListValue(values=[struct_pb2.Value(string_value=slot.name)])


def _empties(slot: Slot) -> Iterator[Message]:
    yield empty_pb2.Empty()


KNOWN: Final[dict[str, Callable[[Slot], Iterator[Any]]]] = {
    "google.protobuf.Timestamp": _timestamps,
    "google.protobuf.Duration": _durations,
    "google.protobuf.FieldMask": _masks,
    "google.protobuf.Any": _anys,
    "google.protobuf.Struct": _structs,
    "google.protobuf.Value": _values,
    "google.protobuf.ListValue": _lists,
    "google.protobuf.Empty": _empties,
}
"""By full message name; every candidate is a message to copy."""
