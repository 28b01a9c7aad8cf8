"""Rules as CEL, for where no standard rule means the same: an empty value that passes, NaN, two rules of one name."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from buf.validate import validate_pb2 as buf

from protolith_codegen.translate.formats import FORMATS, FURTHER, header
from protolith_codegen.translate.literal import literal, literals

RANGE: Final = ("gt", "gte", "lt", "lte")
_WORDS: Final = {
    "gt": (">", "greater than"),
    "gte": (">=", "greater than or equal to"),
    "lt": ("<", "less than"),
    "lte": ("<=", "less than or equal to"),
}
_FLOATS: Final = frozenset({"float", "double"})
_ZERO: Final = {"string": '""', "bytes": 'b""', "float": "0.0", "double": "0.0"}
_MAPPED: Final = r'this.startsWith(b"' + r"\x00" * 10 + r'\xff\xff")'

_SIZES: Final = {
    "len": ("this.size() ==", "must be {} characters"),
    "min_len": ("this.size() >=", "must be at least {} characters"),
    "max_len": ("this.size() <=", "must be at most {} characters"),
    "len_bytes": ("bytes(this).size() ==", "must be {} bytes"),
    "min_bytes": ("bytes(this).size() >=", "must be at least {} bytes"),
    "max_bytes": ("bytes(this).size() <=", "must be at most {} bytes"),
    "min_items": ("this.size() >=", "must contain at least {} item(s)"),
    "max_items": ("this.size() <=", "must contain no more than {} item(s)"),
    "min_pairs": ("this.size() >=", "map must be at least {} entries"),
    "max_pairs": ("this.size() <=", "map must be at most {} entries"),
}
_TEXTS: Final = {
    "prefix": ("this.startsWith({})", "does not have prefix {}"),
    "suffix": ("this.endsWith({})", "does not have suffix {}"),
    "contains": ("this.contains({})", "does not contain {}"),
    "not_contains": ("!this.contains({})", "contains {}"),
    "const": ("this == {}", "must equal {}"),
}
_BYTES: Final = {
    "ip": ("this.size() == 4 || this.size() == 16", "must be a valid IP address"),
    "ipv4": (f"this.size() == 4 || (this.size() == 16 && {_MAPPED})", "must be a valid IPv4 address"),
    "ipv6": (f"this.size() == 16 && !{_MAPPED}", "must be a valid IPv6 address"),
}
_OTHERS: Final = {
    "lt_now": ("this < now", "must be less than now"),
    "gt_now": ("this > now", "must be greater than now"),
    "defined_only": ("true", "must be one of the defined enum values"),
}


def as_cel(typed: Any, kind: str, names: frozenset[str], *, empty_passes: bool = False) -> Iterator[buf.Rule]:
    """The rules of these names in a kind's rules (StringRules and the like), as CEL on the value."""
    bounds = [name for name in RANGE if name in names and _has(typed, name)]
    if bounds:
        yield _rule(f"{kind}.{'_'.join(bounds)}", *_range(typed, kind, bounds), kind, empty_passes)
    for name in (each.name for each in typed.DESCRIPTOR.fields):
        if name in names and name not in RANGE and _has(typed, name):
            made = _one(typed, kind, name)
            if made is not None:
                yield _rule(f"{kind}.{name}", *made, kind, empty_passes)


def _has(typed: Any, name: str) -> bool:
    descriptor = typed.DESCRIPTOR.fields_by_name.get(name)
    if descriptor is None:
        return False
    return len(getattr(typed, name)) > 0 if descriptor.is_repeated else bool(typed.HasField(name))


def _rule(identity: str, test: str, message: str, kind: str, empty_passes: bool) -> buf.Rule:
    if empty_passes:
        zero = (
            "this.size() == 0" if kind in ("repeated", "map") else f"this == {_ZERO.get(kind) or _integer_zero(kind)}"
        )
        test = f"{zero} || ({test})"
    return buf.Rule(id=identity, message=message, expression=test)


def _integer_zero(kind: str) -> str:
    return literal(0, kind)


def _range(typed: Any, kind: str, bounds: Sequence[str]) -> tuple[str, str]:
    """A lower bound above the upper one means "outside", in both dialects. NaN passes every bound, as PGV has it."""
    tests = [f"this {_WORDS[name][0]} {literal(getattr(typed, name), kind)}" for name in bounds]
    words = [f"{_WORDS[name][1]} {_plain(getattr(typed, name))}" for name in bounds]
    outside = len(bounds) == 2 and _order(getattr(typed, bounds[0])) >= _order(getattr(typed, bounds[1]))
    test = (" || " if outside else " && ").join(tests)
    if kind in _FLOATS:
        test = f"this.isNan() || ({test})"
    return test, f"must be {(' or ' if outside else ' and ').join(words)}"


def _one(typed: Any, kind: str, name: str) -> tuple[str, str] | None:
    value = getattr(typed, name)
    if name in _SIZES:
        test, message = _SIZES[name]
        return f"{test} {value}", message.replace("characters", "bytes" if kind == "bytes" else "characters").format(
            value
        )
    if name in _TEXTS:
        test, message = _TEXTS[name]
        return test.format(literal(value, kind)), message.format(_plain(value))
    if name == "pattern":
        # Bytes need not be UTF-8: what is not becomes U+FFFD, as in PGV, and does not stop the engine.
        this = "this" if kind == "string" else "'%s'.format([this])"
        return f"{this}.matches({literal(value, kind)})", f"does not match regex pattern `{value}`"
    if name in ("in", "not_in"):
        negated = "!" if name == "not_in" else ""
        return f"{negated}(this in {literals(value, kind)})", f"must {'not ' if negated else ''}be in list"
    return _known(typed, kind, name) if value or name == "within" else None


def _known(typed: Any, kind: str, name: str) -> tuple[str, str] | None:
    if name == "well_known_regex":
        return header(typed), "must be a valid HTTP header"
    if name == "within":
        within = literal(typed.within, kind)
        return f"this > now - {within} && this < now + {within}", f"must be within {_plain(typed.within)} of now"
    if name == "unique":
        return "this.unique()", "repeated value must contain unique items"
    if kind == "bytes" and name in _BYTES:
        return _BYTES[name]
    if name in FORMATS:
        test, message = FORMATS[name]
        return (f"({test}) && ({FURTHER[name]})" if name in FURTHER else test), message
    return _OTHERS.get(name)


def _order(value: Any) -> Any:
    """Durations and timestamps do not compare by themselves."""
    return (value.seconds, value.nanos) if hasattr(value, "seconds") else value


def _plain(value: Any) -> str:
    if hasattr(value, "ToJsonString"):
        return str(value.ToJsonString())
    return value.hex() if isinstance(value, bytes) else f"{value:g}" if isinstance(value, float) else str(value)
