"""google.api.http: each variable, body and response body names a field that can be there; no route comes twice."""

from collections.abc import Iterator

from protolith_codegen.model import Binding, Contract, Field, Kind, Message, Method
from protolith_codegen.openapi.template import PathTemplate, TemplateError, parse_template
from protolith_codegen.problems import Problem


def check_routes(contract: Contract) -> Iterator[Problem]:
    """Problems of all routes."""
    taken: dict[tuple[str, str], str] = {}
    for service in contract.services:
        for method in service.methods:
            for binding in method.bindings:
                for message in _binding(binding, method, contract, taken):
                    yield Problem(binding.position, message)


def _binding(binding: Binding, method: Method, contract: Contract, taken: dict[tuple[str, str], str]) -> Iterator[str]:
    if not binding.verb:
        yield f'{method.name} has google.api.http without a path: give one, such as `get: "/v1/things"`'
        return
    try:
        template = parse_template(binding.path)
    except TemplateError as error:
        yield f"path {binding.path!r} of {method.name}: {error}"
        return
    other = taken.setdefault((binding.verb, template.shape), method.full_name)
    if other != method.full_name:
        yield f"{method.full_name} and {other} have one route, {binding.verb} {template.shape}: change one"
    yield from _variables(template, method, contract)
    yield from _bodies(binding, method, contract)


def _variables(template: PathTemplate, method: Method, contract: Contract) -> Iterator[str]:
    request = contract.messages[method.request.full_name]
    for variable in template.variables:
        field = find_field(variable.field_path, request, contract)
        if field is None:
            yield f"path of {method.name}: {request.full_name} has no field {variable.field_path}"
        elif field.repeated or field.kind is Kind.MESSAGE:
            yield f"path of {method.name}: {variable.field_path} is not one plain value, and a path holds such only"


def _bodies(binding: Binding, method: Method, contract: Contract) -> Iterator[str]:
    request = contract.messages[method.request.full_name]
    response = contract.messages[method.response.full_name]
    if binding.body not in ("", "*") and request.field(binding.body) is None:
        yield f"body of {method.name}: {request.full_name} has no field {binding.body}"
    if binding.response_body and response.field(binding.response_body) is None:
        yield f"response_body of {method.name}: {response.full_name} has no field {binding.response_body}"
    if binding.body and binding.verb in ("GET", "DELETE"):
        yield f"{method.name} has a body, which {binding.verb} does not carry: leave `body` out"


def find_field(path: str, message: Message | None, contract: Contract) -> Field | None:
    """The field that a dotted path names, or None."""
    head, _, rest = path.partition(".")
    field = message.field(head) if message else None
    if field is None or not rest:
        return field
    return find_field(rest, contract.messages.get(field.type_name), contract)
