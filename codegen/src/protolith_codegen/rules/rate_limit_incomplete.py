"""rate-limit-incomplete: a quota says how many, in which time, and whose."""

from collections.abc import Iterator

from protolith.v1.policy_pb2 import RateLimit

from protolith_codegen.model import Contract, Method
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Quotas that leave something open, or count by a field that is not there."""
    for method in contract.methods:
        for index, limit in enumerate(method.options.said.rate_limit):
            for part, told in _wrong(limit, method, contract):
                where = method.options.position("rate_limit", index, *((part,) if part else ()))
                yield Problem(where, f"rate_limit of {method.name} {told}")


def _wrong(limit: RateLimit, method: Method, contract: Contract) -> Iterator[tuple[str, str]]:
    if not limit.requests:
        yield "", "does not say how many: add `requests: 5`"
    if not limit.HasField("window"):
        yield "", "does not say in which time: add `window: {seconds: 60}`"
    if limit.per == RateLimit.PER_UNSPECIFIED:
        yield "", "does not say whose requests count together: add `per: USER` (or IP, METHOD, FIELD)"
    if limit.field and limit.per != RateLimit.FIELD:
        yield "field", "names a field and does not count by it: say `per: FIELD`"
    if limit.per == RateLimit.FIELD and contract.find_field(limit.field, method.request.full_name) is None:
        yield "field", f"counts by a field, and {method.request.full_name} has no field {limit.field or '(none said)'}"
