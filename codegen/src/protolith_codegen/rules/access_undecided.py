"""access-undecided: every rpc ends with an explicit decision who may call it. There is no default."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Method
from protolith_codegen.problems import Problem
from protolith_codegen.source import CONTRACTS, Position

_IMPORT = "protolith/v1/method.proto"


def check(contract: Contract) -> Iterator[Problem]:
    """Rpcs without a decision, with the line to paste."""
    importing = {f"{CONTRACTS}/{file.name}" for file in contract.files.file if _IMPORT in file.dependency}
    for method in contract.methods:
        if method.options.access:
            continue
        position, mend = _mend(method)
        imported = (
            "" if position.file in importing or not position.file.startswith(CONTRACTS) else f' (import "{_IMPORT}")'
        )
        yield Problem(position, f"{method.name} does not say who may call it: {mend}{imported}")


def _mend(method: Method) -> tuple[Position, str]:
    """Where to say it, and the line to paste there."""
    said = method.options.said.access.WhichOneof("decision")
    if said:
        return method.options.position("access", said), f"`{said}: false` decides nothing"
    if method.options.own:
        return method.options.places[0].position(), "add `access: {authenticated: true}`"
    return method.origin.position, "add `option (protolith.v1.method).access.authenticated = true;`"
