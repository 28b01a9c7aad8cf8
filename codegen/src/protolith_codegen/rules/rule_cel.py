"""rule-cel: a CEL expression compiles, and speaks of what there is, asked of the engine that serves it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from buf.validate import validate_pb2
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorSet

from protolith_codegen.model import Contract, Message
from protolith_codegen.problems import Problem
from protolith_codegen.rules.engine import Engine
from protolith_codegen.rules.rules_of import Ruled, ruled_fields
from protolith_codegen.source import Position

_CEL: Final = ("cel", "cel_expression")
_PLACE: Final = re.compile(r"^ERROR: <input>:1:\d+: ")


@dataclass(frozen=True, slots=True)
class _Expression:
    """One expression of a message; `put` writes it, alone, into the message's descriptor."""

    name: str
    said: Any
    kind: str
    position: Position
    put: Callable[[DescriptorProto], Any]


def check(contract: Contract) -> Iterator[Problem]:
    """Expressions that the engine refuses, with its reason."""
    speaking = [(each, list(_expressions(each))) for each in contract.own_messages]
    speaking = [each for each in speaking if each[1]]
    if not speaking:
        return
    engine = Engine(contract.files.file)
    for message, expressions in speaking:
        if not engine.may_run(message.full_name):
            yield from _one_by_one(message, expressions, contract.files)


def _one_by_one(message: Message, expressions: list[_Expression], files: FileDescriptorSet) -> Iterator[Problem]:
    for each in expressions:
        alone = FileDescriptorSet()
        alone.CopyFrom(files)
        descriptor = _without_rules(alone, message.full_name)
        getattr(each.put(descriptor), each.kind).append(each.said)
        refusal = Engine(alone.file).refusal(message.full_name)
        if refusal:
            yield Problem(each.position, f"CEL of {each.name}: {_reason(refusal, each)}")


def _expressions(message: Message) -> Iterator[_Expression]:
    for kind in _CEL:
        for index, said in enumerate(getattr(message.rules.options, kind)) if message.rules else ():
            where = message.rules.position(kind, index, "expression") if message.rules else message.origin.position
            name = message.full_name.rpartition(".")[2]
            yield _Expression(name, said, kind, where, lambda to: to.options.Extensions[validate_pb2.message])
        for value in ruled_fields(message):
            for index, said in enumerate(getattr(value.rules, kind)):
                where = value.field.written.position(*value.path, kind, index, "expression")
                yield _Expression(value.name, said, kind, where, _into_field(value))


def _into_field(value: Ruled) -> Callable[[DescriptorProto], Any]:
    def put(message: DescriptorProto) -> Any:
        (field,) = [each for each in message.field if each.name == value.field.name]
        rules = field.options.Extensions[validate_pb2.field]
        for name in value.path:
            rules = getattr(rules, name)
        return rules

    return put


def _without_rules(files: FileDescriptorSet, full_name: str) -> DescriptorProto:
    """Take all rules of a message away; its descriptor."""
    (message,) = [
        each for file in files.file for each in _named(file.message_type, file.package) if each[0] == full_name
    ]
    descriptor = message[1]
    descriptor.options.ClearExtension(validate_pb2.message)
    for field in descriptor.field:
        field.options.ClearExtension(validate_pb2.field)
    for oneof in descriptor.oneof_decl:
        oneof.options.ClearExtension(validate_pb2.oneof)
    return descriptor


def _named(messages: Any, outer: str) -> Iterator[tuple[str, DescriptorProto]]:
    for message in messages:
        name = f"{outer}.{message.name}".removeprefix(".")
        yield name, message
        yield from _named(message.nested_type, name)


def _reason(refusal: str, each: _Expression) -> str:
    """What the engine says, without its own steps and the list of all that it would have taken."""
    identity = each.said if isinstance(each.said, str) else each.said.id or each.said.expression
    text = refusal.rpartition(f"{identity}: ")[2].removeprefix(f"expression {identity} ")
    return _PLACE.sub("", text).partition(" expecting ")[0]
