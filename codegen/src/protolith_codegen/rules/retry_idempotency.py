"""retry-idempotency: what is repeated says by idempotency_level that it may be."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Idempotency, Method
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Retries of rpcs that do not say that they may be repeated. A service's retry is for those that do."""
    for method in contract.methods:
        if _says_itself(method) and method.idempotency is Idempotency.UNKNOWN:
            mend = "add `option idempotency_level = IDEMPOTENT;` if it may be, or leave `retry` out"
            told = f"{method.name} is retried and does not say that it may be: {mend}"
            yield Problem(method.options.position("retry"), told)


def _says_itself(method: Method) -> bool:
    return method.options.own and method.options.place("retry") is method.options.places[0]
