"""What a rule speaks about: a field, an item of a list, a key or a value of a map, and which rules fit it."""

from collections.abc import Sequence
from typing import Final

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

WELL_KNOWN: Final = {
    "any": ".google.protobuf.Any",
    "duration": ".google.protobuf.Duration",
    "timestamp": ".google.protobuf.Timestamp",
}
"""Rule kinds for one message each."""

WRAPPERS: Final = {
    "double": ".google.protobuf.DoubleValue",
    "float": ".google.protobuf.FloatValue",
    "int64": ".google.protobuf.Int64Value",
    "uint64": ".google.protobuf.UInt64Value",
    "int32": ".google.protobuf.Int32Value",
    "uint32": ".google.protobuf.UInt32Value",
    "bool": ".google.protobuf.BoolValue",
    "string": ".google.protobuf.StringValue",
    "bytes": ".google.protobuf.BytesValue",
}
"""Rule kinds that hold for a wrapper's value as well."""

_MESSAGES: Final = (FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.TYPE_GROUP)


class Subject:
    """One thing that has a value. `map_entry` holds key and value of a map, else nothing."""

    def __init__(
        self,
        field: FieldDescriptorProto,
        map_entry: Sequence[FieldDescriptorProto],
        *,
        name: str = "",
        in_oneof: bool = False,
        explicit: bool = False,
        item: bool = False,
    ) -> None:
        self.field, self.map_entry, self.in_oneof, self.item = field, map_entry, in_oneof, item
        self.explicit = explicit
        """Outside oneofs, the field of a proto2 file or an edition that may be unset."""
        self.name = name or field.name

    @property
    def type_word(self) -> str:
        """How the contract writes the type."""
        if self.map_entry:
            return "map"
        if self.repeated:
            return "repeated"
        if self.field.type_name:
            return self.field.type_name.removeprefix(".")
        return FieldDescriptorProto.Type.Name(self.field.type).removeprefix("TYPE_").lower()

    @property
    def repeated(self) -> bool:
        return self.field.label == FieldDescriptorProto.LABEL_REPEATED and not self.item

    @property
    def message(self) -> bool:
        return self.field.type in _MESSAGES and not self.repeated

    @property
    def may_be_unset(self) -> bool:
        """Whether `required` asks anything. A oneof's case and an item are there, or they are not looked at."""
        return not self.in_oneof and not self.item

    @property
    def tracks_presence(self) -> bool:
        """Whether "not set" and "set to zero" differ: then buf.validate checks a zero that is set."""
        return self.message or (not self.item and (self.in_oneof or self.explicit or self.field.proto3_optional))

    def takes(self, kind: str) -> bool:
        """Whether rules of a kind may stand here."""
        if self.map_entry or self.repeated:
            return kind == ("map" if self.map_entry else "repeated")
        if self.field.type == FieldDescriptorProto.TYPE_ENUM:
            return kind == "enum"
        if self.message:
            return self.field.type_name in (WELL_KNOWN.get(kind), WRAPPERS.get(kind))
        return kind == self.type_word

    def part(self, what: str) -> "Subject":
        """The `items` of a list, or the `keys` or `values` of a map."""
        field = self.map_entry[what == "values"] if self.map_entry else self.field
        return Subject(field, (), name=f"{self.name} ({what})", item=True)
