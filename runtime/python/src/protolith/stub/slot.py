"""One value to make up: the field it is for, the rules on it, what to call it, its number among its siblings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from buf.validate import validate_pb2
from google.protobuf.descriptor import FieldDescriptor


@dataclass(frozen=True, slots=True)
class Slot:
    """`rules` are empty for a field without any. `ordinal` counts a list's items and a map's pairs, else 0."""

    field: FieldDescriptor
    rules: validate_pb2.FieldRules
    name: str
    ordinal: int = 0

    @property
    def typed(self) -> Any:
        """The rules of the field's type (StringRules, Int32Rules, …); None when there are none."""
        kind = self.rules.WhichOneof("type")
        return getattr(self.rules, kind) if kind else None

    def stated(self) -> Iterator[Any]:
        """Values that the rules themselves spell out: `const`, `in`, `example`, turned by the ordinal to differ."""
        typed = self.typed
        if typed is None:
            return
        if "const" in typed.DESCRIPTOR.fields_by_name and typed.HasField("const"):
            yield typed.const
        for name in ("in", "example"):
            values = list(getattr(typed, name, ()))
            for index in range(len(values)):
                yield values[(index + self.ordinal) % len(values)]


def rules_of(field: FieldDescriptor) -> validate_pb2.FieldRules:
    """The buf.validate rules written on a field."""
    rules: validate_pb2.FieldRules = field.GetOptions().Extensions[validate_pb2.field]
    return rules
