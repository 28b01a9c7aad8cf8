"""event-topic: an event says on which subject it is published."""

import re
from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem

_SUBJECT = re.compile(r"[\w-]+(\.[\w-]+)*", re.ASCII)


def check(contract: Contract) -> Iterator[Problem]:
    """Events without a topic, or with one that is no subject."""
    for message in contract.own_messages:
        if message.options is None or message.event is None:
            continue
        name = message.full_name.rpartition(".")[2]
        if not message.event.topic:
            told = f'{name} is an event without a topic: add `topic: "shop.order.placed"`'
            yield Problem(message.options.position("event"), told)
        elif not _SUBJECT.fullmatch(message.event.topic):
            told = f"topic of {name} is words of letters, digits, _ and -, with points between them"
            yield Problem(message.options.position("event", "topic"), told)
