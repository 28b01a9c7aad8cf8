"""The rules of one field: which kind fits its type, copied into buf.validate where both dialects have the rule."""

from typing import Any, Final

from buf.validate import validate_pb2 as buf
from validate import validate_pb2 as pgv

from protolith_codegen.source import Path
from protolith_codegen.translate.report import Report
from protolith_codegen.translate.subject import Subject

OPTIONS, RULES = 8, pgv.RULES_FIELD_NUMBER

OURS: Final = frozenset({"ignore_empty", "required", "items", "keys", "values", "no_sparse"})
"""Rules that need more than copying. no_sparse needs nothing: a decoded map never lacks a value."""
_SAYS_SOMETHING_WHEN_FALSE: Final = frozenset({"strict", "const", "lt_now", "gt_now"})


def plain_rules(rules: pgv.FieldRules, subject: Subject, path: Path, report: Report) -> buf.FieldRules:
    """PGV's rules under buf.validate's names. What no value can obey, or does not fit, is reported."""
    made = buf.FieldRules()
    _rules(rules, made, subject, (*path, OPTIONS, RULES), report)
    return made


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
    _copy(said, made, subject, at, report)
    if kind == "repeated" and said.unique and subject.part("items").message:
        report.problem(at, f"unique does not fit {subject.name}: messages are not compared")
    if getattr(said, "required", False) and subject.may_be_unset:
        out.required = True
    if getattr(said, "ignore_empty", False):
        out.ignore = buf.IGNORE_IF_ZERO_VALUE
    _parts(said, made, subject, at, report)


def _message(rules: pgv.MessageRules, out: buf.FieldRules, subject: Subject, path: Path, report: Report) -> None:
    if not subject.message:
        report.problem(path, f"message rules do not fit {subject.name}, which is {subject.type_word}")
        return
    if rules.skip:
        out.ignore = buf.IGNORE_ALWAYS
    if rules.required and subject.may_be_unset:
        out.required = True


def _copy(said: Any, made: Any, subject: Subject, path: Path, report: Report) -> None:
    """Rules of the same name. `false` says nothing, as PGV has it, except where it does."""
    for descriptor, value in said.ListFields():
        name = descriptor.name
        if name in OURS or _says_nothing(name, value):
            continue
        oneof = made.DESCRIPTOR.fields_by_name[name].containing_oneof
        other = made.WhichOneof(oneof.name) if oneof is not None else None
        if other is not None:
            report.problem((*path, descriptor.number), f"{other} and {name} of {subject.name}: keep one")
        elif descriptor.is_repeated:
            getattr(made, name).extend(value)
        elif descriptor.message_type is not None:
            getattr(made, name).CopyFrom(value)
        else:
            setattr(made, name, True if name in ("lt_now", "gt_now") else value)


def _says_nothing(name: str, value: Any) -> bool:
    """PGV reads `lt_now: false` as true, and an empty `const` of bytes as none."""
    return (value is False and name not in _SAYS_SOMETHING_WHEN_FALSE) or (name == "const" and value == b"")


def _parts(said: Any, made: Any, subject: Subject, path: Path, report: Report) -> None:
    """Rules of items, keys and values."""
    for name in ("items", "keys", "values"):
        descriptor = said.DESCRIPTOR.fields_by_name.get(name)
        if descriptor is not None and said.HasField(name):
            _rules(getattr(said, name), getattr(made, name), subject.part(name), (*path, descriptor.number), report)
