"""Rules of the same name in both dialects that do not mean the same: here they get PGV's meaning, as CEL."""

from typing import Any, Final

from buf.validate import validate_pb2 as buf

from protolith_codegen.translate.cel import RANGE, as_cel
from protolith_codegen.translate.formats import HEADER_NAME, further
from protolith_codegen.translate.subject import Subject

_FLOATS: Final = frozenset({"float", "double"})
_CALENDAR: Final = {
    "timestamp": (
        "this >= timestamp('0001-01-01T00:00:00Z') && this <= timestamp('9999-12-31T23:59:59.999999999Z')",
        "value is not a valid timestamp",
    ),
    "duration": (
        "this >= duration('-315576000000s') && this <= duration('315576000000s')",
        "value is not a valid duration",
    ),
}
"""What PGV looks at before any bound."""
_PARTS: Final = ("items", "keys", "values")


def exact(plain: buf.FieldRules, subject: Subject) -> buf.FieldRules:
    """Rules with PGV's verdict, made from rules that were only copied."""
    made = buf.FieldRules()
    made.CopyFrom(plain)
    kind = plain.WhichOneof("type")
    if kind is None:
        return made
    typed = getattr(made, kind)
    if _empty_passes(plain, subject, kind):
        made.ignore = buf.IGNORE_UNSPECIFIED
        made.ClearField("ignore")
        to_cel(made, kind, frozenset(each.name for each in typed.DESCRIPTOR.fields), empty_passes=True)
        return made
    to_cel(made, kind, _different(typed, kind))
    if kind == "string":
        made.cel.extend(further(typed))
    if kind in _CALENDAR and typed.ListFields():
        test, message = _CALENDAR[kind]
        made.cel.add(id=f"{kind}.valid", message=message, expression=test)
    for name in _PARTS:
        if name in typed.DESCRIPTOR.fields_by_name and typed.HasField(name):
            getattr(typed, name).CopyFrom(exact(getattr(typed, name), subject.part(name)))
    return made


def to_cel(made: buf.FieldRules, kind: str, names: frozenset[str], *, empty_passes: bool = False) -> None:
    """Replace rules of the field's kind by CEL, with an `example` for whoever makes values up and reads no CEL."""
    typed = getattr(made, kind)
    names -= {*_PARTS, "example"}
    rules = list(as_cel(typed, kind, names, empty_passes=empty_passes))
    if rules and "example" in typed.DESCRIPTOR.fields_by_name:
        typed.example.extend(_examples(typed, kind, empty_passes))
    for name in names:
        typed.ClearField(name)
    made.cel.extend(rules)


def _examples(typed: Any, kind: str, empty_passes: bool) -> list[Any]:
    """Values that probably pass; an empty one where that is certain."""
    if kind in _FLOATS:
        bounds = [getattr(typed, name) for name in RANGE if typed.HasField(name)]
        around = [bound + step for bound in bounds for step in (-1.0, 1.0)]
        return [*([0.0] if empty_passes else []), *([sum(bounds) / len(bounds)] if bounds else []), *bounds, *around]
    if kind == "bytes":
        return [b""] if empty_passes else [b"\x7f\x00\x00\x01", bytes(15) + b"\x01"]
    if kind == "string":
        return [""] if empty_passes else []
    return [0] if empty_passes and kind not in ("duration", "timestamp", "bool") else []


def _empty_passes(plain: buf.FieldRules, subject: Subject, kind: str) -> bool:
    """Whether the engine's own `ignore` would not do: it looks at an empty value that is set, and at -0.0."""
    return plain.ignore == buf.IGNORE_IF_ZERO_VALUE and (subject.tracks_presence or kind in _FLOATS)


def _different(typed: Any, kind: str) -> frozenset[str]:
    """Names of rules that the engine reads differently, whatever the value of `ignore`."""
    if kind in _FLOATS:
        return frozenset(RANGE)
    if kind == "bytes":
        return frozenset({"pattern", "ipv4", "ipv6"})
    if kind == "string" and typed.well_known_regex == HEADER_NAME and typed.HasField("strict") and not typed.strict:
        return frozenset({"well_known_regex", "strict"})
    return frozenset()
