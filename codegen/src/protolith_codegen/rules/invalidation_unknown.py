"""invalidation-unknown: what a call makes stale is a cached rpc, told by fields that both have."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Method
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Invalidations of an rpc or by a field that is not there."""
    methods = {method.full_name: method for method in contract.methods}
    for method in contract.methods:
        for index, said in enumerate(method.options.said.invalidates):
            target = methods.get(said.rpc) or methods.get(f"{method.full_name.rpartition('.')[0]}.{said.rpc}")
            at = ("invalidates", index)
            for part, told in _wrong(said.rpc, dict(said.fields), method, target, contract):
                yield Problem(method.options.position(*at, part), f"invalidates of {method.name}: {told}")


def _wrong(
    name: str, fields: dict[str, str], method: Method, target: Method | None, contract: Contract
) -> Iterator[tuple[str, str]]:
    if target is None:
        yield "rpc", f"there is no rpc {name}"
        return
    if not target.options.said.HasField("cache"):
        yield "rpc", f"{target.name} has no `cache` that could be stale"
    for key, value in sorted(fields.items()):
        if contract.find_field(key, target.request.full_name) is None:
            yield "fields", f"{target.request.full_name} has no field {key}"
        if not any(contract.find_field(value, ref.full_name) for ref in (method.request, method.response)):
            yield "fields", f"{method.name} has no field {value}, neither in its request nor in its response"
