"""http-body-field: `body` and `response_body` name fields of the request and of the response."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Bodies that are no field."""
    for method in contract.methods:
        for binding in method.bindings:
            for name, field, message in (
                ("body", binding.body, method.request.full_name),
                ("response_body", binding.response_body, method.response.full_name),
            ):
                if field not in ("", "*") and contract.messages[message].field(field) is None:
                    told = f"{name} of {method.name}: {message} has no field {field}"
                    yield Problem(binding.written.position(name), told)
