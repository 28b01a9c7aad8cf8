"""Both dialects on one field: both hold. What they say differently about one thing is named, not guessed at."""

from collections.abc import Iterator
from typing import Any

from buf.validate import validate_pb2 as buf


def merge(made: buf.FieldRules, into: buf.FieldRules, *, explicit: bool) -> Iterator[str]:
    """Add translated rules to those that the contract gives in buf.validate; yields names of what is said twice."""
    clashes = list(_clashes(made, into, "")) if explicit else []
    if explicit and made.ignore != into.ignore and "ignore" not in clashes:
        clashes.append("when to check (ignore)")
    if not clashes:
        into.MergeFrom(made)
    yield from clashes


def _clashes(made: Any, there: Any, prefix: str) -> Iterator[str]:
    for descriptor, value in made.ListFields():
        name = f"{prefix}{descriptor.name}"
        if descriptor.is_repeated:
            if getattr(there, descriptor.name) and list(getattr(there, descriptor.name)) != list(value):
                yield name
        elif there.HasField(descriptor.name):
            other = getattr(there, descriptor.name)
            if descriptor.message_type is not None and descriptor.message_type.file == made.DESCRIPTOR.file:
                yield from _clashes(value, other, f"{name}.")
            elif other != value:
                yield name
        elif descriptor.containing_oneof is not None and there.WhichOneof(descriptor.containing_oneof.name):
            yield f"{name} (against {there.WhichOneof(descriptor.containing_oneof.name)})"
