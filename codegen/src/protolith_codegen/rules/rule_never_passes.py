"""rule-never-passes: some value keeps all rules of a field."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from buf.validate.validate_pb2 import IGNORE_ALWAYS

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem
from protolith_codegen.rules.rules_of import Ruled, ruled

_BOUNDS: Final = (
    ("min_len", "max_len"),
    ("min_bytes", "max_bytes"),
    ("min_len", "max_bytes"),
    ("min_items", "max_items"),
    ("min_pairs", "max_pairs"),
    ("min_len", "len"),
    ("len", "max_len"),
    ("min_bytes", "len_bytes"),
    ("len_bytes", "max_bytes"),
)
_INTEGERS: Final = frozenset("int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64".split())

_KEEPS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
    "min_len": lambda value, bound: len(value) >= bound,
    "max_len": lambda value, bound: len(value) <= bound,
    "len": lambda value, bound: len(value) == bound,
    "prefix": lambda value, bound: value.startswith(bound),
    "suffix": lambda value, bound: value.endswith(bound),
    "contains": lambda value, bound: bound in value,
    "not_contains": lambda value, bound: bound not in value,
    "in": lambda value, bound: value in bound,
    "not_in": lambda value, bound: value not in bound,
    "const": lambda value, bound: value == bound,
}
"""What a value must be to keep a rule; both of a range's ends are left to _range, as a range may be an outside."""


def check(contract: Contract) -> Iterator[Problem]:
    """Rules that no value keeps together."""
    for value in ruled(contract):
        if value.rules.required and value.rules.ignore == IGNORE_ALWAYS:
            where = value.field.written.position(*value.path, "required")
            yield Problem(where, f"{value.name} is required and never checked: keep one of required and ignore")
        if value.kind in ("duration", "timestamp", "any", "field_mask", ""):
            continue
        for rule, told in (*_bounds(value), *_range(value), *_choices(value)):
            yield Problem(value.position(rule), f"{value.name} can never be valid: {told}")


def _bounds(value: Ruled) -> Iterator[tuple[str, str]]:
    for low, high in _BOUNDS:
        if value.says(low) and value.says(high) and getattr(value.typed, low) > getattr(value.typed, high):
            yield high, f"{low} {getattr(value.typed, low)} is above {high} {getattr(value.typed, high)}"


def _range(value: Ruled) -> Iterator[tuple[str, str]]:
    """Two integers with none between them. A lower bound above the upper one is no mistake: it means outside."""
    low = next((each for each in ("gt", "gte") if value.says(each)), "")
    high = next((each for each in ("lt", "lte") if value.says(each)), "")
    if value.kind in _INTEGERS and low and high:
        first = getattr(value.typed, low) + (low == "gt")
        last = getattr(value.typed, high) - (high == "lt")
        if getattr(value.typed, high) > getattr(value.typed, low) and first > last:
            yield high, f"nothing is between {low} {getattr(value.typed, low)} and {high} {getattr(value.typed, high)}"


def _choices(value: Ruled) -> Iterator[tuple[str, str]]:
    """`const`, and every value of `in`, against the other rules."""
    outside = value.says("gt") or value.says("gte")
    outside = outside and (value.says("lt") or value.says("lte"))
    rules = [(name, getattr(value.typed, name)) for name in _KEEPS if value.says(name)]
    rules = [each for each in rules if not (outside and each[0] in ("gt", "gte", "lt", "lte"))]
    for chosen in ("const", "in"):
        if not value.says(chosen):
            continue
        choices = [value.typed.const] if chosen == "const" else list(getattr(value.typed, "in"))
        broken = [_first_broken(each, rules, chosen) for each in choices]
        if all(broken):
            yield chosen, f"{'const' if chosen == 'const' else 'each value of in'} breaks {broken[0]}"


def _first_broken(choice: Any, rules: list[tuple[str, Any]], but: str) -> str:
    return next((name for name, bound in rules if name != but and not _KEEPS[name](choice, bound)), "")
