"""idempotency-key: the field that carries a key is a string of the request."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Kind
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Keys that are no field, or no string."""
    for method in contract.methods:
        key = method.options.said.idempotency.key
        if not key:
            continue
        field = contract.find_field(key, method.request.full_name)
        if field is None or field.kind is not Kind.STRING or field.repeated:
            told = f"idempotency of {method.name}: {method.request.full_name} has no string field {key}"
            yield Problem(method.options.position("idempotency", "key"), told)
