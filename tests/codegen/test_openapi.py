"""The OpenAPI document, part by part; whole documents are in tests/golden."""

from typing import Any

import pytest
from protolith_codegen.openapi import document, openapi_json
from protolith_codegen.openapi.template import TemplateError, Variable, parse_template
from protolith_codegen.project import Settings

from tests.codegen.compiled import model

SETTINGS = Settings("test", "Test", "v1")


def described(source: str) -> dict[str, Any]:
    """The document of a contract in package test.v1."""
    imports = ("buf/validate/validate", "google/api/annotations", "google/protobuf/wrappers", "validate/validate")
    head = "package test.v1;\n" + "".join(f'import "{each}.proto";\n' for each in imports)
    return document(model(head + source), SETTINGS)


def field(declaration: str) -> tuple[Any, bool]:
    """Schema of a request's one field, and whether it must be given."""
    source = f"""
    service S {{ rpc Do(M) returns (M) {{ option (google.api.http) = {{post: "/do" body: "*"}}; }} }}
    enum E {{ E_UNSPECIFIED = 0; E_A = 1; E_B = 2; }}
    message M {{ {declaration} }}
    """
    schema = described(source)["components"]["schemas"]["test.v1.M"]
    (found,) = schema["properties"].values()
    return found, bool(schema.get("required"))


@pytest.mark.parametrize(
    ("declaration", "schema", "required"),
    [
        ("string f = 1;", {"type": "string"}, False),
        (
            "string f = 1 [(validate.rules).string.pattern = '^a*$'];",
            {"type": "string", "pattern": "^a*$"},
            False,
        ),
        ("string f = 1 [(validate.rules).string.len = 2];", {"type": "string", "minLength": 2, "maxLength": 2}, True),
        ("optional string f = 1 [(validate.rules).string.min_len = 2];", {"type": "string", "minLength": 2}, False),
        ("string f = 1 [(validate.rules).string.uuid = true];", {"type": "string", "format": "uuid"}, True),
        (
            "string f = 1 [(validate.rules).string = {uuid: true ignore_empty: true}];",
            {"type": "string", "anyOf": [{"format": "uuid"}, {"const": ""}]},
            False,
        ),
        (
            "string f = 1 [(validate.rules).string = {max_len: 9 ignore_empty: true}];",
            {"type": "string", "maxLength": 9},
            False,
        ),
        ("string f = 1 [(validate.rules).string.pattern = '(?i)^a$'];", {"type": "string"}, False),
        ("string f = 1 [(validate.rules).string = {in: ['a', 'b']}];", {"type": "string", "enum": ["a", "b"]}, True),
        (
            "string f = 1 [(validate.rules).string = {not_in: ['a']}];",
            {"type": "string", "not": {"enum": ["a"]}},
            False,
        ),
        (
            "int32 f = 1 [(validate.rules).int32 = {gte: 0 lt: 9}];",
            {"type": "integer", "format": "int32", "minimum": 0, "exclusiveMaximum": 9},
            False,
        ),
        (
            "int32 f = 1 [(validate.rules).int32.gt = 0];",
            {"type": "integer", "format": "int32", "exclusiveMinimum": 0},
            True,
        ),
        ("int32 f = 1 [(validate.rules).int32 = {lt: 1 gt: 5}];", {"type": "integer", "format": "int32"}, False),
        ("int64 f = 1 [(validate.rules).int64.gt = 0];", {"type": "string", "format": "int64"}, False),
        ("bool f = 1 [(validate.rules).bool.const = true];", {"type": "boolean", "const": True}, True),
        ("bytes f = 1;", {"type": "string", "contentEncoding": "base64"}, False),
        (
            "E f = 1 [(validate.rules).enum = {in: [1, 2]}];",
            {"$ref": "#/components/schemas/test.v1.E", "enum": ["E_A", "E_B"]},
            True,
        ),
        (
            "E f = 1 [(buf.validate.field).enum.const = 0];",
            {"$ref": "#/components/schemas/test.v1.E", "enum": ["E_UNSPECIFIED"]},
            False,
        ),
        ("string f = 1 [(buf.validate.field).required = true];", {"type": "string"}, True),
        (
            "repeated int32 f = 1 [(validate.rules).repeated = {min_items: 1 items: {int32: {gt: 0}}}];",
            {"type": "array", "minItems": 1, "items": {"type": "integer", "format": "int32", "exclusiveMinimum": 0}},
            True,
        ),
        ("M f = 1;", {"anyOf": [{"$ref": "#/components/schemas/test.v1.M"}, {"type": "null"}]}, False),
        ("M f = 1 [(validate.rules).message.required = true];", {"$ref": "#/components/schemas/test.v1.M"}, True),
        (
            "google.protobuf.Int64Value f = 1;",
            {"anyOf": [{"type": "string", "format": "int64"}, {"type": "null"}]},
            False,
        ),
        (
            "map<int32, E> f = 1;",
            {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/test.v1.E"}},
            False,
        ),
    ],
)
def test_fields(declaration: str, schema: object, required: bool) -> None:
    assert field(declaration) == (schema, required)


def test_only_public_rpcs_and_what_they_need_are_there() -> None:
    found = described("""
    service Open {
      rpc Do(In) returns (Out) { option (google.api.http) = {get: "/do"}; }
      rpc Hidden(Secret) returns (Secret);
    }
    service Closed { rpc Do(Secret) returns (Secret); }
    message In {}
    message Out {}
    message Secret {}
    """)
    assert list(found["paths"]) == ["/do"]
    assert [tag["name"] for tag in found["tags"]] == ["Open"]
    assert sorted(found["components"]["schemas"]) == ["google.protobuf.Any", "google.rpc.Status", "test.v1.Out"]


def test_services_of_one_name_are_told_apart() -> None:
    source = """package test.{0};
    import "google/api/annotations.proto";
    service S {{ rpc Do(M) returns (M) {{ option (google.api.http) = {{get: "/{0}/do"}}; }} }}
    message M {{}}
    """
    found = document(model({f"test/{each}/t.proto": source.format(each) for each in ("v1", "v2")}), SETTINGS)
    assert found["paths"]["/v2/do"]["get"]["operationId"] == "test.v2.S_Do"
    assert [tag["name"] for tag in found["tags"]] == ["test.v1.S", "test.v2.S"]


def test_every_reference_leads_somewhere() -> None:
    found = described("""
    service S { rpc Do(A) returns (stream A) { option (google.api.http) = {get: "/do"}; } }
    message A { A a = 1; repeated B b = 2; }
    message B { A a = 1; map<string, B> b = 2; }
    """)
    assert set(references(found)) <= {f"#/components/schemas/{name}" for name in found["components"]["schemas"]} | {
        "#/components/responses/Error"
    }


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [each for value in node.values() for each in references(value)]
    return [each for value in node for each in references(value)] if isinstance(node, list) else []


def test_equal_contracts_give_equal_bytes() -> None:
    contract = model("package test.v1;\nmessage A {}\n")
    assert openapi_json(contract, SETTINGS) == openapi_json(contract, SETTINGS)
    assert openapi_json(contract, SETTINGS).endswith("}\n")


def test_templates_are_taken_apart() -> None:
    template = parse_template("/v1/{name=shelves/*/books/**}/x/{b.c}:watch")
    assert template.segments == ("v1", Variable("name", ("shelves", "*", "books", "**")), "x", Variable("b.c", ("*",)))
    assert (template.verb, template.shape) == ("watch", "/v1/shelves/*/books/**/x/*:watch")


@pytest.mark.parametrize("text", ["v1", "/v1/{", "/v1/{a b}", "/v1/{a}/{a}", "/v1//x", "/v1/a b"])
def test_what_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(text)
