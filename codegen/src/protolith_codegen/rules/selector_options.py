"""selector-options: what protolith.yaml says of rpcs are options that rpcs have."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Entries that are no (protolith.v1.method) in YAML."""
    for selector in contract.selectors:
        for position, told in selector.wrong:
            yield Problem(position, f"options of {selector.pattern}: {told}")
