"""http-path: every route has a path that is a path template of google.api.http."""

from collections.abc import Iterator

from protolith_codegen.model import Contract
from protolith_codegen.openapi.template import TemplateError, parse_template
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Routes without a path, or with one that cannot be read."""
    for method in contract.methods:
        for binding in method.bindings:
            if not binding.verb:
                mend = 'give one, such as `get: "/v1/things"`'
                yield Problem(binding.position, f"{method.name} has google.api.http without a path: {mend}")
                continue
            try:
                parse_template(binding.path)
            except TemplateError as error:
                yield Problem(binding.position, f"path {binding.path!r} of {method.name}: {error}")
