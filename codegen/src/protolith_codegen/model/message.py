"""Messages, their fields and enums."""

from dataclasses import dataclass
from enum import Enum as PythonEnum

from buf.validate.validate_pb2 import FieldRules
from protolith.v1.message_pb2 import Event

from protolith_codegen.model.options import Said
from protolith_codegen.source import Origin, Written


class Kind(PythonEnum):
    """Type of a field's value, with the contract's own word."""

    DOUBLE = "double"
    FLOAT = "float"
    INT64 = "int64"
    UINT64 = "uint64"
    INT32 = "int32"
    FIXED64 = "fixed64"
    FIXED32 = "fixed32"
    BOOL = "bool"
    STRING = "string"
    GROUP = "group"
    MESSAGE = "message"
    BYTES = "bytes"
    UINT32 = "uint32"
    ENUM = "enum"
    SFIXED32 = "sfixed32"
    SFIXED64 = "sfixed64"
    SINT32 = "sint32"
    SINT64 = "sint64"


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of an enum. `error` is what (protolith.v1.error) says of it."""

    name: str
    number: int
    error: Said | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Enum:
    """An enum; its first value is the default."""

    package: str
    full_name: str
    values: tuple[EnumValue, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `type_name` is the full name of its message or enum, else empty.

    `optional` tells whether a plain field knows "not set" from its zero value; `oneof` names the real oneof it is in.
    `rules` are buf.validate's, those translated from PGV among them; `written` finds them in either dialect.
    """

    name: str
    json_name: str
    kind: Kind
    type_name: str
    repeated: bool
    optional: bool
    oneof: str
    deprecated: bool
    rules: FieldRules
    written: Written
    origin: Origin

    @property
    def has_presence(self) -> bool:
        """Whether rules are skipped while the field is not set."""
        return self.optional or bool(self.oneof) or (self.kind is Kind.MESSAGE and not self.repeated)


@dataclass(frozen=True, slots=True)
class Oneof:
    """A oneof: its members, and whether one of them must be set."""

    name: str
    fields: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A message. A map's entry is a message too, with `is_map_entry`. `own`: a contract's, not an import's.

    `options` are what (protolith.v1.message) says of it, `rules` what (buf.validate.message) says.
    """

    full_name: str
    own: bool
    fields: tuple[Field, ...]
    oneofs: tuple[Oneof, ...]
    is_map_entry: bool
    options: Said | None
    rules: Said | None
    origin: Origin

    @property
    def event(self) -> Event | None:
        """How it travels, where it is an event."""
        return self.options.options.event if self.options and self.options.says("event") else None

    def field(self, name: str) -> Field | None:
        """The field of a name, as the contract writes it."""
        return next((each for each in self.fields if each.name == name), None)
