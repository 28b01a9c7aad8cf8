"""Messages and fields as JSON schemas; each message that is used becomes one component, named after it."""

from typing import Any

from protolith_codegen.model import Contract, Enum, Field, Kind, Message
from protolith_codegen.openapi.constraints import constrain, must_be_given
from protolith_codegen.openapi.wellknown import COMPONENTS, INLINE, NULL_VALUE, SCALARS, Schema


class Schemas:
    """Collects components while operations ask for schemas."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.components: dict[str, Any] = {}

    def of_message(self, name: str) -> Schema:
        """Schema of a message by full name: a reference, or inline where JSON writes a plain value."""
        if name in INLINE:
            return dict(INLINE[name])
        if name not in self.components:
            self.components[name] = {}  # a message may hold itself
            self.components[name] = COMPONENTS.get(name) or self.object(self._contract.messages[name])
        return {"$ref": f"#/components/schemas/{name}"}

    def object(self, message: Message, without: frozenset[str] = frozenset()) -> Schema:
        """Schema of a message's object, less the fields that dotted paths in `without` name."""
        fields = [each for each in message.fields if each.name not in without]
        properties = {each.json_name: self._property(each, without) for each in fields}
        made: Schema = {"type": "object", "properties": properties}
        if message.origin.comment:
            made["description"] = message.origin.comment
        required = sorted(each.json_name for each in fields if must_be_given(each, self.of_value(each)))
        if required:
            made["required"] = required
        choices = [self._choice(message, oneof.fields) for oneof in message.oneofs if oneof.required]
        if choices:
            made["allOf"] = [{"oneOf": choice} for choice in choices]
        return made

    def of_field(self, field: Field) -> Schema:
        """Schema of a field's value with its constraints and its comment."""
        return _described(self._nullable(field, self.of_value(field)), field)

    def of_value(self, field: Field) -> Schema:
        """Schema of a field's value with its constraints."""
        entry = self._contract.messages.get(field.type_name)
        if field.repeated and entry is not None and entry.is_map_entry:
            return self._map(field, entry)
        item = self._item(field)
        if field.repeated:
            constrain(item, field.kind, field.type_name, field.rules.repeated.items, self._contract)
            made = {"type": "array", "items": item}
        else:
            made = item
        kind = None if field.repeated else field.kind
        return constrain(made, kind, field.type_name, field.rules, self._contract)

    def _map(self, field: Field, entry: Message) -> Schema:
        key, value = entry.fields
        rules = field.rules.map
        values = constrain(self._item(value), value.kind, value.type_name, rules.values, self._contract)
        made: Schema = {"type": "object", "additionalProperties": values}
        if key.kind is Kind.STRING and rules.HasField("keys"):
            made["propertyNames"] = constrain({"type": "string"}, Kind.STRING, "", rules.keys, self._contract)
        return constrain(made, None, "", field.rules, self._contract)

    def _item(self, field: Field) -> Schema:
        if field.kind is Kind.ENUM:
            return self._enum(self._contract.enums[field.type_name])
        if field.kind in (Kind.MESSAGE, Kind.GROUP):
            return self.of_message(field.type_name)
        return dict(SCALARS[field.kind.value])

    def _enum(self, enum: Enum) -> Schema:
        if enum.full_name == NULL_VALUE:
            return {"type": "null"}
        if enum.full_name not in self.components:
            made: Schema = {"type": "string", "enum": list(dict.fromkeys(value.name for value in enum.values))}
            comment = _enum_comment(enum)
            self.components[enum.full_name] = {**made, "description": comment} if comment else made
        return {"$ref": f"#/components/schemas/{enum.full_name}"}

    def _property(self, field: Field, without: frozenset[str]) -> Schema:
        inner = frozenset(path.removeprefix(f"{field.name}.") for path in without if path.startswith(f"{field.name}."))
        if inner:
            return _described(self.object(self._contract.messages[field.type_name], inner), field)
        return self.of_field(field)

    def _nullable(self, field: Field, schema: Schema) -> Schema:
        """A message that is not set is `null` in answers, and may be so in requests."""
        is_object = field.kind is Kind.MESSAGE and not field.repeated and field.type_name != "google.protobuf.Value"
        if not is_object or field.rules.required:
            return schema
        return {"anyOf": [schema, {"type": "null"}]}

    def _choice(self, message: Message, names: tuple[str, ...]) -> list[Schema]:
        return [{"required": [each.json_name]} for each in message.fields if each.name in names]


def _described(schema: Schema, field: Field) -> Schema:
    added: Schema = {"description": field.origin.comment} if field.origin.comment else {}
    if field.deprecated:
        added["deprecated"] = True
    return {**schema, **added}


def _enum_comment(enum: Enum) -> str:
    """The enum's comment and, as a list, its values'."""
    values = [f"- `{value.name}`: {value.origin.comment}" for value in enum.values if value.origin.comment]
    return "\n\n".join(filter(None, (enum.origin.comment, "\n".join(values))))
