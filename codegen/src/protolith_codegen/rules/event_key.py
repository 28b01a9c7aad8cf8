"""event-key: the field that orders events is a plain field of the event."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Kind
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Keys that are no field, or not one plain value."""
    for message in contract.own_messages:
        if message.options is None or message.event is None or not message.event.key:
            continue
        field = contract.find_field(message.event.key, message.full_name)
        if field is None or field.repeated or field.kind is Kind.MESSAGE:
            told = f"key of the event: {message.full_name} has no plain field {message.event.key}"
            yield Problem(message.options.position("event", "key"), told)
