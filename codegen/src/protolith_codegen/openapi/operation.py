"""Routes as OpenAPI operations: path, parameters, body and answers, as grpc-gateway maps them."""

from collections.abc import Iterator

from protolith_codegen.model import Binding, Contract, Message, Method, Service
from protolith_codegen.openapi.errors import error_responses
from protolith_codegen.openapi.parameters import Parameters
from protolith_codegen.openapi.paths import openapi_path
from protolith_codegen.openapi.schemas import Schemas
from protolith_codegen.openapi.template import PathTemplate, parse_template
from protolith_codegen.openapi.wellknown import HTTP_BODY, Schema

_VERBS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_ERROR: Schema = {"default": {"$ref": "#/components/responses/Error"}}
_BINARY: Schema = {"*/*": {"schema": {"type": "string", "format": "binary"}}}


class Operations:
    """Makes operations; the schemas they need end up among the components."""

    def __init__(self, contract: Contract, schemas: Schemas) -> None:
        self._contract, self._schemas = contract, schemas
        self._parameters = Parameters(contract, schemas)

    def of(self, service: Service, label: str) -> Iterator[tuple[str, str, Schema]]:
        """Path, verb and operation of each route of a service. Verbs that OpenAPI has no word for are left out."""
        for method in service.methods:
            for index, binding in enumerate(method.bindings):
                if binding.verb.lower() in _VERBS:
                    operation_id = f"{label}_{method.name}{index + 1 if index else ''}"
                    yield self._operation(method, binding, label, operation_id)

    def _operation(self, method: Method, binding: Binding, label: str, operation_id: str) -> tuple[str, str, Schema]:
        template = parse_template(binding.path)
        request = self._contract.messages[method.request.full_name]
        path, variables = openapi_path(template, request, self._contract)
        operation: Schema = {
            "operationId": operation_id,
            "tags": [label],
            **_words(method.origin.comment),
            "responses": {"200": self._answer(method, binding), **error_responses(method), **_ERROR},
        }
        parameters = [*self._parameters.in_path(variables), *self._parameters.in_query(request, template, binding)]
        if parameters:
            operation["parameters"] = parameters
        if binding.body:
            operation["requestBody"] = self._body(request, template, binding, operation_id)
        if method.deprecated:
            operation["deprecated"] = True
        return path, binding.verb.lower(), operation

    def _body(self, request: Message, template: PathTemplate, binding: Binding, operation_id: str) -> Schema:
        bound = frozenset(variable.field_path for variable in template.variables)
        field = None if binding.body == "*" else request.field(binding.body)
        if field is None:
            message, without = request, bound
        else:
            prefix = f"{field.name}."
            message = self._contract.messages.get(field.type_name, request)
            without = frozenset(path.removeprefix(prefix) for path in bound if path.startswith(prefix))
        if message.full_name == HTTP_BODY:
            return {"content": _BINARY, "required": True}
        if without:
            name = f"{operation_id}Body"
            self._schemas.components[name] = self._schemas.object(message, without)
            schema: Schema = {"$ref": f"#/components/schemas/{name}"}
        else:
            schema = self._schemas.of_value(field) if field else self._schemas.of_message(message.full_name)
        return {"content": {"application/json": {"schema": schema}}, "required": True}

    def _answer(self, method: Method, binding: Binding) -> Schema:
        if method.response.full_name == HTTP_BODY:
            return {"description": "The answer, as its own content type says.", "content": _BINARY}
        response = self._contract.messages[method.response.full_name]
        field = response.field(binding.response_body)
        schema = self._schemas.of_field(field) if field else self._schemas.of_message(response.full_name)
        if not method.server_streaming:
            return {"description": "The answer.", "content": {"application/json": {"schema": schema}}}
        lines = "A stream: one JSON object a line, each with a `result`; an `error` ends it."
        return {"description": lines, "content": {"application/json": {"schema": _stream(schema)}}}


def _stream(schema: Schema) -> Schema:
    """One line of a stream: a result, or the error that ends it."""
    return {
        "type": "object",
        "properties": {"result": schema, "error": {"$ref": "#/components/schemas/google.rpc.Status"}},
    }


def _words(comment: str) -> Schema:
    """First sentence and whole text of a comment."""
    if not comment:
        return {}
    paragraph = " ".join(comment.split("\n\n")[0].split())
    end = paragraph.find(". ")
    summary = paragraph if end < 0 else paragraph[: end + 1]
    return {"summary": summary} if summary == comment else {"summary": summary, "description": comment}
