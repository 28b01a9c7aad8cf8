"""The rules of one field: which kind fits its type, and where PGV and buf.validate mean different things."""

from collections.abc import Sequence
from typing import Any, Final

from buf.validate import validate_pb2 as buf
from google.protobuf.descriptor_pb2 import FieldDescriptorProto
from validate import validate_pb2 as pgv

from protolith_codegen.source import Path
from protolith_codegen.translate.merge import merge
from protolith_codegen.translate.pattern import check_pattern
from protolith_codegen.translate.report import Report
from protolith_codegen.translate.subject import Subject

_OPTIONS, _RULES = 8, pgv.RULES_FIELD_NUMBER

OURS: Final = frozenset({"ignore_empty", "required", "items", "keys", "values", "no_sparse"})
"""Rules that need more than copying. no_sparse needs nothing: a decoded map never lacks a value."""


def translate_field(
    field: FieldDescriptorProto, map_entry: Sequence[FieldDescriptorProto], path: Path, report: Report
) -> None:
    """Add to the field's options what its PGV rules mean in buf.validate."""
    made = buf.FieldRules()
    at = (*path, _OPTIONS, _RULES)
    in_oneof = field.HasField("oneof_index") and not field.proto3_optional
    _rules(field.options.Extensions[pgv.rules], made, Subject(field, map_entry, in_oneof=in_oneof), at, report)
    if not made.ListFields():
        return
    for said_twice in merge(made, field.options.Extensions[buf.field], explicit=field.options.HasExtension(buf.field)):
        report.problem(at, f"{said_twice} of {field.name} is set by validate.rules and by buf.validate: keep one")
    report.translated = True


def _rules(rules: pgv.FieldRules, out: buf.FieldRules, subject: Subject, path: Path, report: Report) -> None:
    if rules.HasField("message"):
        _message(rules.message, out, subject, (*path, pgv.FieldRules.MESSAGE_FIELD_NUMBER), report)
    kind = rules.WhichOneof("type")
    if kind is None:
        return
    at = (*path, rules.DESCRIPTOR.fields_by_name[kind].number)
    if not subject.takes(kind):
        report.problem(at, f"{kind} rules do not fit {subject.name}, which is {subject.type_word}")
        return
    said, made = getattr(rules, kind), getattr(out, kind)
    made.SetInParent()
    _copy(said, made)
    if kind == "repeated" and said.unique and subject.part("items").message:
        report.problem(at, f"unique does not fit {subject.name}: messages are not compared")
    _presence(said, out, subject, at, report)
    check_pattern(said, subject.name, at, report)
    _parts(said, made, subject, at, report)


def _message(rules: pgv.MessageRules, out: buf.FieldRules, subject: Subject, path: Path, report: Report) -> None:
    if not subject.message:
        report.problem(path, f"message rules do not fit {subject.name}, which is {subject.type_word}")
        return
    if rules.skip and rules.required and subject.may_be_unset:
        report.problem(path, f"skip together with required on {subject.name} is not translated: choose one")
    elif rules.skip:
        out.ignore = buf.IGNORE_ALWAYS
    elif rules.required and subject.may_be_unset:
        out.required = True


def _copy(said: Any, made: Any) -> None:
    """Rules of the same name mean the same in both dialects. `false` says nothing, as PGV has it, except in strict."""
    for descriptor, value in said.ListFields():
        if descriptor.name in OURS or (value is False and descriptor.name not in ("strict", "const")):
            continue
        if descriptor.is_repeated:
            getattr(made, descriptor.name).extend(value)
        elif descriptor.message_type is not None:
            getattr(made, descriptor.name).CopyFrom(value)
        else:
            setattr(made, descriptor.name, value)


def _presence(said: Any, out: buf.FieldRules, subject: Subject, path: Path, report: Report) -> None:
    """`required` and `ignore_empty`, where the kind has them."""
    if getattr(said, "required", False) and subject.may_be_unset:
        out.required = True
    if not getattr(said, "ignore_empty", False):
        return
    if subject.tracks_presence:
        number = said.DESCRIPTOR.fields_by_name["ignore_empty"].number
        report.problem(
            (*path, number),
            f"ignore_empty of {subject.name} is not translated where a field knows unset from empty: "
            "let the rules themselves allow the empty value, or make it a plain field",
        )
    else:
        out.ignore = buf.IGNORE_IF_ZERO_VALUE


def _parts(said: Any, made: Any, subject: Subject, path: Path, report: Report) -> None:
    """Rules of items, keys and values."""
    for name in ("items", "keys", "values"):
        descriptor = said.DESCRIPTOR.fields_by_name.get(name)
        if descriptor is not None and said.HasField(name):
            _rules(getattr(said, name), getattr(made, name), subject.part(name), (*path, descriptor.number), report)
