"""Fills a message so that it keeps its own rules: takes each field's candidates until protovalidate accepts one."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from buf.validate import validate_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from protolith.errors import Unimplemented
from protolith.stub.candidates import candidates, has_candidates
from protolith.stub.place import Place, item_of, member_of, pair_of
from protolith.stub.slot import Slot, rules_of
from protolith.validation import has_rules, own_violations, violations

M = TypeVar("M", bound=Message)

_TRIES: Final = 200
_KEYS: Final = 20
_DEPTH: Final = 8
_ITEMS: Final = 1_000
_NOT_YET: Final = frozenset(("repeated.min_items", "map.min_pairs"))


class StubError(Unimplemented):
    """No example answer satisfies the rules; the text names field and rule."""


def stub_answer(message: type[M]) -> M:
    """An example of the message that keeps its own buf.validate rules: new ids and times at every call.

    Raises StubError where a rule, such as one in CEL, is kept by none of the values tried.
    """
    answer = message()
    _Filler(has_rules(message)).fill(answer, ())
    for violation in violations(answer):
        raise StubError(
            f"this rpc has no code yet, and no example of {message.DESCRIPTOR.full_name} can be made up: "
            f"{violation.field or 'the message'} breaks {violation.reason} ({violation.description}). "
            "Write the handler, or give the field an example value in its rules"
        )
    return answer


class _Filler:
    """`checked`: whether any message of the answer has rules; without them every first candidate is right."""

    def __init__(self, checked: bool) -> None:
        self._checked = checked

    def fill(self, message: Message, above: tuple[str, ...]) -> None:
        """Every field, one of each oneof. `above` names the messages that this one lies in: where they recur, no more
        is filled than the rules require."""
        above = (*above, message.DESCRIPTOR.full_name)
        for group in _groups(message.DESCRIPTOR):
            for field in sorted(group, key=lambda each: _type_name(each) in above):
                if self._fill_field(message, field, above):
                    break

    def _fill_field(self, message: Message, field: FieldDescriptor, above: tuple[str, ...]) -> bool:
        """Whether it has a value now; one that no candidate suits is left out where the rules allow that."""
        bare = len(above) >= _DEPTH or _type_name(field) in above
        if field.is_repeated:
            return self._fill_many(message, field, above, bare)
        if bare and (len(above) >= 2 * _DEPTH or self._keeps(message, field)):
            return False
        place, slot = member_of(message, field), Slot(field, rules_of(field), field.name)
        if self._make(place, slot, above, lambda: self._keeps(message, field)):
            return True
        message.ClearField(field.name)
        if not self._keeps(message, field):
            self._make(place, slot, above, lambda: True)
        return False

    def _fill_many(self, message: Message, field: FieldDescriptor, above: tuple[str, ...], bare: bool) -> bool:
        count = _count(rules_of(field), bare)
        for number in range(min(count, _ITEMS)):
            add = self._add_pair if _is_map(field) else self._add_item
            if not add(message, field, number, above):
                break
        return bool(getattr(message, field.name))

    def _add_item(self, message: Message, field: FieldDescriptor, number: int, above: tuple[str, ...]) -> bool:
        items = getattr(message, field.name)
        slot = Slot(field, rules_of(field).repeated.items, field.name, number)
        if self._make(item_of(items, field), slot, above, lambda: self._keeps(message, field)):
            return True
        del items[-1]
        return False

    def _add_pair(self, message: Message, field: FieldDescriptor, number: int, above: tuple[str, ...]) -> bool:
        pairs, entry, rules = getattr(message, field.name), field.message_type, rules_of(field).map
        assert entry is not None
        key_field, value_field = entry.fields_by_name["key"], entry.fields_by_name["value"]
        for key in islice(candidates(Slot(key_field, rules.keys, "key", number)), _KEYS):
            if not _fits(pairs, key):
                continue
            place, slot = pair_of(pairs, key, value_field), Slot(value_field, rules.values, field.name, number)
            if self._make(place, slot, above, lambda: self._keeps(message, field)):
                return True
            pairs.pop(key, None)
        return False

    def _make(self, place: Place, slot: Slot, above: tuple[str, ...], keeps: Callable[[], bool]) -> bool:
        """Put the first candidate that keeps the field's rules, or fill the message that the field is."""
        if not has_candidates(slot.field):
            child = place.message()
            self.fill(child, above)
            return keeps() and not (self._checked and violations(child))
        for value in islice(candidates(slot), _TRIES):
            try:
                place.store(value)
            except (ValueError, TypeError):
                continue  # beyond the range of the field's type
            if keeps():
                return True
        return False

    def _keeps(self, message: Message, field: FieldDescriptor) -> bool:
        """Whether the field, so far, keeps the rules written on it; a list may still be too short."""
        return not self._checked or all(
            name != field.name or rule in _NOT_YET for name, rule in own_violations(message)
        )


def _groups(descriptor: Any) -> Iterator[list[FieldDescriptor]]:
    """The fields, those together of which only one is to be set: a oneof, or the rule `(message).oneof`."""
    chosen: set[str] = set()
    rules: validate_pb2.MessageRules = descriptor.GetOptions().Extensions[validate_pb2.message]
    alternatives = [[descriptor.fields_by_name[name] for name in each.fields] for each in rules.oneof]
    alternatives += [list(oneof.fields) for oneof in descriptor.oneofs]
    for group in (*alternatives, *([field] for field in descriptor.fields)):
        if chosen.isdisjoint(field.name for field in group):
            yield group
            chosen.update(field.name for field in group)


def _count(rules: validate_pb2.FieldRules, bare: bool) -> int:
    """How many items or pairs: one where it is allowed, the fewest possible when `bare`."""
    least = max(rules.repeated.min_items, rules.map.min_pairs, int(rules.required))
    most = [
        limit
        for kind, name in _MOST
        if (typed := getattr(rules, kind)).HasField(name)
        for limit in [getattr(typed, name)]
    ]
    return least if bare else max(least, min([1, *most]))


_MOST: Final = (("repeated", "max_items"), ("map", "max_pairs"))


def _type_name(field: FieldDescriptor) -> str:
    """The message type of a field, of its values when it is a map; empty for scalars."""
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        entry = entry.fields_by_name["value"].message_type
    return entry.full_name if entry is not None else ""


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _fits(pairs: Any, key: Any) -> bool:
    """Whether the key is new, and one that the map's key type can hold."""
    try:
        return key not in pairs
    except (ValueError, TypeError):
        return False
