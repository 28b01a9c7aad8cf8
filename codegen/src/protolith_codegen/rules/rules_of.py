"""The rules of a contract's fields, those of items, keys and values too, for the rules about rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from buf.validate.validate_pb2 import FieldRules

from protolith_codegen.model import Contract, Field, Message
from protolith_codegen.source import Position


@dataclass(frozen=True)
class Ruled:
    """One value with rules: a field, or the items, keys or values of one. `path` leads to its rules by names."""

    field: Field
    rules: FieldRules
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """The field's name, and which part of it."""
        return f"{self.field.name} ({self.path[-1]})" if self.path else self.field.name

    @cached_property
    def kind(self) -> str:
        """Which kind of rules it has, such as string; empty where only general ones."""
        return self.rules.WhichOneof("type") or ""

    @cached_property
    def typed(self) -> Any:
        """The rules of its kind."""
        return getattr(self.rules, self.kind) if self.kind else None

    def says(self, name: str) -> bool:
        """Whether the rules of its kind have one of a name."""
        return name in self._said

    @cached_property
    def _said(self) -> frozenset[str]:
        return frozenset(field.name for field, _ in self.typed.ListFields()) if self.typed is not None else frozenset()

    def position(self, *names: str) -> Position:
        """Where a rule of its kind is written."""
        return self.field.written.position(*self.path, self.kind, *names)


def ruled(contract: Contract) -> Iterator[Ruled]:
    """Every value of the contracts that has rules."""
    for message in contract.own_messages:
        yield from ruled_fields(message)


def ruled_fields(message: Message) -> Iterator[Ruled]:
    """Every value of a message that has rules."""
    for field in message.fields:
        if field.rules.ListFields():
            yield from _parts(Ruled(field, field.rules, ()))


def _parts(value: Ruled) -> Iterator[Ruled]:
    yield value
    for name in {"repeated": ("items",), "map": ("keys", "values")}.get(value.kind, ()):
        if value.typed.HasField(name):
            yield from _parts(Ruled(value.field, getattr(value.typed, name), (*value.path, value.kind, name)))
