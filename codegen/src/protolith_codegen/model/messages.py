"""Messages and enums of descriptors, nested ones too."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from buf.validate import validate_pb2 as rules
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    EnumValueDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from protolith.v1 import error_pb2, message_pb2
from validate import validate_pb2 as pgv

from protolith_codegen.model.message import Enum, EnumValue, Field, Kind, Message, Oneof
from protolith_codegen.model.options import said
from protolith_codegen.source import InDialects, Path, Source

_MESSAGE, _ENUM, _FIELD, _NESTED, _NESTED_ENUM, _ENUM_VALUE, _OPTIONS = 4, 5, 2, 3, 4, 2, 8

_DIALECTS = ((rules.field.number, rules.FieldRules.DESCRIPTOR), (pgv.rules.number, pgv.FieldRules.DESCRIPTOR))


@dataclass(frozen=True, slots=True)
class Declared:
    """All messages and enums by full name; of messages also their file and their name inside it (`Outer.Inner`)."""

    messages: dict[str, Message] = field(default_factory=dict)
    enums: dict[str, Enum] = field(default_factory=dict)
    message_files: dict[str, str] = field(default_factory=dict)
    local_names: dict[str, str] = field(default_factory=dict)


def read_types(files: Iterable[FileDescriptorProto], own: frozenset[str]) -> Declared:
    """Everything that the files declare; `own` names those that are contracts."""
    declared = Declared()
    for file in files:
        reader = _Reader(file, declared, file.name in own)
        for index, message in enumerate(file.message_type):
            reader.message(message, "", (_MESSAGE, index))
        for index, enum in enumerate(file.enum_type):
            reader.enum(enum, "", (_ENUM, index))
    return declared


class _Reader:
    def __init__(self, file: FileDescriptorProto, declared: Declared, own: bool) -> None:
        self._file, self._source, self._declared, self._own = file, Source(file), declared, own

    def message(self, message: DescriptorProto, outer: str, path: Path) -> None:
        local = f"{outer}{message.name}"
        full_name = self._full_name(local)
        self._declared.message_files[full_name] = self._file.name
        self._declared.local_names[full_name] = local
        self._declared.messages[full_name] = Message(
            full_name=full_name,
            own=self._own,
            fields=tuple(
                self._field(each, message, (*path, _FIELD, index)) for index, each in enumerate(message.field)
            ),
            oneofs=_oneofs(message),
            is_map_entry=message.options.map_entry,
            options=said(message.options, message_pb2.message, self._source, path),
            rules=said(message.options, rules.message, self._source, path),
            origin=self._source.origin(path),
        )
        for index, nested in enumerate(message.nested_type):
            self.message(nested, f"{local}.", (*path, _NESTED, index))
        for index, enum in enumerate(message.enum_type):
            self.enum(enum, f"{local}.", (*path, _NESTED_ENUM, index))

    def enum(self, enum: EnumDescriptorProto, outer: str, path: Path) -> None:
        full_name = self._full_name(f"{outer}{enum.name}")
        values = tuple(self._value(value, (*path, _ENUM_VALUE, index)) for index, value in enumerate(enum.value))
        self._declared.enums[full_name] = Enum(self._file.package, full_name, values, self._source.origin(path))

    def _value(self, value: EnumValueDescriptorProto, path: Path) -> EnumValue:
        error = said(value.options, error_pb2.error, self._source, path)
        return EnumValue(value.name, value.number, error, self._source.origin(path))

    def _field(self, each: FieldDescriptorProto, message: DescriptorProto, path: Path) -> Field:
        in_oneof = each.HasField("oneof_index") and not each.proto3_optional
        return Field(
            name=each.name,
            json_name=each.json_name,
            kind=Kind(FieldDescriptorProto.Type.Name(each.type).removeprefix("TYPE_").lower()),
            type_name=each.type_name.removeprefix("."),
            repeated=each.label == FieldDescriptorProto.LABEL_REPEATED,
            optional=each.proto3_optional or (self._file.syntax in ("", "proto2") and not _repeated(each)),
            oneof=message.oneof_decl[each.oneof_index].name if in_oneof else "",
            deprecated=each.options.deprecated,
            rules=each.options.Extensions[rules.field],
            written=InDialects(self._source, (*path, _OPTIONS), _DIALECTS),
            origin=self._source.origin(path),
        )

    def _full_name(self, local: str) -> str:
        return f"{self._file.package}.{local}" if self._file.package else local


def _oneofs(message: DescriptorProto) -> tuple[Oneof, ...]:
    found = []
    for index, oneof in enumerate(message.oneof_decl):
        members = tuple(
            each.name
            for each in message.field
            if each.HasField("oneof_index") and each.oneof_index == index and not each.proto3_optional
        )
        if members:
            found.append(Oneof(oneof.name, members, oneof.options.Extensions[rules.oneof].required))
    return tuple(found)


def _repeated(each: FieldDescriptorProto) -> bool:
    return each.label == FieldDescriptorProto.LABEL_REPEATED
