"""list-pages: an rpc that lists or searches answers pages (AIP-158)."""

import re
from collections.abc import Iterator

from protolith_codegen.model import Contract, Kind, Method
from protolith_codegen.problems import Problem

_LISTS = re.compile(r"(List|Search)([A-Z]|$)")


def check(contract: Contract) -> Iterator[Problem]:
    """Lists whose request or response has no page fields."""
    for method in contract.methods:
        if not _LISTS.match(method.name) or method.client_streaming or method.server_streaming:
            continue
        missing = list(_missing(method, contract))
        if missing:
            yield Problem(method.origin.position, f"{method.name} lists without pages: add {', '.join(missing)}")


def _missing(method: Method, contract: Contract) -> Iterator[str]:
    for ref, name, kind in (
        (method.request, "page_size", Kind.INT32),
        (method.request, "page_token", Kind.STRING),
        (method.response, "next_page_token", Kind.STRING),
    ):
        field = contract.messages[ref.full_name].field(name)
        if field is None or field.kind is not kind or field.repeated:
            yield f"`{kind.value} {name} = N;` to {ref.local_name}"
