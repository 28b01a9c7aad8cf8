"""Candidates for numbers and enums: what the rules spell out, then small numbers, then both sides of every bound."""

import math
import struct
from collections.abc import Iterator
from typing import Any

from protolith.stub.slot import Slot


def integer_candidates(slot: Slot) -> Iterator[int]:
    """In the order of preference; some lie outside the type's range, which the caller finds out."""
    yield from slot.stated()
    yield slot.ordinal + 1
    forbidden = len(getattr(slot.typed, "not_in", ()))
    for low in _bounds(slot.typed, "gt", "gte"):
        yield from range(low + slot.ordinal, low + slot.ordinal + forbidden + 3)
    for high in _bounds(slot.typed, "lt", "lte"):
        yield from range(high - slot.ordinal, high - slot.ordinal - forbidden - 3, -1)
    yield from range(slot.ordinal, slot.ordinal + forbidden + 2)


def float_candidates(slot: Slot, single: bool) -> Iterator[float]:
    """As for integers; `single` steps by the precision of a 32-bit float."""
    yield from slot.stated()
    yield slot.ordinal + 1.0
    lows, highs = _bounds(slot.typed, "gt", "gte"), _bounds(slot.typed, "lt", "lte")
    yield from ((low + high) / 2 for low in lows for high in highs)
    for low in lows:
        yield from (low + 1 + slot.ordinal, low, _next(low, math.inf, single))
    for high in highs:
        yield from (high - 1 - slot.ordinal, high, _next(high, -math.inf, single))
    yield from (slot.ordinal + step / 8 for step in range(8 + len(getattr(slot.typed, "not_in", ()))))


def enum_candidates(slot: Slot) -> Iterator[int]:
    """Values of the rules, then the enum's own from the first that is not zero."""
    yield from slot.stated()
    enum = slot.field.enum_type
    assert enum is not None
    numbers = sorted({value.number for value in enum.values}, key=lambda number: (number == 0, number < 0))
    for index in range(len(numbers)):
        yield numbers[(index + slot.ordinal) % len(numbers)]


def _bounds(rules: Any, *names: str) -> list[Any]:
    return [] if rules is None else [getattr(rules, name) for name in names if rules.HasField(name)]


def _next(number: float, towards: float, single: bool) -> float:
    """The neighbouring number in the field's precision."""
    if not single or not math.isfinite(number):
        return math.nextafter(number, towards)
    if number == 0:
        return math.copysign(2.0**-149, towards)
    (bits,) = struct.unpack("<i", struct.pack("<f", number))
    (neighbour,) = struct.unpack("<f", struct.pack("<i", bits + (1 if (towards > number) == (number > 0) else -1)))
    return float(neighbour)
