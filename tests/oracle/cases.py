"""The oracle's contract: for every kind of rule of PGV a message with a field `f`, and values around its bounds."""

# ruff: noqa: E501, RUF001 -- tables of contracts and values, some of them look-alikes on purpose

from dataclasses import dataclass
from math import inf, nan
from typing import Any

FLOATS = ("double", "float")
SIGNED = ("int32", "int64", "sint32", "sint64", "sfixed32", "sfixed64")
UNSIGNED = ("uint32", "uint64", "fixed32", "fixed64")
WRAPPED = {
    "double": "Double",
    "float": "Float",
    "int32": "Int32",
    "int64": "Int64",
    "uint32": "UInt32",
    "uint64": "UInt64",
}


@dataclass(frozen=True)
class Case:
    """`body` is what the message holds; `values` are values of `f`, or dicts of whole messages when `whole`.

    `stricter`: the two dialects have different grammars, and both must hold.
    """

    body: str
    values: tuple[Any, ...]
    stricter: bool = False
    whole: bool = False


def field(type_name: str, rules: str, *values: Any, stricter: bool = False) -> Case:
    """A field with its rules, `kind = {…}` or `kind.rule = …`."""
    return Case(f"{type_name} f = 1 [(validate.rules).{rules}];", values, stricter)


def every_presence(type_name: str, wrapper: str, rules: str, *values: Any, stricter: bool = False) -> list[Case]:
    """The rules on a plain field, an optional one, a member of a oneof, and a wrapper."""
    text = f"f = 1 [(validate.rules).{rules}];"
    cases = [
        Case(f"{type_name} {text}", values, stricter),
        Case(f"optional {type_name} {text}", (None, *values), stricter),
        Case(f"oneof o {{ {type_name} {text} string other = 2; }}", (None, *values), stricter),
    ]
    if wrapper:
        wrapped = tuple({"value": each} for each in values)
        cases.append(Case(f"google.protobuf.{wrapper}Value {text}", (None, *wrapped), stricter))
    return cases


def numbers() -> list[Case]:
    """Bounds, both ways around, lists, and passing over zero."""
    near = (0, 1, 2, 3, 4, 5, 6, 7, 8)
    cases = []
    for kind in (*FLOATS, *SIGNED, *UNSIGNED):
        values: tuple[Any, ...] = near
        if kind in FLOATS:
            values = (*near, nan, inf, -inf, -0.0, 2.5, 4.999, 5.001)
        elif kind in SIGNED:
            values = (*near, -1, -(2 ** (63 if kind.endswith("64") else 31)))
        else:
            values = (*near, 2 ** (64 if kind.endswith("64") else 32) - 1)
        for rules in (
            "const: 7",
            "gt: 2",
            "gte: 2",
            "lt: 5",
            "lte: 5",
            "gt: 2 lt: 5",
            "gt: 2 lte: 5",
            "gte: 2 lt: 5",
            "gte: 2 lte: 5",
            "gt: 5 lt: 2",
            "gt: 5 lte: 2",
            "gte: 5 lt: 2",
            "gte: 5 lte: 2",
            "in: [1, 2]",
            "not_in: [0, 2]",
            "gte: 2 not_in: [3]",
        ):
            cases.append(field(kind, f"{kind} = {{{rules}}}", *values))
        for rules in ("gt: 2 lte: 5", "gt: 5 lt: 2", "const: 7", "in: [1, 2]", "not_in: [0, 2]"):
            cases += every_presence(kind, WRAPPED.get(kind, ""), f"{kind} = {{{rules} ignore_empty: true}}", *values)
            cases += every_presence(kind, WRAPPED.get(kind, ""), f"{kind} = {{{rules}}}", *values)
    cases.append(field("float", "float = {gt: 0.1 lte: 0.3}", 0.1, 0.2, 0.3, 0.30001, 0.09999))
    cases.append(field("uint64", "uint64 = {gt: 18446744073709551613}", 2**64 - 1, 2**64 - 2, 2**64 - 3))
    cases.append(field("int64", "int64 = {lt: -9223372036854775806}", -(2**63), -(2**63) + 1, -(2**63) + 2))
    cases.append(field("double", "double = {lt: -1e300}", -1e301, -1e300, -1e299))
    return cases


WORDS = ("", "a", "ab", "abc", "abcd", "ü", "üü", "üüü", "𝄞", "xaby", "aby", "xab", "\0", "\n", "A", "ab\n", "١", "K")
STRING_RULES = (
    "const: 'ab'",
    "const: ''",
    "len: 2",
    "len: 0",
    "min_len: 2",
    "max_len: 2",
    "min_len: 2 max_len: 3",
    "min_len: 2 max_len: 2",
    "len_bytes: 2",
    "min_bytes: 2",
    "max_bytes: 2",
    "min_bytes: 2 max_bytes: 3",
    "min_bytes: 2 max_bytes: 2",
    r"pattern: '^[a-z]+$'",
    r"pattern: '(?i)^k$'",
    r"pattern: '^\\d$'",
    r"pattern: '^\\w\\b'",
    r"pattern: '^\\pL+\\z'",
    r"pattern: '^\\Qa\\E|\\x{62}[[:alpha:]]$'",
    r"pattern: 'a.y'",
    "prefix: 'ab'",
    "suffix: 'ab'",
    "contains: 'ab'",
    "not_contains: 'ab'",
    "in: ['a', 'ab']",
    "not_in: ['a', 'ab', '']",
    "prefix: 'x' suffix: 'y' contains: 'ab' max_len: 4",
)
UUID = "01890a5d-ac96-774b-bcce-b302099a8057"
FORMATS = {
    "email": (
        "", "a", "a@", "@b", "a@b", "a@b.org", "a.b@c.d", ".a@b", "a.@b", "a..b@c", "A <a@b.org>", "a@b.", "a@-b",
        "a@b_c", "a@[1.2.3.4]", '"a b"@c', "a@1", "//%41@", "a" * 64 + "@b", "a" * 65 + "@b", "ü@b", "a@ü", "a+b@c-d.e", " a@b",
        "a@" + ".".join(["b" * 63] * 3) + "." + "c" * 60, "a@" + ".".join(["b" * 63] * 4), "a@b (x)", "a@b,c@d",
    ),
    "hostname": (
        "", "a", "a.b", "a.b.", "a..b", ".", "-a", "a-", "a_b", "A.B", "1", "a.1", "1.2.3.4", "a" * 63, "a" * 64, "ü",
        "K", ".".join(["a" * 63] * 4), ".".join(["a" * 63] * 3) + "." + "a" * 61, ".".join(["a" * 63] * 3) + "." + "a" * 62, "a b", "xn--a",
    ),
    "ip": ("", "1.2.3.4", "01.2.3.4", "1.2.3", "256.1.1.1", "::", "::1", "::1%eth0", "1::2::3", "::ffff:1.2.3.4", "[::1]", "g::", " ::1"),
    "ipv4": ("", "1.2.3.4", "0.0.0.0", "1.2.3.4.5", "::1", "::ffff:1.2.3.4", "1.2.3.04", "1.2.3.4/8"),
    "ipv6": (
        "", "1.2.3.4", "::", "::1", "::1%a", "::ffff:1.2.3.4", "0:0:0:0:0:ffff:102:304", "::FFFF:0102:0304", "::ffff:0:0",
        "0:0:0:0:0:ffff::", "0::ffff:1:2", "0:0:0:0:0:ffff:1::", "::ffff", "::ffff:1", "::ffff:0:1:2", "1::ffff:1:2", "::1.2.3.4",
        "64:ff9b::1.2.3.4", "0:0:0:0:0:fffe:1:2", "::0:ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
    ),
    "uri": (
        "", "a", "/a", "a:", "a:b", "https://a.b/c?d#e", "http://a:80", "http://a:", "http://a:x", "http://[::1]", "http://[::1",
        "http://[::1%25e]", "http://[v1.a]/", "http://%41/", "http://%e4/", "http://a b", "http://a/%zz", "http://a/%20", "http://a@b@c/",
        "http://u:p@h", "mailto:a@b", "urn:x:y", "1a:b", "a:#%", "a:?%zz", "http://::1/", "http:///x", "//a", "http://ü/", "a:\x7f",
        "http://a/[", "http://a?[", "http://a/\\", "http://a/|", "http://%25/", "http://[fe80::1%25en0]/", "http://a:99999/", "h://a%20b:1",
    ),
    "uri_ref": ("", "a", "/a", "//a", "//%41", "a:b", "1:b", "./1:b", "?a", "#a", "a b", "%", "%20", "//[::1]", "//[", "//a:x", ":", "ü", "//u@h:1/x", "//%7e", "//%41@"),
    "address": ("", "a.b", "1.2.3.4", "::1", "::1%a", "a_b", "a.1", "256.1.1.1", "1.2.3", "::ffff:1.2.3.4"),
    "uuid": ("", UUID, UUID.upper(), UUID[:-1], UUID + "\n", UUID.replace("-", ""), "{" + UUID + "}"),
}  # fmt: skip
HEADERS = ("", "x-a", ":path", "::a", "a b", "a,b", "a\tb", "a\x01", "a\n", "a\r", "\0", "ü", "a\x7f", "[")


def strings() -> list[Case]:
    """Every rule on every kind of field, with and without ignore_empty."""
    cases = []
    for rules in STRING_RULES:
        cases += every_presence("string", "String", f"string = {{{rules}}}", *WORDS)
        cases += every_presence("string", "String", f"string = {{{rules} ignore_empty: true}}", *WORDS)
    for name, values in FORMATS.items():
        cases += every_presence("string", "String", f"string = {{{name}: true}}", *values, stricter=True)
        cases += every_presence(
            "string", "String", f"string = {{{name}: true ignore_empty: true}}", *values, stricter=True
        )
        cases.append(field("string", f"string.{name} = false", *values))
    for name in ("HTTP_HEADER_NAME", "HTTP_HEADER_VALUE", "UNKNOWN"):
        for further in ("", "strict: true", "strict: false", "strict: false ignore_empty: true", "ignore_empty: true"):
            cases += every_presence("string", "String", f"string = {{well_known_regex: {name} {further}}}", *HEADERS)
    return cases


BLOBS = (
    b"",
    b"a",
    b"ab",
    b"abc",
    b"xaby",
    b"\xff",
    b"ab\xff",
    b"1234",
    b"1" * 16,
    b"\0" * 10 + b"\xff\xff1234",
    b"\0" * 16,
)
BYTES_RULES = (
    "const: 'ab'", "const: ''", "len: 2", "len: 0", "min_len: 2", "max_len: 2", "min_len: 2 max_len: 3", "min_len: 2 max_len: 2",
    "pattern: '^[a-z]+$'", "prefix: 'ab'", "suffix: 'ab'", "contains: 'ab'", "in: ['a', 'ab']", "not_in: ['a', 'ab']",
    "ip: true", "ipv4: true", "ipv6: true", "ip: false",
)  # fmt: skip


def blobs() -> list[Case]:
    """Bytes and bools."""
    cases = []
    for rules in BYTES_RULES:
        wrapper = "" if "in:" in rules else "Bytes"  # PGV's Go does not compile
        cases += every_presence("bytes", wrapper, f"bytes = {{{rules}}}", *BLOBS)
        cases += every_presence("bytes", wrapper, f"bytes = {{{rules} ignore_empty: true}}", *BLOBS)
    for value in ("true", "false"):
        cases += every_presence("bool", "Bool", f"bool.const = {value}", True, False)
    return cases


def enums() -> list[Case]:
    """Known and unknown numbers."""
    values = (0, 1, 2, 3, 7)
    every = ("const = 2", "defined_only = true", "in = 1", "not_in = 1", "const = 0")
    return [
        *(case for each in every for case in every_presence("Color", "", f"enum.{each}", *values)),
        field("repeated Color", "repeated.items.enum.defined_only = true", [], [0, 2], [3]),
        field("repeated Color", "repeated.items.enum = {in: [1, 2]}", [], [1], [0]),
        field("repeated Color", "repeated.items.enum = {not_in: [1, 2]}", [], [1], [0]),
    ]


def lists() -> list[Case]:
    """Sizes, uniqueness, rules of items."""
    texts: tuple[Any, ...] = ([], ["a"], ["a", "b"], ["a", "a"], ["a", "b", "c"], ["", "ab"], ["", ""])
    sizes = (
        "min_items: 1",
        "max_items: 1",
        "min_items: 1 max_items: 2",
        "min_items: 2 max_items: 2",
        "unique: true",
        "max_items: 0",
        "min_items: 0",
    )
    return [
        *(field("repeated string", f"repeated = {{{each}}}", *texts) for each in sizes),
        *(field("repeated string", f"repeated = {{{each} ignore_empty: true}}", *texts) for each in sizes),
        field("repeated string", "repeated.items.string.min_len = 1", *texts),
        field("repeated string", "repeated.items.string = {min_len: 2 ignore_empty: true}", *texts),
        field("repeated string", "repeated.items.string = {in: ['a', 'b']}", *texts),
        field("repeated string", "repeated.items.string.pattern = '^a?$'", *texts),
        field("repeated string", "repeated.items.string.well_known_regex = HTTP_HEADER_NAME", *texts),
        field("repeated string", "repeated.items.string.uuid = true", [], [UUID], [UUID, ""]),
        field("repeated string", "repeated.items.string = {email: true ignore_empty: true}", [], [""], ["a@b", "a"], stricter=True),
        field("repeated double", "repeated.unique = true", [nan, nan], [0.0, -0.0], [1, 2]),
        field("repeated double", "repeated.items.double = {gt: 1 ignore_empty: true}", [nan], [-0.0], [0], [1], [2]),
        field("repeated int32", "repeated = {unique: true items: {int32: {gt: 0}}}", [], [1, 1], [1, 0], [1, 2]),
        field("repeated bytes", "repeated.unique = true", [b"", b""], [b"a", b"b"]),
        field("repeated bytes", "repeated.items.bytes.ipv4 = true", [b"1234"], [b""], [b"\0" * 10 + b"\xff\xff1234"]),
        field("repeated bool", "repeated.unique = true", [True, True], [True, False]),
        field("repeated Color", "repeated.unique = true", [1, 1], [0, 1]),
        field("repeated Inner", "repeated.min_items = 1", [], [{}], [{"x": "a"}]),
        field("repeated Inner", "repeated.items.message.required = true", [], [{}], [{"x": "a"}]),
        field("repeated Inner", "repeated.items.message.skip = true", [], [{}], [{"x": "a"}]),
        field("repeated google.protobuf.Duration", "repeated.items.duration.gt = {seconds: 1}", [{"seconds": 1}], [{"seconds": 2}]),
        field("repeated google.protobuf.Any", "repeated.items.any = {in: ['a/b']}", [], [{"type_url": "a/b"}], [{"type_url": "b"}]),
        Case("repeated Inner f = 1;", ([], [{}], [{"x": "a"}])),
    ]  # fmt: skip


def maps() -> list[Case]:
    """Sizes, keys, values."""
    pairs: tuple[Any, ...] = ({}, {"a": 1}, {"a": 1, "b": 0}, {"": 1}, {"a": 1, "b": 2, "c": 3}, {"a": 0})
    sizes = (
        "min_pairs: 1",
        "max_pairs: 1",
        "min_pairs: 1 max_pairs: 2",
        "min_pairs: 2 max_pairs: 2",
        "max_pairs: 0",
        "min_pairs: 0",
    )
    inner: tuple[Any, ...] = ({}, {"a": {}}, {"a": {"x": "a"}})
    return [
        *(field("map<string, int32>", f"map = {{{each}}}", *pairs) for each in sizes),
        *(field("map<string, int32>", f"map = {{{each} ignore_empty: true}}", *pairs) for each in sizes),
        field("map<string, int32>", "map.keys.string.min_len = 1", *pairs),
        field("map<string, int32>", "map.keys.string = {in: ['a', 'b']}", *pairs),
        field("map<string, int32>", "map.keys.string = {min_len: 2 ignore_empty: true}", *pairs),
        field("map<string, int32>", "map.keys.string.pattern = '^a$'", *pairs),
        field("map<string, int32>", "map.values.int32.gt = 0", *pairs),
        field("map<string, int32>", "map.values.int32 = {gt: 1 ignore_empty: true}", *pairs),
        field(
            "map<int32, double>",
            "map = {keys: {int32: {gt: 0}} values: {double: {lt: 5}}}",
            {},
            {1: nan},
            {0: 1},
            {1: 5},
            {1: 4},
        ),
        field(
            "map<int64, string>", "map.values.string.hostname = true", {}, {1: ""}, {1: "a"}, {1: "a_"}, stricter=True
        ),
        field("map<string, bytes>", "map.values.bytes.min_len = 1", {}, {"a": b""}, {"a": b"b"}),
        field("map<string, Inner>", "map.no_sparse = true", *inner),
        field("map<string, Inner>", "map.min_pairs = 1", *inner),
        field("map<string, Inner>", "map.values.message.required = true", *inner),
        field("map<string, Inner>", "map.values.message.skip = true", *inner),
        field("map<string, Color>", "map.values.enum.defined_only = true", {"a": 1}, {"a": 9}),
        Case("map<string, Inner> f = 1;", inner),
    ]


def messages() -> list[Case]:
    """Nested messages, Any, Duration, Timestamp."""
    inner: tuple[Any, ...] = (None, {}, {"x": "a"})
    anys: tuple[Any, ...] = (None, {}, {"type_url": "a/b"}, {"type_url": "c"})
    times = (
        None,
        *({"seconds": s, "nanos": n} for s in (0, 1, 2, 3, 4, 5, 6) for n in (0, 1, 999_999_999)),
        {"seconds": -5},
        {"seconds": 253402300799},
        {"seconds": 253402300800},
        {"seconds": -62135596801},
        {"seconds": 315576000001},
    )
    bounds = (
        "const: {seconds: 5}", "gt: {seconds: 2}", "gte: {seconds: 2}", "lt: {seconds: 5}", "lte: {seconds: 5}",
        "gt: {seconds: 2} lt: {seconds: 5}", "gte: {seconds: 2} lte: {seconds: 5}", "gt: {seconds: 5} lt: {seconds: 2}",
        "gte: {seconds: 5} lt: {seconds: 2}", "gt: {seconds: 2 nanos: 1} lte: {seconds: 5}", "gt: {seconds: 5} lte: {seconds: 2 nanos: 1}", "required: true",
        "required: true gt: {seconds: 2}",
    )  # fmt: skip
    now = (None, {"seconds": 1}, {"seconds": 2**36})
    return [
        Case("Inner f = 1;", inner),
        Case("Off f = 1;", (None, {}, {"y": {}})),
        Case("Ignored f = 1;", (None, {}, {"y": {}})),
        field("Inner", "message.required = true", *inner),
        field("Inner", "message.skip = true", *inner),
        field("Inner", "message = {skip: true required: true}", *inner),
        *(field("google.protobuf.Any", f"any = {{{each}}}", *anys) for each in ("required: true", "in: ['a/b']", "not_in: ['a/b']", "in: ['a/b', ''] required: true")),
        *(field("google.protobuf.Duration", f"duration = {{{each}}}", *times) for each in (*bounds, "in: [{seconds: 1}, {seconds: 2 nanos: 1}]", "not_in: [{seconds: 1}]", "lt: {seconds: -1}")),
        *(field("google.protobuf.Timestamp", f"timestamp = {{{each}}}", *times) for each in bounds),
        *(field("google.protobuf.Timestamp", f"timestamp = {{{each}}}", *now) for each in (
            "lt_now: true", "gt_now: true", "within: {seconds: 3600}", "lt_now: true within: {seconds: 3600}", "gt_now: true within: {seconds: 3600}", "lt_now: false", "gt_now: false")),
        field("google.protobuf.StringValue", "message.required = true", None, {"value": ""}),
        Case("google.protobuf.StringValue f = 1 [(validate.rules) = {string: {min_len: 1} message: {required: true}}];", (None, {}, {"value": "a"})),
        Case("google.protobuf.Int32Value f = 1 [(validate.rules) = {int32: {gt: 1 ignore_empty: true} message: {required: true}}];", (None, {}, {"value": 1}, {"value": 2})),
    ]  # fmt: skip


def oneofs() -> list[Case]:
    """Required oneofs, required members, nested disabled messages."""
    bodies = (
        "oneof o { option (validate.required) = true; string a = 1; Inner b = 2; }",
        "oneof o { string a = 1 [(validate.rules).string.min_len = 1]; Inner b = 2 [(validate.rules).message.required = true]; }",
        "oneof o { option (validate.required) = true; string a = 1 [(validate.rules).string = {min_len: 2 ignore_empty: true}]; Inner b = 2 [(validate.rules).message.skip = true]; }",
        "option (validate.disabled) = true; oneof o { option (validate.required) = true; string a = 1 [(validate.rules).string.min_len = 1]; Inner b = 2; }",
        "option (validate.ignored) = true; oneof o { option (validate.required) = true; string a = 1 [(validate.rules).string.min_len = 1]; Inner b = 2; }",
        "string a = 1 [(validate.rules).string.min_len = 2]; Inner b = 2; repeated Inner c = 3; map<string, Off> d = 4;",
    )  # fmt: skip
    values: tuple[Any, ...] = ({}, {"a": ""}, {"a": "x"}, {"a": "xy"}, {"b": {}}, {"b": {"x": "a"}})
    return [Case(body, values, whole=True) for body in bodies]


def unset() -> list[Case]:
    """proto2: what is not set has a default, and PGV looks at it."""
    rules = {
        "string": ("string.min_len = 2", ("", "a", "ab"), "default = 'ab'"),
        "int32": ("int32 = {gt: 2 ignore_empty: true}", (0, 1, 3), "default = 1"),
        "uint64": ("uint64 = {gt: 2 ignore_empty: true}", (0, 1, 3), "default = 5"),
        "double": ("double = {gte: 0 lt: 5}", (0, 5, nan, -1), "default = 7"),
        "bytes": ("bytes.ipv4 = true", (b"", b"1234"), "default = '1234'"),
        "bool": ("bool.const = true", (True, False), "default = true"),
        "Color": ("enum.in = 1", (0, 1, 2), "default = COLOR_RED"),
    }
    cases = []
    for kind, (text, values, default) in rules.items():
        cases.append(Case(f"optional {kind} f = 1 [(validate.rules).{text}];", (None, *values)))
        cases.append(Case(f"optional {kind} f = 1 [(validate.rules).{text}, {default}];", (None, *values)))
        cases.append(Case(f"required {kind} f = 1 [(validate.rules).{text}];", values))
        cases.append(Case(f"oneof o {{ {kind} f = 1 [(validate.rules).{text}]; }}", (None, *values)))
    return [*cases, Case("optional Inner f = 1 [(validate.rules).message.required = true];", (None, {}, {"x": "a"}))]


HEAD = """
package oracle.{name};
option go_package = "protolith.dev/tests/oracle/gen/{name};{name}";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "validate/validate.proto";
enum Color {{ COLOR_UNSPECIFIED = 0; COLOR_RED = 1; COLOR_BLUE = 2; }}
message Inner {{ {optional} string x = 1 [(validate.rules).string.min_len = 1]; }}
message Off {{ option (validate.disabled) = true; {optional} string x = 1 [(validate.rules).string.min_len = 1]; {optional} Inner y = 2; }}
message Ignored {{ option (validate.ignored) = true; {optional} string x = 1 [(validate.rules).string.min_len = 1]; {optional} Inner y = 2; }}
"""

CASES = {
    "three": [*numbers(), *strings(), *blobs(), *enums(), *lists(), *maps(), *messages(), *oneofs()],
    "two": unset(),
}
"""By file: proto3 and proto2."""


def contracts() -> dict[str, str]:
    """The sources, by file name."""
    return {f"{name}.proto": _source(name, cases) for name, cases in CASES.items()}


def _source(name: str, cases: list[Case]) -> str:
    two = name == "two"
    head = HEAD.format(name=name, optional="optional" if two else "")
    bodies = "\n".join(f"message M{index} {{ {case.body} }}" for index, case in enumerate(cases))
    return f'syntax = "proto{2 if two else 3}";\n{head}{bodies}\n'
