"""Each kind of rule that buf.validate has, on google.protobuf messages: proto3, proto2 and editions."""

from typing import Any

import pytest
from protolith.validation import checker, violations

from tests.support import contracts

PREDEFINED = """
extend buf.validate.StringRules {
  {optional} bool slug = {number} [(buf.validate.predefined).cel = {
    id: "string.slug" message: "must be a slug" expression: "!rule || this.matches('^[a-z-]+$')"
  }];
  {optional} int32 words = {next} [(buf.validate.predefined).cel = {
    id: "string.words" expression: "this.split(' ').size() <= int(rule) ? '' : 'has too many words'"
  }];
}
"""

BODY = """
import "buf/validate/validate.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
{extensions}
enum Color {{ COLOR_UNSPECIFIED = 0; COLOR_RED = 1; }}
message Item {{ {o} int32 id = 1 [(buf.validate.field).int32.gt = 0]; }}
message String {{ {o} string f = 1 [(buf.validate.field).string.email = true]; }}
message Bytes {{ {o} bytes f = 1 [(buf.validate.field).bytes.min_len = 2]; }}
message Bool {{ {o} bool f = 1 [(buf.validate.field).bool.const = true]; }}
message Double {{ {o} double f = 1 [(buf.validate.field).double.finite = true]; }}
message Unsigned {{ {o} fixed64 f = 1 [(buf.validate.field).fixed64 = {{in: [1, 2]}}]; }}
message Colored {{ {o} Color f = 1 [(buf.validate.field).enum.defined_only = true]; }}
message Listed {{ repeated int32 f = 1 [(buf.validate.field).repeated = {{
  unique: true items: {{int32: {{gt: 0}}}}
}}]; }}
message Mapped {{ map<string, int32> f = 1 [(buf.validate.field).map = {{
  keys: {{string: {{min_len: 1}}}} min_pairs: 1
}}]; }}
message Anything {{ {o} google.protobuf.Any f = 1 [(buf.validate.field).any = {{in: ["a/b"]}}]; }}
message During {{ {o} google.protobuf.Duration f = 1 [(buf.validate.field).duration.lt.seconds = 5]; }}
message When {{ {o} google.protobuf.Timestamp f = 1 [(buf.validate.field).timestamp.lt_now = true]; }}
message Masked {{ {o} google.protobuf.FieldMask f = 1 [(buf.validate.field).field_mask.in = "a"]; }}
message Wrapped {{ {o} google.protobuf.Int32Value f = 1 [(buf.validate.field).int32.gt = 0]; }}
message Nested {{ {o} Item f = 1; }}
message Required {{ {o} Item f = 1 [(buf.validate.field).required = true]; }}
message Ignored {{ {o} Item f = 1 [(buf.validate.field).ignore = IGNORE_ALWAYS]; }}
message FieldCel {{ {o} int32 f = 1 [(buf.validate.field).cel = {{
  id: "even" message: "odd" expression: "this % 2 == 0"
}}]; }}
message FieldExpression {{ {o} int32 f = 1 [(buf.validate.field).cel_expression = "this % 2 == 0"]; }}
message MessageCel {{
  option (buf.validate.message).cel = {{id: "order" message: "wrong way" expression: "this.a <= this.f"}};
  {o} int32 a = 1;
  {o} int32 f = 2;
}}
message MessageOneof {{
  option (buf.validate.message).oneof = {{fields: ["a", "f"] required: true}};
  {o} string a = 1;
  {o} string f = 2;
}}
message Chosen {{ oneof choice {{ option (buf.validate.oneof).required = true; string a = 1; string f = 2; }} }}
message Predefined {{
  {o} string f = 1 [(buf.validate.field).string = {{[{package}.slug]: true [{package}.words]: 2}}];
}}
"""

CASES: list[tuple[str, Any, Any, str]] = [
    ("String", "a@b", "a", "string.email"),
    ("Bytes", b"ab", b"a", "bytes.min_len"),
    ("Bool", True, False, "bool.const"),
    ("Double", 1.0, float("inf"), "double.finite"),
    ("Unsigned", 1, 3, "fixed64.in"),
    ("Listed", [1, 2], [1, 1], "repeated.unique"),
    ("Listed", [1], [-1], "int32.gt"),
    ("Mapped", {"a": 1}, {}, "map.min_pairs"),
    ("Mapped", {"a": 1}, {"": 1}, "string.min_len"),
    ("Anything", {"type_url": "a/b"}, {"type_url": "c"}, "any.in"),
    ("During", {"seconds": 4}, {"seconds": 5}, "duration.lt"),
    ("When", {"seconds": 4}, {"seconds": 2**36}, "timestamp.lt_now"),
    ("Masked", {"paths": ["a"]}, {"paths": ["b"]}, "field_mask.in"),
    ("Wrapped", {"value": 1}, {"value": 0}, "int32.gt"),
    ("Nested", {"id": 1}, {"id": -1}, "int32.gt"),
    ("Required", {"id": 1}, None, "required"),
    ("FieldCel", 2, 1, "even"),
    ("FieldExpression", 2, 1, "this % 2 == 0"),
    ("MessageCel", 2, -1, "order"),
    ("MessageOneof", "a", None, "message.oneof"),
    ("Chosen", "a", None, "required"),
    ("Predefined", "a-b", "A", "string.slug"),
]


def _source(syntax: str, package: str, optional: str) -> str:
    extensions = ""
    if syntax != 'syntax = "proto3";':
        number = 50_100 + len(package)
        extensions = PREDEFINED.replace("{optional}", optional).replace("{number}", str(number))
        extensions = extensions.replace("{next}", str(number + 100))
    source = BODY.format(o=optional, extensions=extensions, package=package)
    if not extensions:
        source = source[: source.index("message Predefined")]
    return f"{syntax}\npackage {package};\n{source}"


WORLDS = {
    "proto3": contracts.compile(_source('syntax = "proto3";', "tests.kinds.three", "")),
    "proto2": contracts.compile(_source('syntax = "proto2";', "tests.kinds.two", "optional")),
    "editions": contracts.compile(_source('edition = "2023";', "tests.kinds.edition", "")),
}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("name", "right", "wrong", "rule"), CASES, ids=[f"{case[0]}-{case[3]}" for case in CASES])
def test_kind(world: str, name: str, right: Any, wrong: Any, rule: str) -> None:
    message = getattr(WORLDS[world], name, None)
    if message is None:
        assert (world, name) == ("proto3", "Predefined")  # proto3 cannot extend
        return
    assert checker(message) is not None
    assert violations(message(f=right)) == []
    assert [each.reason for each in violations(message(f=wrong))] == [rule]


@pytest.mark.parametrize("world", WORLDS)
def test_ignored_messages_are_not_looked_into(world: str) -> None:
    assert violations(WORLDS[world].Ignored(f={"id": -1})) == []


def test_unknown_numbers_of_an_open_enum() -> None:
    assert [each.reason for each in violations(WORLDS["proto3"].Colored(f=7))] == ["enum.defined_only"]


@pytest.mark.parametrize("world", ["proto2", "editions"])
def test_what_is_not_set_is_not_checked(world: str) -> None:
    message = WORLDS[world].String
    assert violations(message()) == []
    assert [each.reason for each in violations(message(f="a"))] == ["string.email"]


@pytest.mark.parametrize("world", ["proto2", "editions"])
def test_predefined_rules_get_their_value(world: str) -> None:
    """The descriptors of extensions reach the engine: it knows rules that no one but the contract defines."""
    reasons = {each.reason: each.description for each in violations(WORLDS[world].Predefined(f="a b c"))}
    assert reasons == {"string.slug": "must be a slug", "string.words": "has too many words"}
