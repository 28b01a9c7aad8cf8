"""Path and query parameters, as grpc-gateway reads them: leaves of the request that neither path nor body binds."""

from collections.abc import Iterable, Iterator

from protolith_codegen.model import Binding, Contract, Field, Kind, Message
from protolith_codegen.openapi.constraints import must_be_given
from protolith_codegen.openapi.paths import PathParameter
from protolith_codegen.openapi.schemas import Schemas
from protolith_codegen.openapi.template import PathTemplate
from protolith_codegen.openapi.wellknown import COMPONENTS, INLINE, Schema

_JSON_TEXT = frozenset({"google.protobuf.Struct", "google.protobuf.Value"})
"""Messages that a query parameter carries as JSON text."""


class Parameters:
    """Makes parameters; the enums they need end up among the components."""

    def __init__(self, contract: Contract, schemas: Schemas) -> None:
        self._contract, self._schemas = contract, schemas

    def in_path(self, variables: Iterable[PathParameter]) -> Iterator[Schema]:
        """Parameters of a path; they are always required."""
        for each in variables:
            schema = self._schemas.of_value(each.field) if each.whole else {"type": "string"}
            yield {"name": each.name, "in": "path", "required": True, "schema": schema, **_comment(each.field)}

    def in_query(self, request: Message, template: PathTemplate, binding: Binding) -> Iterator[Schema]:
        """Parameters of a query."""
        if binding.body == "*":
            return
        bound = {variable.field_path for variable in template.variables} | {binding.body}
        yield from self._leaves(request, "", "", bound, (request.full_name,), required=True)

    def _leaves(
        self, message: Message, path: str, name: str, bound: set[str], seen: tuple[str, ...], *, required: bool
    ) -> Iterator[Schema]:
        for field in message.fields:
            at, called = f"{path}{field.name}", f"{name}{field.json_name}"
            inner = self._contract.messages.get(field.type_name)
            if at in bound:
                continue
            if inner is None or field.type_name in INLINE:
                yield self._parameter(field, called, required=required)
            elif field.type_name in _JSON_TEXT and not field.repeated:
                yield {"name": called, "in": "query", "schema": {"type": "string"}, **_comment(field)}
            elif inner.is_map_entry:
                yield from self._map(field, inner, called)
            elif not field.repeated and field.type_name not in (*seen, *COMPONENTS):
                deeper = (*seen, field.type_name)
                yield from self._leaves(
                    inner, f"{at}.", f"{called}.", bound, deeper, required=required and field.rules.required
                )

    def _parameter(self, field: Field, name: str, *, required: bool) -> Schema:
        schema = self._schemas.of_value(field)
        made: Schema = {"name": name, "in": "query", "schema": schema, **_comment(field)}
        if required and must_be_given(field, schema):
            made["required"] = True
        if field.deprecated:
            made["deprecated"] = True
        return made

    def _map(self, field: Field, entry: Message, name: str) -> Iterator[Schema]:
        """A map of plain values is written `name[key]=value`."""
        if entry.fields[1].kind is not Kind.MESSAGE:
            style = {"style": "deepObject", "explode": True}
            yield {"name": name, "in": "query", **style, "schema": self._schemas.of_value(field), **_comment(field)}


def _comment(field: Field) -> Schema:
    return {"description": field.origin.comment} if field.origin.comment else {}
