"""An image in; out of it one to generate from, in which buf.validate stands beside every PGV rule, and one to read."""

from collections.abc import Iterator
from dataclasses import dataclass

from buf.validate import validate_pb2 as buf
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet
from validate import validate_pb2 as pgv

from protolith_codegen.load import Image, mark_import
from protolith_codegen.problems import Problem
from protolith_codegen.source import Path, Source
from protolith_codegen.translate.message import MessageTranslator
from protolith_codegen.translate.report import Report
from protolith_codegen.translate.types import Types

BUF_VALIDATE = buf.DESCRIPTOR.name
_MESSAGE, _NESTED = 4, 3


@dataclass(frozen=True, slots=True)
class Translated:
    """What becomes of an image.

    `image` is what the engine runs: each rule has its dialect's own verdict. `readable` says the same to people and to
    OpenAPI, in standard rules wherever one is close, never in CEL of ours. `problems` could not be translated.
    """

    image: Image
    readable: Image
    problems: tuple[Problem, ...]


def translate(image: Image) -> Translated:
    """Add to each field with PGV rules the buf.validate rules that mean the same; PGV's stay."""
    engine, readable = FileDescriptorSet(), FileDescriptorSet()
    engine.CopyFrom(image.files)
    readable.CopyFrom(image.files)
    types = Types(image.files)
    problems: list[Problem] = []
    for file, shown in zip(engine.file, readable.file, strict=True):
        if file.name in image.own and _uses_pgv(file):
            problems += _file(file, shown, types)
    for files in (engine, readable):
        _provide_buf_validate(files, image.own)
    return Translated(Image(engine, image.own), Image(readable, image.own), tuple(sorted(problems)))


def _uses_pgv(file: FileDescriptorProto) -> bool:
    return pgv.DESCRIPTOR.name in file.dependency


def _file(file: FileDescriptorProto, shown: FileDescriptorProto, types: Types) -> list[Problem]:
    report = Report(Source(file))
    translator = MessageTranslator(file, types, report)
    for (message, path), (readable, _) in zip(_messages(file), _messages(shown), strict=True):
        translator.translate(message, readable, path)
    if report.translated and BUF_VALIDATE not in file.dependency:
        file.dependency.append(BUF_VALIDATE)
        shown.dependency.append(BUF_VALIDATE)
    return report.problems


def _messages(file: FileDescriptorProto) -> Iterator[tuple[DescriptorProto, Path]]:
    def nested(message: DescriptorProto, path: Path) -> Iterator[tuple[DescriptorProto, Path]]:
        yield message, path
        for index, inner in enumerate(message.nested_type):
            yield from nested(inner, (*path, _NESTED, index))

    for index, message in enumerate(file.message_type):
        yield from nested(message, (_MESSAGE, index))


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
