"""Which candidates a field has, by its type. Nothing here looks at rules: that is the makers' part."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from protolith.stub.blobs import bytes_candidates
from protolith.stub.known import KNOWN
from protolith.stub.numbers import enum_candidates, float_candidates, integer_candidates
from protolith.stub.slot import Slot
from protolith.stub.strings import string_candidates

_WRAPPERS: Final = frozenset(
    f"google.protobuf.{kind}Value"
    for kind in ("Bool", "Bytes", "Double", "Float", "Int32", "Int64", "String", "UInt32", "UInt64")
)


def candidates(slot: Slot) -> Iterator[Any]:
    """Values for a scalar field, or messages for a field of one of google.protobuf's own types; best first."""
    field = slot.field
    if field.message_type is not None:
        yield from _messages(slot, field.message_type)
        return
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
            yield from bytes_candidates(slot)
        case FieldDescriptor.CPPTYPE_STRING:
            yield from string_candidates(slot)
        case FieldDescriptor.CPPTYPE_BOOL:
            yield from (*slot.stated(), True, False)
        case FieldDescriptor.CPPTYPE_ENUM:
            yield from enum_candidates(slot)
        case FieldDescriptor.CPPTYPE_FLOAT | FieldDescriptor.CPPTYPE_DOUBLE:
            yield from float_candidates(slot, field.cpp_type == FieldDescriptor.CPPTYPE_FLOAT)
        case _:
            yield from integer_candidates(slot)


def has_candidates(field: FieldDescriptor) -> bool:
    """False for a message that is to be filled field by field."""
    return field.message_type is None or field.message_type.full_name in KNOWN or is_wrapper(field)


def is_wrapper(field: FieldDescriptor) -> bool:
    """A google.protobuf.StringValue and the like: its candidates are values of the scalar inside, its rules too."""
    return field.message_type is not None and field.message_type.full_name in _WRAPPERS


def _messages(slot: Slot, message_type: Descriptor) -> Iterator[Any]:
    if is_wrapper(slot.field):
        yield from candidates(replace(slot, field=message_type.fields_by_name["value"]))
    else:
        yield from KNOWN[message_type.full_name](slot)
