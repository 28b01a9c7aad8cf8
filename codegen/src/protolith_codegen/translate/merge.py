"""Both dialects on one field: both hold. Two rules of one name: the second is said in CEL, beside the first."""

from collections.abc import Iterator
from typing import Any, Final

from buf.validate import validate_pb2 as buf

from protolith_codegen.translate.exact import to_cel

_PARTS: Final = ("items", "keys", "values")
_ONE_VALUE: Final = frozenset({"const"})


def merge(made: buf.FieldRules, into: buf.FieldRules, *, explicit: bool) -> Iterator[str]:
    """Add translated rules to those that the contract gives in buf.validate; yields names of what no value can obey."""
    if not explicit:
        into.CopyFrom(made)
        return
    if into.ignore == buf.IGNORE_ALWAYS:  # buf.validate says nothing here, so that PGV's stand alone
        into.CopyFrom(made)
        return
    if made.ignore == buf.IGNORE_IF_ZERO_VALUE != into.ignore:
        _let_empty_pass(made)
    yield from _typed(made, into)
    into.cel.extend(made.cel)
    if made.required:
        into.required = True
    if made.ignore == buf.IGNORE_ALWAYS:
        yield "message.skip"


def _let_empty_pass(made: buf.FieldRules) -> None:
    """PGV's rules pass over an empty value, those in buf.validate do not: each to its own."""
    kind = made.WhichOneof("type")
    made.ClearField("ignore")
    if kind is not None:
        names = frozenset(each.name for each in getattr(made, kind).DESCRIPTOR.fields)
        to_cel(made, kind, names, empty_passes=True)


def _typed(made: buf.FieldRules, into: buf.FieldRules) -> Iterator[str]:
    kind = made.WhichOneof("type")
    if kind is None:
        return
    said, there = getattr(made, kind), getattr(into, kind)
    there.SetInParent()
    for name in _PARTS:
        if name in said.DESCRIPTOR.fields_by_name and said.HasField(name):
            said_there, part = there.HasField(name), getattr(there, name)
            if part.ignore == buf.IGNORE_IF_ZERO_VALUE != getattr(said, name).ignore:
                yield f"{kind}.{name} of empty values"
            yield from merge(getattr(said, name), part, explicit=said_there)
            said.ClearField(name)
    twice = frozenset(_said_twice(said, there))
    for name in sorted(twice & _ONE_VALUE):
        yield f"{kind}.{name}"
    yield from _lists(said, there, kind, twice & {"in", "not_in"})
    to_cel(made, kind, twice - {"in", "not_in"})
    getattr(into, kind).MergeFrom(getattr(made, kind))


def _said_twice(said: Any, there: Any) -> Iterator[str]:
    for descriptor, value in said.ListFields():
        name, oneof = descriptor.name, descriptor.containing_oneof
        if descriptor.is_repeated:
            if getattr(there, name):
                yield name
        elif (oneof is not None and there.WhichOneof(oneof.name) not in (None, name)) or (
            there.HasField(name) and getattr(there, name) != value
        ):
            yield name


def _lists(said: Any, there: Any, kind: str, names: frozenset[str]) -> Iterator[str]:
    """Of two lists of allowed values, what is in both; of two lists of refused ones, all."""
    for name in names:
        ours, theirs = list(getattr(said, name)), list(getattr(there, name))
        both = [each for each in theirs if each in ours] if name == "in" else [*theirs, *ours]
        said.ClearField(name)
        there.ClearField(name)
        getattr(there, name).extend(both)
        if not both:
            yield f"{kind}.in"
