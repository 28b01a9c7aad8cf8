"""Messages and enums of an image by type name, and which dialects have rules in them."""

from collections.abc import Iterator
from typing import Final

from buf.validate import validate_pb2 as buf
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from validate import validate_pb2 as pgv

PGV: Final = "validate.rules"
BUF: Final = "buf.validate"


class Types:
    """Looked up as fields name them, `.package.Message`."""

    def __init__(self, files: FileDescriptorSet) -> None:
        self._messages: dict[str, DescriptorProto] = {}
        self._enums: dict[str, EnumDescriptorProto] = {}
        for file in files.file:
            self._read(file)

    def map_entry(self, type_name: str) -> tuple[FieldDescriptorProto, ...]:
        """Key and value field of a map's entry; nothing for any other type."""
        message = self._messages.get(type_name)
        return tuple(message.field) if message is not None and message.options.map_entry else ()

    def enum(self, type_name: str) -> EnumDescriptorProto | None:
        """The enum, if it is one."""
        return self._enums.get(type_name)

    def dialects(self, type_name: str) -> frozenset[str]:
        """The dialects that have rules in a message or in any that it can hold."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [type_name]
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self._messages:
                continue
            seen.add(name)
            found.update(_said(self._messages[name]))
            waiting += [field.type_name for field in self._messages[name].field if field.type_name]
        return frozenset(found)

    def _read(self, file: FileDescriptorProto) -> None:
        prefix = f".{file.package}." if file.package else "."
        self._enums.update((f"{prefix}{enum.name}", enum) for enum in file.enum_type)
        for message in file.message_type:
            self._nested(message, f"{prefix}{message.name}")

    def _nested(self, message: DescriptorProto, name: str) -> None:
        self._messages[name] = message
        self._enums.update((f"{name}.{enum.name}", enum) for enum in message.enum_type)
        for inner in message.nested_type:
            self._nested(inner, f"{name}.{inner.name}")


def _said(message: DescriptorProto) -> Iterator[str]:
    fields = [field.options for field in message.field]
    oneofs = [oneof.options for oneof in message.oneof_decl]
    off = message.options.Extensions[pgv.disabled] or message.options.Extensions[pgv.ignored]
    if not off and any(
        [*(each.HasExtension(pgv.rules) for each in fields), *(each.Extensions[pgv.required] for each in oneofs)]
    ):
        yield PGV
    if (
        message.options.HasExtension(buf.message)
        or any(each.HasExtension(buf.field) for each in fields)
        or any(each.HasExtension(buf.oneof) for each in oneofs)
    ):
        yield BUF
