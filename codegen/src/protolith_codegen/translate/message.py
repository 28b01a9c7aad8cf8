"""PGV's rules of one message: of its fields and oneofs, and whether it is looked at."""

from collections.abc import Iterator
from typing import Final

from buf.validate import validate_pb2 as buf
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FeatureSet,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from validate import validate_pb2 as pgv

from protolith_codegen.source import Path
from protolith_codegen.translate.defaults import default_is_refused
from protolith_codegen.translate.exact import exact
from protolith_codegen.translate.field import OPTIONS, RULES, plain_rules
from protolith_codegen.translate.merge import merge
from protolith_codegen.translate.report import Report
from protolith_codegen.translate.subject import Subject
from protolith_codegen.translate.types import BUF, PGV, Types

_FIELD: Final = 2


class MessageTranslator:
    """Translates the messages of one file."""

    def __init__(self, file: FileDescriptorProto, types: Types, report: Report) -> None:
        self._file, self._types, self._report = file, types, report

    def translate(self, message: DescriptorProto, readable: DescriptorProto, path: Path) -> None:
        """Add to the options of a message what its PGV rules mean; `readable` is its twin to be read."""
        if message.options.Extensions[pgv.disabled] or message.options.Extensions[pgv.ignored]:
            for index, field in enumerate(message.field):
                self._switch_off(field, (*path, _FIELD, index))
            return
        for index, field in enumerate(message.field):
            if field.options.HasExtension(pgv.rules):
                self._field(message, field, readable.field[index], (*path, _FIELD, index))
        for oneof, shown in zip(message.oneof_decl, readable.oneof_decl, strict=True):
            if oneof.options.Extensions[pgv.required]:
                oneof.options.Extensions[buf.oneof].required = shown.options.Extensions[buf.oneof].required = True
                self._report.translated = True

    def _field(
        self, message: DescriptorProto, field: FieldDescriptorProto, readable: FieldDescriptorProto, path: Path
    ) -> None:
        subject = self._subject(field)
        plain = plain_rules(field.options.Extensions[pgv.rules], subject, path, self._report)
        if not plain.ListFields():
            return
        explicit = field.options.HasExtension(buf.field)
        made = exact(plain, subject)
        self._keep_what_is_not_pgvs(made, field, path)
        self._look_at_default(made, field, subject)
        if made.required and made.ignore == buf.IGNORE_ALWAYS:
            made.ClearField("required")
            message.options.Extensions[buf.message].oneof.add(fields=[field.name], required=True)
        into = field.options.Extensions[buf.field]
        if into.ignore == buf.IGNORE_IF_ZERO_VALUE and made.ListFields() and not subject.tracks_presence:
            self._refuse_empty(made, field)
        for name in merge(made, into, explicit=explicit):
            self._report.problem(
                (*path, OPTIONS, RULES),
                f"{name} of {field.name} is set by validate.rules and by buf.validate, and nothing obeys both",
            )
        shown = readable.options.Extensions[buf.field]
        plain.MergeFrom(shown)
        shown.CopyFrom(plain)
        self._report.translated = True

    def _subject(self, field: FieldDescriptorProto) -> Subject:
        in_oneof = field.HasField("oneof_index") and not field.proto3_optional
        explicit = not in_oneof and self._explicit(field)
        return Subject(field, self._types.map_entry(field.type_name), in_oneof=in_oneof, explicit=explicit)

    def _explicit(self, field: FieldDescriptorProto) -> bool:
        """Whether proto2 or an edition lets this field be unset. proto3's `optional` is not meant."""
        if field.label == FieldDescriptorProto.LABEL_REPEATED or self._file.syntax == "proto3":
            return False
        if self._file.syntax != "editions":
            return True
        presence = field.options.features.field_presence or self._file.options.features.field_presence
        return presence != FeatureSet.IMPLICIT

    def _look_at_default(self, made: buf.FieldRules, field: FieldDescriptorProto, subject: Subject) -> None:
        """PGV checks the default of what is not set, but of proto3's optional fields and of oneofs."""
        scalar = subject.explicit and not subject.message and field.label != FieldDescriptorProto.LABEL_REQUIRED
        if scalar and default_is_refused(field, made, self._types.enum(field.type_name)):
            made.required = True

    def _refuse_empty(self, made: buf.FieldRules, field: FieldDescriptorProto) -> None:
        """buf.validate passes over an empty value, PGV need not: where PGV refuses it, the field must have another."""
        if made.ignore == buf.IGNORE_IF_ZERO_VALUE or made.required:
            return
        if field.label == FieldDescriptorProto.LABEL_REPEATED:
            made.required = made.repeated.min_items > 0 or made.map.min_pairs > 0
        else:
            made.required = default_is_refused(field, made, self._types.enum(field.type_name))

    def _keep_what_is_not_pgvs(self, made: buf.FieldRules, field: FieldDescriptorProto, path: Path) -> None:
        """`skip` is PGV's word about PGV's rules: those in buf.validate, inside the skipped message, hold."""
        entry = self._types.map_entry(field.type_name)
        type_name = entry[1].type_name if entry else field.type_name
        for rules in (made, *_parts(made)):
            if rules.ignore == buf.IGNORE_ALWAYS and not self._may_ignore(type_name, field.name, path):
                rules.ClearField("ignore")

    def _may_ignore(self, type_name: str, name: str, path: Path) -> bool:
        dialects = self._types.dialects(type_name)
        if dialects == {BUF, PGV}:
            self._report.problem(
                path,
                f"PGV's rules are off for {name}, but {type_name[1:]} has rules in buf.validate as well: "
                "write them in one dialect",
            )
        return BUF not in dialects

    def _switch_off(self, field: FieldDescriptorProto, path: Path) -> None:
        """PGV checks nothing of a disabled message, nor of its messages. buf.validate's rules stay."""
        entry = self._types.map_entry(field.type_name)
        value = entry[1] if entry else field
        if value.type not in (FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.TYPE_GROUP):
            return
        if field.options.HasExtension(buf.field) or PGV not in self._types.dialects(value.type_name):
            return
        if self._may_ignore(value.type_name, field.name, path):
            field.options.Extensions[buf.field].ignore = buf.IGNORE_ALWAYS
            self._report.translated = True


def _parts(rules: buf.FieldRules) -> Iterator[buf.FieldRules]:
    """The rules of a list's items, or of a map's values."""
    if rules.HasField("repeated") and rules.repeated.HasField("items"):
        yield rules.repeated.items
    if rules.HasField("map") and rules.map.HasField("values"):
        yield rules.map.values
