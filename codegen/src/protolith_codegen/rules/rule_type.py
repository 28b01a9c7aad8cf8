"""rule-type: rules fit the type of what they are about."""

from collections.abc import Iterator
from typing import Final

from protolith_codegen.model import Contract, Field, Kind
from protolith_codegen.problems import Problem
from protolith_codegen.rules.rules_of import Ruled, ruled

_WELL_KNOWN: Final = {
    "google.protobuf.Any": "any",
    "google.protobuf.Duration": "duration",
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.FieldMask": "field_mask",
    "google.protobuf.DoubleValue": "double",
    "google.protobuf.FloatValue": "float",
    "google.protobuf.Int64Value": "int64",
    "google.protobuf.UInt64Value": "uint64",
    "google.protobuf.Int32Value": "int32",
    "google.protobuf.UInt32Value": "uint32",
    "google.protobuf.BoolValue": "bool",
    "google.protobuf.StringValue": "string",
    "google.protobuf.BytesValue": "bytes",
}


def check(contract: Contract) -> Iterator[Problem]:
    """Rules of another type than their value's."""
    for value in ruled(contract):
        fits, word = _fits(value, contract)
        if value.kind and value.kind != fits:
            yield Problem(value.position(), f"{value.kind} rules do not fit {value.name}, which is {word}")


def _fits(value: Ruled, contract: Contract) -> tuple[str, str]:
    """Which kind of rules fits, and how the contract calls the type."""
    field = value.field
    entry = contract.messages.get(field.type_name)
    if entry is not None and entry.is_map_entry:
        if not value.path:
            return "map", "map"
        return _of_one(entry.fields[value.path[1] == "values"])
    if field.repeated and not value.path:
        return "repeated", "repeated"
    return _of_one(field)


def _of_one(field: Field) -> tuple[str, str]:
    if field.kind is Kind.MESSAGE:
        return _WELL_KNOWN.get(field.type_name, ""), field.type_name
    return field.kind.value, field.type_name or field.kind.value
