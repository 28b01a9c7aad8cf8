"""rule-pattern: a pattern is one that RE2 takes, asked of the RE2 in the engine that serves it."""

from collections.abc import Iterable, Iterator
from typing import Final

from buf.validate import validate_pb2
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem
from protolith_codegen.rules.engine import Engine
from protolith_codegen.rules.rules_of import ruled

_ALL: Final = "All"


def check(contract: Contract) -> Iterator[Problem]:
    """Patterns that RE2 refuses, with its reason."""
    values = [value for value in ruled(contract) if value.kind in ("string", "bytes") and value.says("pattern")]
    refused = _refused(dict.fromkeys(value.typed.pattern for value in values))
    for value in values:
        if value.typed.pattern in refused:
            told = f"RE2 refuses the pattern of {value.name}: {refused[value.typed.pattern]}"
            yield Problem(value.position("pattern"), told)


def _refused(patterns: Iterable[str]) -> dict[str, str]:
    """What RE2 says against each pattern that it refuses. All are tried at once; one by one where some are wrong."""
    each = list(patterns)
    if not each:
        return {}
    file = FileDescriptorProto(name="patterns.proto", syntax="proto3", dependency=[validate_pb2.DESCRIPTOR.name])
    file.message_type.append(_message(_ALL, each))
    file.message_type.extend(_message(f"P{index}", [pattern]) for index, pattern in enumerate(each))
    engine = Engine([*_with_dependencies(validate_pb2.DESCRIPTOR), file])
    if not engine.refusal(_ALL):
        return {}
    said = {pattern: engine.refusal(f"P{index}") for index, pattern in enumerate(each)}
    return {
        pattern: refusal.partition("string.pattern: ")[2] or refusal for pattern, refusal in said.items() if refusal
    }


def _message(name: str, patterns: list[str]) -> DescriptorProto:
    message = DescriptorProto(name=name)
    for number, pattern in enumerate(patterns, 1):
        field = message.field.add(
            name=f"f{number}",
            number=number,
            type=FieldDescriptorProto.TYPE_STRING,
            label=FieldDescriptorProto.LABEL_OPTIONAL,
        )
        field.options.Extensions[validate_pb2.field].string.pattern = pattern
    return message


def _with_dependencies(file: FileDescriptor) -> list[FileDescriptorProto]:
    proto = FileDescriptorProto()
    file.CopyToProto(proto)
    return [*(each for needed in file.dependencies for each in _with_dependencies(needed)), proto]
