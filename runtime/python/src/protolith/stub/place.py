"""Where a made-up value goes: a message's own field, the last item of a list, or one pair of a map."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from protolith.stub.candidates import is_wrapper


@dataclass(frozen=True, slots=True)
class Place:
    """`message` gives the (new, empty or half filled) message at the place, `put` sets a scalar there."""

    field: FieldDescriptor
    message: Callable[[], Any]
    put: Callable[[Any], None]

    def store(self, value: Any) -> None:
        """Set a candidate. Raises ValueError or TypeError for one that the field's type cannot hold."""
        if self.field.message_type is None:
            self.put(value)
        elif is_wrapper(self.field):
            self.message().value = value
        else:
            self.message().CopyFrom(value)


def member_of(message: Message, field: FieldDescriptor) -> Place:
    """The message's field itself."""

    def inner() -> Any:
        child = getattr(message, field.name)
        child.SetInParent()
        return child

    return Place(field, inner, lambda value: setattr(message, field.name, value))


def item_of(items: Any, field: FieldDescriptor) -> Place:
    """A new last item; it is there at once, empty."""
    if field.message_type is not None:
        items.add()
    else:
        items.append(b"" if field.type == FieldDescriptor.TYPE_BYTES else field.default_value or _zero(field))
    return Place(field, lambda: items[-1], lambda value: items.__setitem__(-1, value))


def pair_of(pairs: Any, key: Any, field: FieldDescriptor) -> Place:
    """The value under a key; `field` is the value's. Message values are there at once, empty."""
    return Place(field, lambda: pairs[key], lambda value: pairs.__setitem__(key, value))


def _zero(field: FieldDescriptor) -> Any:
    return "" if field.cpp_type == FieldDescriptor.CPPTYPE_STRING else 0
