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

_OPTIONS, _RULES = 8, pgv.RULES_FIELD_NUMBER

WELL_KNOWN: Final = {
    "any": ".google.protobuf.Any",
    "duration": ".google.protobuf.Duration",
    "timestamp": ".google.protobuf.Timestamp",
}
"""Rule kinds for one message each."""

WRAPPERS: Final = {
    "double": ".google.protobuf.DoubleValue",
    "float": ".google.protobuf.FloatValue",
    "int64": ".google.protobuf.Int64Value",
    "uint64": ".google.protobuf.UInt64Value",
    "int32": ".google.protobuf.Int32Value",
    "uint32": ".google.protobuf.UInt32Value",
    "bool": ".google.protobuf.BoolValue",
    "string": ".google.protobuf.StringValue",
    "bytes": ".google.protobuf.BytesValue",
}
"""Rule kinds that hold for a wrapper's value as well."""

OURS: Final = frozenset({"ignore_empty", "required", "items", "keys", "values", "no_sparse"})
"""Rules that need more than copying. no_sparse needs nothing: a decoded map never lacks a value."""


def translate_field(
    field: FieldDescriptorProto, map_entry: Sequence[FieldDescriptorProto], path: Path, report: Report
) -> None:
    """Add to the field's options what its PGV rules mean in buf.validate."""
    made = buf.FieldRules()
    at = (*path, _OPTIONS, _RULES)
    in_oneof = field.HasField("oneof_index") and not field.proto3_optional
    _rules(field.options.Extensions[pgv.rules], made, _Subject(field, map_entry, in_oneof=in_oneof), at, report)
    if not made.ListFields():
        return
    for said_twice in merge(made, field.options.Extensions[buf.field], explicit=field.options.HasExtension(buf.field)):
        report.problem(at, f"{said_twice} of {field.name} is set by validate.rules and by buf.validate: keep one")
    report.translated = True


class _Subject:
    """What rules speak about: a field, an item of a list, a key or a value of a map."""

    def __init__(
        self,
        field: FieldDescriptorProto,
        map_entry: Sequence[FieldDescriptorProto],
        *,
        name: str = "",
        in_oneof: bool = False,
        item: bool = False,
    ) -> None:
        self.field, self.map_entry, self.in_oneof, self.item = field, map_entry, in_oneof, item
        self.name = name or field.name

    @property
    def type_word(self) -> str:
        """How the contract writes the type."""
        if self.map_entry:
            return "map"
        if self.repeated:
            return "repeated"
        if self.field.type_name:
            return self.field.type_name.removeprefix(".")
        return FieldDescriptorProto.Type.Name(self.field.type).removeprefix("TYPE_").lower()

    @property
    def repeated(self) -> bool:
        return self.field.label == FieldDescriptorProto.LABEL_REPEATED and not self.item

    @property
    def message(self) -> bool:
        return self.field.type == FieldDescriptorProto.TYPE_MESSAGE and not self.repeated

    @property
    def may_be_unset(self) -> bool:
        """Whether `required` asks anything. A oneof's case and an item are there, or they are not looked at."""
        return not self.in_oneof and not self.item

    @property
    def tracks_presence(self) -> bool:
        """Whether "not set" and "set to zero" differ: then buf.validate checks a zero that is set."""
        return self.message or (not self.item and (self.in_oneof or self.field.proto3_optional))

    def takes(self, kind: str) -> bool:
        """Whether rules of a kind may stand here."""
        if self.map_entry or self.repeated:
            return kind == ("map" if self.map_entry else "repeated")
        if self.field.type == FieldDescriptorProto.TYPE_ENUM:
            return kind == "enum"
        if self.message:
            return self.field.type_name in (WELL_KNOWN.get(kind), WRAPPERS.get(kind))
        return kind == self.type_word

    def part(self, what: str) -> "_Subject":
        """The `items` of a list, or the `keys` or `values` of a map."""
        field = self.map_entry[what == "values"] if self.map_entry else self.field
        return _Subject(field, (), name=f"{self.name} ({what})", item=True)


def _rules(rules: pgv.FieldRules, out: buf.FieldRules, subject: _Subject, path: Path, report: Report) -> None:
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


def _message(rules: pgv.MessageRules, out: buf.FieldRules, subject: _Subject, path: Path, report: Report) -> None:
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


def _presence(said: Any, out: buf.FieldRules, subject: _Subject, path: Path, report: Report) -> None:
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


def _parts(said: Any, made: Any, subject: _Subject, path: Path, report: Report) -> None:
    """Rules of items, keys and values."""
    for name in ("items", "keys", "values"):
        descriptor = said.DESCRIPTOR.fields_by_name.get(name)
        if descriptor is not None and said.HasField(name):
            _rules(getattr(said, name), getattr(made, name), subject.part(name), (*path, descriptor.number), report)
