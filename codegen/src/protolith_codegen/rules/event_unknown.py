"""event-unknown: what is published and consumed are messages with (protolith.v1.message).event."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Service
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Names in `publishes` and `consumes` that are no event."""
    for service in contract.services:
        yield from _consumed(service, contract)
        for method in service.methods:
            for index, name in enumerate(method.options.said.publishes):
                wrong = _wrong(name, service.package, contract)
                if wrong:
                    where = method.options.position("publishes", index)
                    yield Problem(where, f"{method.name} publishes {name}, {wrong}")


def _consumed(service: Service, contract: Contract) -> Iterator[Problem]:
    for index, name in enumerate(service.consumes):
        wrong = _wrong(name, service.package, contract)
        if service.options and wrong:
            yield Problem(service.options.position("consumes", index), f"{service.name} consumes {name}, {wrong}")


def _wrong(name: str, package: str, contract: Contract) -> str:
    message = contract.messages.get(name) or contract.messages.get(f"{package}.{name}")
    if message is None:
        return "which is no message"
    if message.event is None:
        return 'which is no event: add `option (protolith.v1.message).event = {topic: "…"};` to it'
    return ""
