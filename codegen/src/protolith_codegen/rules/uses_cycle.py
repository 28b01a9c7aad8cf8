"""uses-cycle: services that call each other in a cycle say so, by `allow_cycle` on one use of it."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Service
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Each cycle once, at a use that closes it."""
    services = {service.full_name: service for service in contract.services}
    told: set[frozenset[str]] = set()
    for service in contract.services:
        for cycle in _cycles(service.full_name, (), services):
            if frozenset(cycle) not in told:
                told.add(frozenset(cycle))
                yield _problem(cycle, services)


def _problem(cycle: tuple[str, ...], services: dict[str, Service]) -> Problem:
    last = services[cycle[-1]]
    index = next(index for index, use in enumerate(last.uses) if use.service == cycle[0])
    assert last.options is not None
    way = " -> ".join((*cycle, cycle[0]))
    mend = "break it, or say `allow_cycle: true` here"
    return Problem(last.options.position("uses", index), f"services use each other in a cycle, {way}: {mend}")


def _cycles(name: str, way: tuple[str, ...], services: dict[str, Service]) -> Iterator[tuple[str, ...]]:
    """Ways from a service back to itself over uses that do not allow a cycle."""
    if name in way:
        if name == way[0]:
            yield way
        return
    for use in services[name].uses:
        if not use.allow_cycle and use.service in services:
            yield from _cycles(use.service, (*way, name), services)
