"""http-patch-mask: PATCH says which fields change, by a field mask (AIP-134)."""

from collections.abc import Iterator

from protolith_codegen.model import Contract, Method
from protolith_codegen.problems import Problem

_MASK = "google.protobuf.FieldMask"


def check(contract: Contract) -> Iterator[Problem]:
    """PATCH routes whose request has no field mask."""
    for method in contract.methods:
        for binding in method.bindings:
            if binding.verb == "PATCH" and not _has_mask(method, contract):
                told = f"{method.name} is PATCH, and {method.request.full_name} does not say what changes"
                yield Problem(binding.position, f"{told}: add `{_MASK} update_mask = N;`")


def _has_mask(method: Method, contract: Contract) -> bool:
    fields = contract.messages[method.request.full_name].fields
    return any(field.type_name == _MASK and not field.repeated for field in fields)
