"""buf.validate rules on google.protobuf messages: all violations at once, as google.rpc.BadRequest and as they are."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final, TypeAlias

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from protovalidate import CompilationError, EvaluationError, Validator, Violation

from protolith.errors import InvalidArgument
from protolith.startup import StartError

Check: TypeAlias = Callable[[Message], None]
"""Returns when the message keeps its rules, raises InvalidArgument (of an answer: BrokenAnswer) when it breaks any."""

# 8 KiB of metadata is what gRPC clients accept by default; in base64 this leaves room for the rest.
_DETAILS_BYTES: Final = 5_500
_TEXT_CHARS: Final = 200
_SUMMARY: Final = 3

_VALIDATOR: Final = Validator()


class BrokenAnswer(Exception):
    """A handler's answer breaks the rules of its own message: the server's fault, told to nobody but the log."""

    fields: tuple[str, ...]
    """Field and rule of each violation, such as `user.nickname: string.min_len`."""

    def __init__(self, message: Message, found: list[Violation]) -> None:
        self.fields = tuple(f"{each.field}: {each.reason}" for each in map(_field_violation, map(_violation, found)))
        super().__init__(f"the answer is an invalid {message.DESCRIPTOR.full_name}: {'; '.join(self.fields)}")


class RulesError(StartError):
    """The rules of a message do not compile; the text names the message and the rule."""


def has_rules(message: type[Message]) -> bool:
    """Whether the message, or any message it can contain, has a buf.validate rule."""
    seen: set[str] = set()
    waiting: list[Any] = [message.DESCRIPTOR]
    while waiting:
        descriptor = waiting.pop()
        if descriptor.full_name in seen:
            continue
        seen.add(descriptor.full_name)
        if _own_rules(descriptor):
            return True
        waiting += [field.message_type for field in descriptor.fields if field.message_type]
    return False


def _own_rules(descriptor: Descriptor) -> bool:
    return (
        descriptor.GetOptions().HasExtension(validate_pb2.message)
        or any(field.GetOptions().HasExtension(validate_pb2.field) for field in descriptor.fields)
        or any(oneof.GetOptions().HasExtension(validate_pb2.oneof) for oneof in descriptor.oneofs)
    )


def checker(message: type[Message]) -> Check | None:
    """The check of a request's class, compiled now; None when it has no rules. Raises RulesError."""
    collect = _compiled(message)
    if collect is None:
        return None

    def check(value: Message) -> None:
        try:
            found = collect(value)
        except EvaluationError as error:
            raise InvalidArgument(f"{value.DESCRIPTOR.name} cannot be checked, so it is refused: {error}") from None
        if found:
            raise _invalid(value, found)

    return check


def answer_checker(message: type[Message]) -> Check | None:
    """As checker, for what a handler answers: what is wrong there is raised as BrokenAnswer, or EvaluationError."""
    collect = _compiled(message)
    if collect is None:
        return None

    def check(value: Message) -> None:
        found = collect(value)
        if found:
            raise BrokenAnswer(value, found)

    return check


def _compiled(message: type[Message]) -> Callable[[Message], list[Violation]] | None:
    if not has_rules(message):
        return None
    try:
        with suppress(EvaluationError):  # a CEL rule may well fail on an empty message
            _VALIDATOR.collect_violations(message())
    except CompilationError as error:
        raise RulesError(f"{message.DESCRIPTOR.full_name}: a buf.validate rule does not compile: {error}") from None
    return _VALIDATOR.collect_violations


def violations(message: Message) -> list[error_details_pb2.BadRequest.FieldViolation]:
    """Every broken rule of the message, in the order of its fields."""
    return [_field_violation(_violation(found)) for found in _VALIDATOR.collect_violations(message)]


def own_violations(message: Message) -> Iterator[tuple[str, str]]:
    """Field name and rule id of every broken rule that is written on one of the message's own fields."""
    for found in map(_violation, _VALIDATOR.collect_violations(message)):
        elements = found.field.elements
        if len(elements) == 1:
            yield elements[0].field_name, found.rule_id


def _invalid(message: Message, found: list[Violation]) -> InvalidArgument:
    """As many violations as fit, in both forms: as every gRPC client knows them, and as buf.validate has them."""
    whole, known = [], []
    size = 0
    for each in map(_violation, found):
        field = _field_violation(each)
        size += each.ByteSize() + field.ByteSize() + 8
        if size > _DETAILS_BYTES:
            break
        whole.append(each)
        known.append(field)
    details = error_details_pb2.BadRequest(field_violations=known)
    return InvalidArgument(_summary(message, details, len(found)), (details, validate_pb2.Violations(violations=whole)))


def _violation(found: Violation) -> validate_pb2.Violation:
    """The engine's own words, as a google.protobuf message; texts that a caller chose are cut."""
    data = found.proto.to_binary()
    violation = validate_pb2.Violation.FromString(data)
    if len(data) > _TEXT_CHARS:
        violation.message = _short(violation.message)
        for element in violation.field.elements:
            if len(element.string_key) > _TEXT_CHARS:
                element.string_key = _short(element.string_key)
    return violation


def _summary(message: Message, details: error_details_pb2.BadRequest, count: int) -> str:
    named = [
        f"{each.field}: {each.description}" if each.field else each.description
        for each in details.field_violations[:_SUMMARY]
    ]
    more = [f"and {count - len(named)} more"] if count > len(named) else []
    return f"invalid {message.DESCRIPTOR.name}: {'; '.join(named + more)}"


def _field_violation(violation: validate_pb2.Violation) -> error_details_pb2.BadRequest.FieldViolation:
    text = _short(violation.message or violation.rule_id)
    return error_details_pb2.BadRequest.FieldViolation(
        field=field_path(violation.field),
        description=f"key {text}" if violation.for_key else text,
        reason=violation.rule_id,
    )


def field_path(path: validate_pb2.FieldPath) -> str:
    """A path in proto's notation, as AIP-193 has it: `user.nickname`, `items[2].id`, `labels["x"]`; empty for none."""
    return ".".join([element.field_name + _subscript(element) for element in path.elements])


def _subscript(element: validate_pb2.FieldPathElement) -> str:
    kind = element.WhichOneof("subscript")
    if kind is None:
        return ""
    value = getattr(element, kind)
    return f"[{json.dumps(_short(value) if isinstance(value, str) else value, ensure_ascii=False)}]"


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_CHARS else text[: _TEXT_CHARS - 1] + "…"
