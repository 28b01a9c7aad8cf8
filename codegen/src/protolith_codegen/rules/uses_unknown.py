"""uses-unknown: what a service uses is a service of the contracts, by its full name."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Uses of what is no service."""
    known = {service.full_name for service in contract.services}
    for service in contract.services:
        for index, use in enumerate(service.uses):
            if service.options and use.service not in known:
                close = sorted(each for each in known if each.rpartition(".")[2] == use.service.rpartition(".")[2])
                mend = f": is it {close[0]}?" if close else ""
                told = f"{service.name} uses {use.service or 'nothing'}, which is no service{mend}"
                yield Problem(service.options.position("uses", index, "service"), told)
