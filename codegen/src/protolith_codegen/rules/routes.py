"""Routes whose path can be read, for the rules about them."""

from collections.abc import Iterator

from protolith_codegen.model import Binding, Contract, Method
from protolith_codegen.openapi.template import PathTemplate, TemplateError, parse_template


def routes(contract: Contract) -> Iterator[tuple[Method, Binding, PathTemplate]]:
    """Every route with its rpc and its path, taken apart."""
    for method in contract.methods:
        for binding in method.bindings:
            try:
                yield method, binding, parse_template(binding.path)
            except TemplateError:
                continue  # http-path has told it
