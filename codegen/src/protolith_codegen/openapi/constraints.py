"""buf.validate rules as JSON schema keywords, where both say the same thing. The rest stays the server's to check."""

import re
from typing import Any, Final

from buf.validate import validate_pb2 as buf

from protolith_codegen.model import Contract, Field, Kind
from protolith_codegen.openapi.wellknown import Schema

_FORMATS: Final = {
    "email": "email",
    "hostname": "hostname",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "uri": "uri",
    "uri_ref": "uri-reference",
    "uuid": "uuid",
}
_RE2_ONLY: Final = re.compile(r"\(\?[^:]|\\[AzCQEpPa]|\[\[:")
"""Parts of RE2 that ECMA-262, JSON schema's dialect, has not or reads differently."""

_ZERO: Final[dict[str, Any]] = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}
"""Zero value by JSON type."""

_INTEGERS: Final = frozenset({"int32", "sint32", "sfixed32", "uint32", "fixed32"})
_NUMBERS: Final = _INTEGERS | {"float", "double"}


def constrain(schema: Schema, kind: Kind | None, type_name: str, rules: buf.FieldRules, contract: Contract) -> Schema:
    """Add the keywords to a value's schema (`kind` is None for lists and maps). Returns the schema."""
    if rules.ignore == buf.IGNORE_ALWAYS:
        return schema
    added = _keywords(kind, type_name, rules, contract)
    zero = _ZERO.get(schema.get("type", ""))
    if rules.ignore == buf.IGNORE_IF_ZERO_VALUE and zero is not None and _refuses(added, zero):
        schema["anyOf"] = [added, {"const": zero}]
    elif added:
        schema.update(added)
    return schema


def must_be_given(field: Field, schema: Schema) -> bool:
    """Whether a request without the field is refused: it must be set, or its zero value breaks a rule."""
    if field.rules.required:
        return True
    if field.has_presence or field.rules.ignore != buf.IGNORE_UNSPECIFIED:
        return False
    if field.kind is Kind.ENUM and not field.repeated:
        return not _allows_zero(field.rules.enum)
    return _refuses(schema, _ZERO.get(schema.get("type", "")))


def _allows_zero(rules: buf.EnumRules) -> bool:
    chosen = [rules.const] if rules.HasField("const") else list(getattr(rules, "in"))
    return 0 not in rules.not_in and (not chosen or 0 in chosen)


def _refuses(schema: Schema, zero: Any) -> bool:
    """Whether keywords refuse a zero value."""
    if zero is None:
        return False
    if "const" in schema or "enum" in schema:
        return zero not in schema.get("enum", [schema.get("const")])
    if zero in schema.get("not", {}).get("enum", []):
        return True
    if isinstance(zero, str):
        return schema.get("format") in _FORMATS.values() or schema.get("minLength", 0) > 0 or _unlike(schema, zero)
    if isinstance(zero, list | dict):
        return bool(schema.get("minItems", 0) or schema.get("minProperties", 0))
    return _out_of_range(schema, zero)


def _unlike(schema: Schema, text: str) -> bool:
    try:
        return "pattern" in schema and re.search(schema["pattern"], text) is None
    except re.error:
        return False


def _out_of_range(schema: Schema, zero: float) -> bool:
    low, high = schema.get("minimum", zero), schema.get("maximum", zero)
    above, below = schema.get("exclusiveMinimum", zero - 1), schema.get("exclusiveMaximum", zero + 1)
    return not (low <= zero <= high and above < zero < below)


def _keywords(kind: Kind | None, type_name: str, rules: buf.FieldRules, contract: Contract) -> Schema:
    said = rules.WhichOneof("type")
    if said is None or (kind is not None and kind.value not in (said, "message")):
        return {}
    if said == "string":
        return _string(rules.string)
    if said == "repeated":
        return _sizes(rules.repeated, {"min_items": "minItems", "max_items": "maxItems"}) | (
            {"uniqueItems": True} if rules.repeated.unique else {}
        )
    if said == "map":
        return _sizes(rules.map, {"min_pairs": "minProperties", "max_pairs": "maxProperties"})
    if said in _NUMBERS:
        return _range(getattr(rules, said)) | _choices(getattr(rules, said))
    if said == "bool":
        return _sizes(rules.bool, {"const": "const"})
    if said == "enum":
        return _enum(rules.enum, type_name, contract)
    return {}


def _string(rules: buf.StringRules) -> Schema:
    made = _sizes(rules, {"min_len": "minLength", "max_len": "maxLength"}) | _choices(rules)
    if rules.HasField("len"):
        made |= {"minLength": rules.len, "maxLength": rules.len}
    if rules.HasField("pattern") and not _RE2_ONLY.search(rules.pattern):
        made["pattern"] = rules.pattern
    known = rules.WhichOneof("well_known")
    if known in _FORMATS and getattr(rules, known):
        made["format"] = _FORMATS[known]
    return made


def _enum(rules: buf.EnumRules, type_name: str, contract: Contract) -> Schema:
    """The names that are allowed, where rules choose among the enum's values."""
    chosen, refused = set(getattr(rules, "in")), set(rules.not_in)
    if rules.HasField("const"):
        chosen = {rules.const}
    if not chosen and not refused:
        return {}
    numbers = {each.name: each.number for each in contract.enums[type_name].values}
    return {"enum": [name for name, at in numbers.items() if at not in refused and (not chosen or at in chosen)]}


def _range(rules: Any) -> Schema:
    """Bounds; an inverted pair means "outside", which keywords could say but nobody reads."""
    made = _sizes(rules, {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"})
    low = made.get("exclusiveMinimum", made.get("minimum"))
    high = made.get("exclusiveMaximum", made.get("maximum"))
    return {} if low is not None and high is not None and low > high else made


def _choices(rules: Any) -> Schema:
    made = _sizes(rules, {"const": "const"})
    if getattr(rules, "in"):
        made["enum"] = list(getattr(rules, "in"))
    if rules.not_in:
        made["not"] = {"enum": list(rules.not_in)}
    return made


def _sizes(rules: Any, words: dict[str, str]) -> Schema:
    return {keyword: getattr(rules, name) for name, keyword in words.items() if rules.HasField(name)}
