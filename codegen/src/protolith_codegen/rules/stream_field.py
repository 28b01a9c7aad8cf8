"""stream-field: a stream that can go on has an id in its response and takes it back in its request."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Kind, Method
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """`stream` on rpcs that do not stream, or with fields that are not there."""
    for method in contract.methods:
        if not method.options.said.HasField("stream"):
            continue
        if not method.server_streaming:
            told = f"{method.name} does not answer a stream: leave `stream` out"
            yield Problem(method.options.position("stream"), told)
            continue
        yield from _fields(method, contract)


def _fields(method: Method, contract: Contract) -> Iterator[Problem]:
    said = method.options.said.stream
    for part, name, message in (("id", said.id, method.response), ("resume", said.resume, method.request)):
        field = contract.find_field(name, message.full_name)
        if field is None:
            wrong = f"{message.full_name} has no field {name or '(none said)'}"
        elif field.repeated or field.kind is Kind.MESSAGE:
            wrong = f"{name} is not one plain value"
        else:
            continue
        yield Problem(method.options.position("stream", part), f"{part} of {method.name}'s stream: {wrong}")
