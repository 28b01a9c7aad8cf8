"""Path templates as OpenAPI paths: each `*` is a parameter, a pattern's literals are part of the path."""

from dataclasses import dataclass

from protolith_codegen.model import Contract, Field, Message
from protolith_codegen.openapi.template import PathTemplate, Variable


@dataclass(frozen=True, slots=True)
class PathParameter:
    """A parameter in a path, and the field that it is (a part of)."""

    name: str
    field: Field
    whole: bool


def openapi_path(template: PathTemplate, request: Message, contract: Contract) -> tuple[str, list[PathParameter]]:
    """`/v1/{name=users/*}` -> `/v1/users/{user}`; `{user_id}` -> `{userId}`, as JSON names it."""
    parts, parameters = [], []
    for segment in template.segments:
        if isinstance(segment, Variable):
            path, found = _variable(segment, request, contract)
            parts.append(path)
            parameters.extend(found)
        else:
            parts.append(segment)
    verb = f":{template.verb}" if template.verb else ""
    return f"/{'/'.join(parts)}{verb}", parameters


def _variable(variable: Variable, request: Message, contract: Contract) -> tuple[str, list[PathParameter]]:
    names, field = _json_path(variable.field_path, request, contract)
    whole = variable.segments in (("*",), ("**",))
    parts: list[str] = []
    parameters: list[PathParameter] = []
    for index, segment in enumerate(variable.segments):
        if segment in ("*", "**"):
            name = names if whole or not index else _singular(variable.segments[index - 1], names)
            parameters.append(PathParameter(name, field, whole))
            parts.append(f"{{{name}}}")
        else:
            parts.append(segment)
    return "/".join(parts), parameters


def _json_path(path: str, message: Message, contract: Contract) -> tuple[str, Field]:
    head, _, rest = path.partition(".")
    field = message.field(head)
    if field is None:
        raise LookupError(f"{message.full_name} has no field {head}")  # checked before rendering
    if not rest:
        return field.json_name, field
    inner, found = _json_path(rest, contract.messages[field.type_name], contract)
    return f"{field.json_name}.{inner}", found


def _singular(collection: str, fallback: str) -> str:
    """What one element of a collection is called."""
    if collection.endswith("ies"):
        return f"{collection.removesuffix('ies')}y"
    return collection.removesuffix("s") or fallback
