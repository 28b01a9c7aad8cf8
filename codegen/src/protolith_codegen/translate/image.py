"""An image in, the same image with buf.validate beside every PGV rule out. Rules are the other modules' business."""

from collections.abc import Iterator
from dataclasses import dataclass

from buf.validate import validate_pb2 as buf
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from validate import validate_pb2 as pgv

from protolith_codegen.load import Image, mark_import
from protolith_codegen.problems import Problem
from protolith_codegen.source import Path, Source
from protolith_codegen.translate.field import translate_field
from protolith_codegen.translate.report import Report

BUF_VALIDATE = buf.DESCRIPTOR.name
_MESSAGE, _NESTED, _FIELD = 4, 3, 2


@dataclass(frozen=True, slots=True)
class Translated:
    """The image to generate from, and what could not be translated."""

    image: Image
    problems: tuple[Problem, ...]


def translate(image: Image) -> Translated:
    """Add to each field with PGV rules the buf.validate rules that mean the same; PGV's stay."""
    files = FileDescriptorSet()
    files.CopyFrom(image.files)
    problems = [problem for file in files.file if file.name in image.own for problem in _file(file, files)]
    _provide_buf_validate(files, image.own)
    return Translated(Image(files, image.own), tuple(sorted(problems)))


def _file(file: FileDescriptorProto, files: FileDescriptorSet) -> Iterator[Problem]:
    report = Report(Source(file))
    map_entries = _map_entries(files)
    for message, path in _messages(file):
        _message(message, path, report, map_entries)
    if report.translated and BUF_VALIDATE not in file.dependency:
        file.dependency.append(BUF_VALIDATE)
    yield from report.problems


def _messages(file: FileDescriptorProto) -> Iterator[tuple[DescriptorProto, Path]]:
    def nested(message: DescriptorProto, path: Path) -> Iterator[tuple[DescriptorProto, Path]]:
        yield message, path
        for index, inner in enumerate(message.nested_type):
            yield from nested(inner, (*path, _NESTED, index))

    for index, message in enumerate(file.message_type):
        yield from nested(message, (_MESSAGE, index))


def _message(
    message: DescriptorProto, path: Path, report: Report, map_entries: dict[str, tuple[FieldDescriptorProto, ...]]
) -> None:
    off = message.options.Extensions[pgv.disabled] or message.options.Extensions[pgv.ignored]
    for index, field in enumerate(message.field):
        where = (*path, _FIELD, index)
        if off:
            _switch_off(field, report)
        elif field.options.HasExtension(pgv.rules):
            translate_field(field, map_entries.get(field.type_name, ()), where, report)
    for oneof in message.oneof_decl:
        if oneof.options.Extensions[pgv.required] and not off:
            oneof.options.Extensions[buf.oneof].required = True
            report.translated = True


def _switch_off(field: FieldDescriptorProto, report: Report) -> None:
    """PGV checks nothing of a disabled message, its messages neither. A field with buf.validate rules keeps them."""
    is_message = field.type == FieldDescriptorProto.TYPE_MESSAGE
    if is_message and not field.options.HasExtension(buf.field):
        field.options.Extensions[buf.field].ignore = buf.IGNORE_ALWAYS
        report.translated = True


def _map_entries(files: FileDescriptorSet) -> dict[str, tuple[FieldDescriptorProto, ...]]:
    """Key and value field of each map entry, by the entry's type name."""
    return {
        f".{file.package}.{name}" if file.package else f".{name}": tuple(message.field)
        for file in files.file
        for name, message in _named(file)
        if message.options.map_entry
    }


def _named(file: FileDescriptorProto) -> Iterator[tuple[str, DescriptorProto]]:
    def nested(message: DescriptorProto, outer: str) -> Iterator[tuple[str, DescriptorProto]]:
        yield f"{outer}{message.name}", message
        for inner in message.nested_type:
            yield from nested(inner, f"{outer}{message.name}.")

    for message in file.message_type:
        yield from nested(message, "")


def _provide_buf_validate(files: FileDescriptorSet, own: frozenset[str]) -> None:
    """Put buf/validate/validate.proto, where no contract imports it itself, before its users."""
    users = any(BUF_VALIDATE in file.dependency for file in files.file if file.name in own)
    present = {file.name for file in files.file}
    if not users or BUF_VALIDATE in present:
        return
    added = FileDescriptorSet()
    for descriptor in (*buf.DESCRIPTOR.dependencies, buf.DESCRIPTOR):
        if descriptor.name not in present:
            file = added.file.add()
            descriptor.CopyToProto(file)
            mark_import(file)
    rest = list(files.file)
    del files.file[:]
    files.file.extend(_dependencies_first([*rest, *added.file]))


def _dependencies_first(files: list[FileDescriptorProto]) -> list[FileDescriptorProto]:
    by_name = {file.name: file for file in files}
    ordered: dict[str, FileDescriptorProto] = {}

    def visit(file: FileDescriptorProto) -> None:
        if file.name not in ordered:
            for dependency in file.dependency:
                visit(by_name[dependency])
            ordered[file.name] = file

    for file in files:
        visit(file)
    return list(ordered.values())
