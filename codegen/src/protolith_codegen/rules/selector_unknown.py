"""selector-unknown: each selector in protolith.yaml is about an rpc that there is."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Selectors that select nothing. `*` may: it stands for whatever comes."""
    names = [method.full_name for method in contract.methods]
    for selector in contract.selectors:
        if selector.pattern != "*" and not any(map(selector.selects, names)):
            mend = "name an rpc in full, or all below a name (`shop.cart.v1.*`)"
            yield Problem(selector.position, f"{selector.pattern} selects no rpc: {mend}")
