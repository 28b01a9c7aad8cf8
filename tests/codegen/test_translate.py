"""PGV rules as the engine runs them after translation: for each kind of rule, what passes and what does not."""

from typing import Any, TypeAlias

import protovalidate
import pytest
from buf.validate import validate_pb2 as buf
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from protolith.stub import stub_answer
from protolith_codegen.load import Image
from protolith_codegen.translate import translate
from validate import validate_pb2 as pgv

from tests.codegen.compiled import image

Case: TypeAlias = tuple[str, list[Any], list[Any]]
"""A field with its rules, values that pass, values that do not."""

HEAD = """
package test.translate;
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "validate/validate.proto";
enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; COLOR_BLUE = 2; }
message Inner { string x = 1 [(validate.rules).string.min_len = 1]; }
"""

PAST, FUTURE = {"seconds": 1}, {"seconds": 2**36}
A_B, C = {"type_url": "a/b"}, {"type_url": "c"}
SET_EMPTY = {"value": ""}
TWO = ["a", "a"]
UUID = "01890a5d-ac96-774b-bcce-b302099a8057"
FLOATS = ["double", "float"]
INTEGERS = ["int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64"]

NUMBERS: list[Case] = [
    case
    for kind in (*FLOATS, *INTEGERS)
    for case in (
        (f"{kind} f = 1 [(validate.rules).{kind} = {{gt: 2 lte: 5}}];", [3, 5], [0, 2, 6]),
        (f"{kind} f = 1 [(validate.rules).{kind} = {{gte: 2 lt: 5 ignore_empty: true}}];", [0, 2, 4], [1, 5]),
        (f"{kind} f = 1 [(validate.rules).{kind} = {{lt: 2 gt: 5}}];", [0, 1, 6], [2, 5]),
        (f"{kind} f = 1 [(validate.rules).{kind} = {{in: [1, 2]}}];", [1, 2], [0, 3]),
        (f"{kind} f = 1 [(validate.rules).{kind} = {{not_in: [1, 2]}}];", [0, 3], [1, 2]),
        (f"{kind} f = 1 [(validate.rules).{kind}.const = 7];", [7], [0, 8]),
    )
]

STRINGS: list[Case] = [
    ("string f = 1 [(validate.rules).string.const = 'a'];", ["a"], ["", "b"]),
    ("string f = 1 [(validate.rules).string.len = 2];", ["ab", "üü"], ["", "a", "abc"]),
    ("string f = 1 [(validate.rules).string = {min_len: 2 max_len: 3}];", ["ab", "üüü"], ["", "a", "abcd"]),
    ("string f = 1 [(validate.rules).string.len_bytes = 2];", ["ab", "ü"], ["", "üü"]),
    ("string f = 1 [(validate.rules).string = {min_bytes: 2 max_bytes: 3}];", ["ab", "ü"], ["a", "üü"]),
    ("string f = 1 [(validate.rules).string.pattern = '^[a-z]+$'];", ["a"], ["", "A"]),
    ("string f = 1 [(validate.rules).string.pattern = '(?i)^\\\\pL+$'];", ["aÜ"], ["", "1"]),
    ("string f = 1 [(validate.rules).string = {prefix: 'a' suffix: 'z'}];", ["az", "a-z"], ["", "a", "z"]),
    ("string f = 1 [(validate.rules).string.contains = 'b'];", ["abc"], ["", "ac"]),
    ("string f = 1 [(validate.rules).string.not_contains = 'b'];", ["", "ac"], ["abc"]),
    ("string f = 1 [(validate.rules).string = {in: ['a', 'b']}];", ["a"], ["", "c"]),
    ("string f = 1 [(validate.rules).string = {not_in: ['a', 'b']}];", ["", "c"], ["a"]),
    ("string f = 1 [(validate.rules).string.email = true];", ["a@b.org"], ["", "a", "a@"]),
    ("string f = 1 [(validate.rules).string.email = false];", ["", "a"], []),
    ("string f = 1 [(validate.rules).string.hostname = true];", ["a.b-c"], ["", "a_b", "-a"]),
    ("string f = 1 [(validate.rules).string.ip = true];", ["1.2.3.4", "::1"], ["", "1.2.3"]),
    ("string f = 1 [(validate.rules).string.ipv4 = true];", ["1.2.3.4"], ["", "::1"]),
    ("string f = 1 [(validate.rules).string.ipv6 = true];", ["::1"], ["", "1.2.3.4"]),
    ("string f = 1 [(validate.rules).string.uri = true];", ["https://a.b/c?d"], ["", "/a"]),
    ("string f = 1 [(validate.rules).string.uri_ref = true];", ["https://a.b", "/a"], ["a b"]),
    ("string f = 1 [(validate.rules).string.address = true];", ["a.b", "1.2.3.4"], ["", "a_b"]),
    ("string f = 1 [(validate.rules).string.uuid = true];", [UUID, UUID.upper()], ["", UUID[:-1]]),
    ("string f = 1 [(validate.rules).string = {uuid: true ignore_empty: true}];", ["", UUID], ["a"]),
    ("string f = 1 [(validate.rules).string.well_known_regex = HTTP_HEADER_NAME];", ["x-a", ":path"], ["", "a b"]),
    ("string f = 1 [(validate.rules).string.well_known_regex = HTTP_HEADER_VALUE];", ["", "a b"], ["a\x01"]),
    (
        "string f = 1 [(validate.rules).string = {well_known_regex: HTTP_HEADER_VALUE strict: false}];",
        ["a\x01"],
        ["a\n", "\x00"],
    ),
    ("optional string f = 1 [(validate.rules).string.min_len = 1];", [None, "a"], [""]),
    (
        "google.protobuf.StringValue f = 1 [(validate.rules).string.min_len = 1];",
        [None, {"value": "a"}],
        [SET_EMPTY],
    ),
    (
        "google.protobuf.StringValue f = 1 [(validate.rules) = {string: {min_len: 1} message: {required: true}}];",
        [{"value": "a"}],
        [None, {"value": ""}],
    ),
]

OTHERS: list[Case] = [
    ("bool f = 1 [(validate.rules).bool.const = true];", [True], [False]),
    ("bool f = 1 [(validate.rules).bool.const = false];", [False], [True]),
    ("bytes f = 1 [(validate.rules).bytes.len = 2];", [b"ab"], [b"", b"a"]),
    ("bytes f = 1 [(validate.rules).bytes = {min_len: 1 max_len: 2}];", [b"a"], [b"", b"abc"]),
    ("bytes f = 1 [(validate.rules).bytes = {min_len: 1 ignore_empty: true}];", [b"", b"a"], []),
    ("bytes f = 1 [(validate.rules).bytes = {prefix: 'a' suffix: 'z' contains: 'm'}];", [b"amz"], [b"az", b"mz"]),
    ("bytes f = 1 [(validate.rules).bytes.pattern = '^[a-z]+$'];", [b"a"], [b"", b"A"]),
    ("bytes f = 1 [(validate.rules).bytes.const = 'a'];", [b"a"], [b"", b"b"]),
    ("bytes f = 1 [(validate.rules).bytes = {in: ['a']}];", [b"a"], [b"", b"b"]),
    ("bytes f = 1 [(validate.rules).bytes = {not_in: ['a']}];", [b"", b"b"], [b"a"]),
    ("bytes f = 1 [(validate.rules).bytes.ip = true];", [b"1234", b"1" * 16], [b"", b"123"]),
    ("bytes f = 1 [(validate.rules).bytes.ipv4 = true];", [b"1234"], [b"", b"1" * 16]),
    ("bytes f = 1 [(validate.rules).bytes.ipv6 = true];", [b"1" * 16], [b"", b"1234"]),
    ("Color f = 1 [(validate.rules).enum.defined_only = true];", [0, 2], [3]),
    ("Color f = 1 [(validate.rules).enum.const = 2];", [2], [0, 1]),
    ("Color f = 1 [(validate.rules).enum = {in: [1, 2]}];", [1, 2], [0]),
    ("Color f = 1 [(validate.rules).enum = {not_in: [0]}];", [1, 3], [0]),
    ("repeated string f = 1 [(validate.rules).repeated = {min_items: 1 max_items: 2}];", [["a"]], [[], ["a"] * 3]),
    ("repeated string f = 1 [(validate.rules).repeated.unique = true];", [[], ["a", "b"]], [["a", "a"]]),
    (
        "repeated string f = 1 [(validate.rules).repeated = {min_items: 2 ignore_empty: true}];",
        [[], TWO],
        [["a"]],
    ),
    ("repeated string f = 1 [(validate.rules).repeated.items.string.min_len = 1];", [[], ["a"]], [[""]]),
    (
        "repeated string f = 1 [(validate.rules).repeated.items.string = {min_len: 2 ignore_empty: true}];",
        [[""], ["ab"]],
        [["a"]],
    ),
    ("repeated Color f = 1 [(validate.rules).repeated.items.enum = {not_in: [0]}];", [[1]], [[0]]),
    ("repeated Inner f = 1 [(validate.rules).repeated.min_items = 1];", [[{"x": "a"}]], [[], [{}]]),
    ("repeated Inner f = 1 [(validate.rules).repeated.items.message.required = true];", [[{"x": "a"}]], [[{}]]),
    ("repeated Inner f = 1 [(validate.rules).repeated.items.message.skip = true];", [[{}]], []),
    ("map<string, int32> f = 1 [(validate.rules).map = {min_pairs: 1 max_pairs: 2}];", [{"a": 1}], [{}]),
    ("map<string, int32> f = 1 [(validate.rules).map = {min_pairs: 2 ignore_empty: true}];", [{}], [{"a": 1}]),
    ("map<string, int32> f = 1 [(validate.rules).map.keys.string.min_len = 1];", [{"a": 0}], [{"": 1}]),
    ("map<string, int32> f = 1 [(validate.rules).map.values.int32.gt = 0];", [{"a": 1}], [{"a": 0}]),
    ("map<string, Inner> f = 1 [(validate.rules).map.no_sparse = true];", [{"a": {"x": "a"}}], [{"a": {}}]),
    ("map<string, Inner> f = 1 [(validate.rules).map.values.message.skip = true];", [{"a": {}}], []),
    ("Inner f = 1 [(validate.rules).message.required = true];", [{"x": "a"}], [None, {}]),
    ("Inner f = 1 [(validate.rules).message.skip = true];", [None, {}], []),
    ("Inner f = 1;", [None, {"x": "a"}], [{}]),
    ("google.protobuf.Any f = 1 [(validate.rules).any.required = true];", [{"type_url": "a"}], [None]),
    (
        "google.protobuf.Any f = 1 [(validate.rules).any = {in: ['a/b']}];",
        [None, A_B],
        [C],
    ),
    (
        "google.protobuf.Any f = 1 [(validate.rules).any = {not_in: ['a/b']}];",
        [C],
        [A_B],
    ),
    ("google.protobuf.Duration f = 1 [(validate.rules).duration.required = true];", [{"seconds": 0}], [None]),
    (
        "google.protobuf.Duration f = 1 [(validate.rules).duration = {gt: {seconds: 1} lte: {seconds: 5}}];",
        [None, {"seconds": 2}, {"seconds": 5}],
        [{"seconds": 1}, {"seconds": 6}],
    ),
    (
        "google.protobuf.Duration f = 1 [(validate.rules).duration = {in: [{seconds: 1}] }];",
        [None, {"seconds": 1}],
        [{"seconds": 2}],
    ),
    (
        "google.protobuf.Duration f = 1 [(validate.rules).duration = {not_in: [{seconds: 1}] }];",
        [{"seconds": 2}],
        [{"seconds": 1}],
    ),
    ("google.protobuf.Timestamp f = 1 [(validate.rules).timestamp.required = true];", [{"seconds": 1}], [None]),
    (
        "google.protobuf.Timestamp f = 1 [(validate.rules).timestamp = {gte: {seconds: 5} lt: {seconds: 9}}];",
        [None, {"seconds": 5}],
        [{"seconds": 4}, {"seconds": 9}],
    ),
    (
        "google.protobuf.Timestamp f = 1 [(validate.rules).timestamp.const = {seconds: 5}];",
        [None, {"seconds": 5}],
        [{"seconds": 4}],
    ),
    (
        "google.protobuf.Timestamp f = 1 [(validate.rules).timestamp.lt_now = true];",
        [{"seconds": 1}],
        [FUTURE],
    ),
    (
        "google.protobuf.Timestamp f = 1 [(validate.rules).timestamp.gt_now = true];",
        [FUTURE],
        [{"seconds": 1}],
    ),
    (
        "google.protobuf.Timestamp f = 1 [(validate.rules).timestamp.within = {seconds: 3600}];",
        [None],
        [{"seconds": 1}, FUTURE],
    ),
]

CASES = [*NUMBERS, *STRINGS, *OTHERS]


@pytest.fixture(scope="module")
def messages() -> list[Any]:
    """A message class a case, all translated together."""
    source = HEAD + "\n".join(f"message M{index} {{ {field} }}" for index, (field, _, _) in enumerate(CASES))
    translated = translate(image(source))
    assert translated.problems == ()
    return [_classes(translated.image)[f"test.translate.M{index}"] for index in range(len(CASES))]


def _classes(translated: Image) -> dict[str, Any]:
    pool = descriptor_pool.DescriptorPool()
    for file in translated.files.file:
        pool.AddSerializedFile(file.SerializeToString())
    return {
        f"{file.package}.{each.name}": message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"{file.package}.{each.name}")
        )
        for file in translated.files.file
        if file.name in translated.own
        for each in file.message_type
    }


@pytest.mark.parametrize("index", range(len(CASES)), ids=[field for field, _, _ in CASES])
def test_verdict(index: int, messages: list[Any]) -> None:
    _, passing, failing = CASES[index]
    for value in passing:
        assert protovalidate.collect_violations(messages[index](f=value)) == [], value
    for value in failing:
        assert protovalidate.collect_violations(messages[index](f=value)), value


def violations(message: Any) -> list[Any]:
    """Violations by a validator of its own: the shared one remembers types by name."""
    return list(protovalidate.Validator().collect_violations(message))


def first_message(source: str) -> tuple[Any, Image]:
    """Class of message M of a contract, and the translated image."""
    translated = translate(image(HEAD + source))
    assert translated.problems == ()
    return _classes(translated.image)["test.translate.M"], translated.image


def test_oneof_members_need_not_be_chosen() -> None:
    source = """message M { oneof o {
      Inner a = 1 [(validate.rules).message.required = true];
      google.protobuf.Duration b = 2 [(validate.rules).duration.required = true];
      string c = 3 [(validate.rules).string.min_len = 1];
    } }"""
    message, _ = first_message(source)
    assert violations(message()) == []
    assert violations(message(b={})) == []
    assert len(violations(message(c=""))) == 1


def test_required_oneof() -> None:
    message, _ = first_message("message M { oneof o { option (validate.required) = true; string a = 1; } }")
    assert len(violations(message())) == 1
    assert violations(message(a="")) == []


@pytest.mark.parametrize("option", ["disabled", "ignored"])
def test_disabled_messages_are_not_looked_into(option: str) -> None:
    source = f"""message M {{
      option (validate.{option}) = true;
      string a = 1 [(validate.rules).string.min_len = 1];
      Inner b = 2;
      repeated Inner c = 3;
      map<string, Inner> d = 4;
      oneof o {{ option (validate.required) = true; string e = 5; }}
    }}"""
    message, _ = first_message(source)
    assert violations(message(b={}, c=[{}], d={"a": {}})) == []


def test_pgvs_options_stay_and_the_dependency_is_added_once() -> None:
    _, translated = first_message("message M { string f = 1 [(validate.rules).string.min_len = 1]; }")
    (file,) = own_files(translated)
    (field,) = [field for each in file.message_type if each.name == "M" for field in each.field]
    assert field.options.Extensions[pgv.rules].string.min_len == 1
    assert field.options.Extensions[buf.field].string.min_len == 1
    assert list(file.dependency).count("buf/validate/validate.proto") == 1
    names = [each.name for each in translated.files.file]
    assert names.index("buf/validate/validate.proto") < names.index(file.name)


def test_without_rules_nothing_is_added() -> None:
    translated = translate(image("package test.v1;\nmessage M { string f = 1; }\n"))
    (file,) = own_files(translated.image)
    assert not file.dependency
    assert not field_of(file).options.ListFields()


def test_both_dialects_that_agree_are_joined() -> None:
    source = """import "buf/validate/validate.proto";
    message M {
      string f = 1 [(validate.rules).string.min_len = 1, (buf.validate.field).string.max_len = 2];
    }"""
    message, _ = first_message(source)
    assert [len(violations(message(f=each))) for each in ("", "a", "abc")] == [1, 0, 1]


def own_files(found: Image) -> list[FileDescriptorProto]:
    return [each for each in found.files.file if each.name in found.own]


def field_of(file: FileDescriptorProto) -> FieldDescriptorProto:
    return file.message_type[0].field[0]


BOTH: list[tuple[str, list[Any], list[Any]]] = [
    ("string f = 1 [(validate.rules).string.max_len = 5, (buf.validate.field).string.max_len = 3];", ["abc"], ["abcd"]),
    ("string f = 1 [(validate.rules).string.max_len = 3, (buf.validate.field).string.max_len = 5];", ["abc"], ["abcd"]),
    ("string f = 1 [(validate.rules).string.email = true, (buf.validate.field).string.hostname = true];", [], ["a@b"]),
    (
        "string f = 1 [(validate.rules).string = {in: ['a', 'b']}, (buf.validate.field).string = {in: ['b', 'c']}];",
        ["b"],
        ["a", "c"],
    ),
    (
        "string f = 1 [(validate.rules).string.not_in = 'a', (buf.validate.field).string.not_in = 'b'];",
        ["c"],
        ["a", "b"],
    ),
    (
        "string f = 1 [(validate.rules).string = {min_len: 2 ignore_empty: true},"
        " (buf.validate.field).string.max_len = 3];",
        ["", "ab"],
        ["a", "abcd"],
    ),
    (
        "string f = 1 [(validate.rules).string.min_len = 1,"
        " (buf.validate.field) = {string: {max_len: 3} ignore: IGNORE_IF_ZERO_VALUE}];",
        ["a"],
        ["", "abcd"],
    ),
    (
        "string f = 1 [(validate.rules).string.min_len = 2,"
        " (buf.validate.field) = {string: {max_len: 3} ignore: IGNORE_ALWAYS}];",
        ["ab", "abcd"],
        ["a"],
    ),
    (
        "int32 f = 1 [(validate.rules).int32 = {gt: 1 lt: 9}, (buf.validate.field).int32 = {gte: 3 lte: 20}];",
        [3, 8],
        [2, 9],
    ),
    (
        "repeated string f = 1 [(validate.rules).repeated = {max_items: 2 items: {string: {min_len: 2}}},"
        " (buf.validate.field).repeated = {max_items: 3 items: {string: {min_len: 1 max_len: 3}}}];",
        [["ab"], ["abc", "ab"]],
        [["a"], ["abcd"], ["ab", "ab", "ab"]],
    ),
    (
        "google.protobuf.Duration f = 1 [(validate.rules).duration.lt = {seconds: 5},"
        " (buf.validate.field).duration.lt = {seconds: 3}];",
        [{"seconds": 2}],
        [{"seconds": 3}, {"seconds": 6}],
    ),
    (
        "google.protobuf.Timestamp f = 1 [(validate.rules).timestamp.lt_now = true,"
        " (buf.validate.field).timestamp.lt = {seconds: 3}];",
        [{"seconds": 2}],
        [{"seconds": 3}, FUTURE],
    ),
]


@pytest.mark.parametrize(("field", "passing", "failing"), BOTH, ids=[field for field, _, _ in BOTH])
def test_both_dialects_hold(field: str, passing: list[Any], failing: list[Any]) -> None:
    message, _ = first_message(f'import "buf/validate/validate.proto";\nmessage M {{ {field} }}')
    assert [value for value in passing if violations(message(f=value))] == []
    assert [value for value in failing if not violations(message(f=value))] == []


def told(source: str) -> list[str]:
    """What translating a contract has to say."""
    return [each.message for each in translate(image(HEAD + source)).problems]


def test_what_nothing_can_obey_is_told() -> None:
    source = """import "buf/validate/validate.proto";
    message M {
      string a = 1 [(validate.rules).string.const = "a", (buf.validate.field).string.const = "b"];
      string b = 2 [(validate.rules).string = {in: ["a"]}, (buf.validate.field).string = {in: ["b"]}];
    }"""
    assert [each.partition(" is set")[0] for each in told(source)] == ["string.const of a", "string.in of b"]


def test_two_bounds_of_one_side_are_told() -> None:
    assert told("message M { int32 a = 1 [(validate.rules).int32 = {lt: 3 lte: 4}]; }") == ["lt and lte of a: keep one"]


SKIPPED = """import "buf/validate/validate.proto";
message Theirs { string x = 1 [(buf.validate.field).string.min_len = 1]; }
message Mixed { Inner inner = 1; Theirs theirs = 2; }
"""


def test_skip_is_about_pgvs_rules() -> None:
    """Rules in buf.validate hold inside a message that PGV skips."""
    source = SKIPPED + "message M { Theirs f = 1 [(validate.rules).message.skip = true]; }"
    message, _ = first_message(source)
    assert len(violations(message(f={}))) == 1


def test_skipping_both_dialects_at_once_is_told() -> None:
    (said,) = told(SKIPPED + "message M { Mixed f = 1 [(validate.rules).message.skip = true]; }")
    assert "write them in one dialect" in said


def test_people_read_standard_rules() -> None:
    """OpenAPI and our own checks see what is nearest to the author's words, the engine sees what is exact."""
    source = """message M {
      double a = 1 [(validate.rules).double = {gte: 1 lte: 2}];
      optional string b = 2 [(validate.rules).string = {min_len: 2 ignore_empty: true}];
    }"""
    translated = translate(image("package test.readable;\n" + HEAD.partition(";\n")[2] + source))
    (file,) = own_files(translated.readable)
    fields = {each.name: each.options.Extensions[buf.field] for each in file.message_type[-1].field}
    assert (fields["a"].double.gte, fields["a"].double.lte, len(fields["a"].cel)) == (1, 2, 0)
    assert (fields["b"].string.min_len, fields["b"].ignore) == (2, buf.IGNORE_IF_ZERO_VALUE)
    (exact,) = own_files(translated.image)
    assert len(exact.message_type[-1].field[0].options.Extensions[buf.field].cel) == 1


def test_values_can_be_made_up_for_exact_rules() -> None:
    source = """message M {
      double a = 1 [(validate.rules).double = {gte: 0.2 lte: 0.5}];
      optional string b = 2 [(validate.rules).string = {uuid: true ignore_empty: true}];
      bytes c = 3 [(validate.rules).bytes.ipv6 = true];
      float d = 4 [(validate.rules).float = {lt: -7}];
      google.protobuf.Int32Value e = 5 [(validate.rules).int32 = {gt: 100 ignore_empty: true}];
      bytes f = 6 [(validate.rules).bytes.ipv4 = true];
      string g = 7 [(validate.rules).string.ipv6 = true];
      string h = 8 [(validate.rules).string.email = true];
    }"""
    message, _ = first_message(source)
    assert violations(stub_answer(message)) == []
