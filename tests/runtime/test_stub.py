"""stub_answer: readable where nothing is asked, and always within the message's own rules."""

import itertools
from typing import Any

import pytest
from buf.validate import validate_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, message_factory, timestamp_pb2
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st
from protolith.errors import Unimplemented
from protolith.stub import StubError, stub_answer
from protolith.validation import violations

from tests.support import contracts

PB: Any = contracts.compile("""
package tests.stub.v1;
import "buf/validate/validate.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";

enum State { STATE_UNSPECIFIED = 0; STATE_NEW = 1; STATE_OLD = 2; }

message Readable {
  string title = 1;
  string avatar_url = 2;
  string email = 3;
  int32 count = 4;
  bool confirmed = 5;
  State state = 6;
  google.protobuf.Timestamp created_at = 7;
  repeated string tags = 8;
  map<string, int64> sizes = 9;
  Readable parent = 10;
  oneof contact { Readable other = 11; string phone = 12; }
  optional double ratio = 13;
  bytes blob = 14;
  string next_page_token = 15;
}

message Known {
  google.protobuf.Timestamp soon = 1 [(buf.validate.field).timestamp = {gt_now: true within: {seconds: 60}}];
  google.protobuf.Timestamp past = 2 [(buf.validate.field).timestamp.lt_now = true];
  google.protobuf.Timestamp old = 3 [(buf.validate.field).timestamp = {gt: {seconds: 10} lt: {seconds: 20}}];
  google.protobuf.Duration short = 4 [(buf.validate.field).duration = {gt: {nanos: 5000} lte: {nanos: 9000}}];
  google.protobuf.FieldMask mask = 5 [(buf.validate.field).field_mask.in = "title"];
  google.protobuf.Any any = 6 [(buf.validate.field).any.in = "type.googleapis.com/tests.stub.v1.Known"];
  google.protobuf.Struct struct = 7 [(buf.validate.field).required = true];
  google.protobuf.Value value = 8;
  google.protobuf.ListValue list = 9;
  google.protobuf.StringValue wrapped = 10 [(buf.validate.field).string.len = 3];
  repeated google.protobuf.Int32Value numbers = 11
      [(buf.validate.field).repeated = {min_items: 2 unique: true items: {int32: {gte: 5}}}];
  map<string, google.protobuf.StringValue> named = 12 [(buf.validate.field).map.values.string.min_len = 9];
}

message Nested {
  message Inner { string id = 1 [(buf.validate.field).string.uuid = true]; }
  Inner inner = 1 [(buf.validate.field).required = true];
  repeated Inner inners = 2 [(buf.validate.field).repeated.min_items = 3];
  map<int32, Inner> by_number = 3 [(buf.validate.field).map = {min_pairs: 2 keys: {int32: {gt: 100}}}];
  repeated string none = 4 [(buf.validate.field).repeated.max_items = 0];
  oneof choice {
    option (buf.validate.oneof).required = true;
    Nested again = 5;
    string name = 6 [(buf.validate.field).string.pattern = "^[A-Z]{2}-[0-9]{4}$"];
  }
}

message OneRule {
  option (buf.validate.message).oneof = {fields: ["a", "b"] required: true};
  string a = 1;
  string b = 2;
}

message Tree { repeated Tree branches = 1; string leaf = 2 [(buf.validate.field).string.min_len = 1]; }
message Endless { Endless next = 1 [(buf.validate.field).required = true]; }
message Odd {
  string word = 1 [(buf.validate.field).cel = {id: "odd.word" message: "must be zork" expression: "this == 'zork'"}];
}
message Example {
  string word = 1 [
    (buf.validate.field).cel = {id: "odd.word" message: "must be zork" expression: "this == 'zork'"},
    (buf.validate.field).string.example = "zork"
  ];
}
message Spare { optional string word = 1 [(buf.validate.field).cel = {id: "no" message: "no" expression: "false"}]; }
""")


def test_fields_without_rules_read_like_their_names() -> None:
    answer = stub_answer(PB.Readable)
    assert (answer.title, answer.avatar_url, answer.email) == ("title", "https://example.com/1", "user1@example.com")
    assert (answer.count, answer.confirmed, answer.state) == (1, True, PB.State.STATE_NEW)
    assert answer.created_at.seconds > 1_700_000_000
    assert list(answer.tags) == ["tags"]
    assert dict(answer.sizes) == {"key": 1}
    assert not answer.HasField("parent")
    assert answer.phone == "phone"
    assert (answer.ratio, answer.blob) == (1.0, b"blob")
    assert answer.next_page_token == "", "paging through stubs must end"


@pytest.mark.parametrize("name", ["Readable", "Known", "Nested", "OneRule", "Tree", "Example", "Spare"])
def test_own_rules_are_kept(name: str) -> None:
    assert list(violations(stub_answer(getattr(PB, name)))) == []


def test_required_parts_are_there_and_distinct() -> None:
    answer = stub_answer(PB.Nested)
    assert answer.HasField("inner")
    assert len({each.id for each in answer.inners}) == 3
    assert len(answer.by_number) == 2
    assert not answer.none
    assert answer.WhichOneof("choice") == "name"


def test_every_call_makes_new_ids() -> None:
    assert stub_answer(PB.Nested).inner.id != stub_answer(PB.Nested).inner.id


def test_one_of_the_messages_rule_is_set() -> None:
    answer = stub_answer(PB.OneRule)
    assert (answer.a, answer.b) == ("a", "")


def test_a_field_that_nothing_suits_is_left_out() -> None:
    assert not stub_answer(PB.Spare).HasField("word")


def test_what_cannot_be_made_up_names_field_and_rule() -> None:
    with pytest.raises(StubError, match=r"tests\.stub\.v1\.Odd .*: word breaks odd\.word \(must be zork\)") as caught:
        stub_answer(PB.Odd)
    assert isinstance(caught.value, Unimplemented)
    with pytest.raises(StubError, match="breaks required"):
        stub_answer(PB.Endless)


_NUMBER = itertools.count()
_TYPES = descriptor_pb2.FieldDescriptorProto


def ruled(kind: Any, type_name: str = "", **rules: Any) -> type[Message]:
    """A message with one field `value` of a type, under the given FieldRules."""
    package = f"tests.stub.made{next(_NUMBER)}"
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    file.dependency.extend(["buf/validate/validate.proto", *_imports(type_name)])
    message = file.message_type.add(name="Made")
    field = message.field.add(
        name="value", number=1, type=kind, type_name=type_name or None, label=_TYPES.LABEL_OPTIONAL
    )
    field.options.Extensions[validate_pb2.field].CopyFrom(validate_pb2.FieldRules(required=True, **rules))
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.Made"))


def _imports(type_name: str) -> list[str]:
    return [f"google/protobuf/{type_name.rpartition('.')[2].lower()}.proto"] if type_name else []


@st.composite
def string_rules(draw: st.DrawFn) -> validate_pb2.StringRules:
    """Rules that some text keeps: that text is drawn first."""
    text = draw(st.text("abcxyz-_/ é", min_size=1, max_size=40))
    rules = validate_pb2.StringRules()
    if draw(st.booleans()):
        rules.min_len = draw(st.integers(0, len(text)))
    if draw(st.booleans()):
        rules.max_len = draw(st.integers(len(text), 60))
    if draw(st.integers(0, 4)) == 0:
        rules.ClearField("min_len")
        rules.ClearField("max_len")
        rules.len = len(text)
    cut = draw(st.integers(0, len(text)))
    match draw(st.sampled_from(["", "prefix", "suffix", "contains", "in", "const"])):
        case "prefix":
            rules.prefix = text[:cut]
        case "suffix":
            rules.suffix = text[cut:]
        case "contains":
            rules.contains = text[cut : cut + 5]
        case "in":
            getattr(rules, "in").extend([text, text[:1]])
        case "const":
            rules.const = text
    return rules


@given(rules=string_rules())
@settings(deadline=None)
def test_strings(rules: validate_pb2.StringRules) -> None:
    assert not violations(stub_answer(ruled(_TYPES.TYPE_STRING, string=rules)))


FORMATS = [
    *("email", "hostname", "ip", "ipv4", "ipv6", "uri", "uri_ref", "address", "uuid", "tuuid", "ulid"),
    *("ip_with_prefixlen", "ipv4_with_prefixlen", "ipv6_with_prefixlen", "ip_prefix", "ipv4_prefix", "ipv6_prefix"),
    *("host_and_port", "protobuf_fqn", "protobuf_dot_fqn"),
]


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str) -> None:
    rules: Any = validate_pb2.StringRules()
    setattr(rules, name, True)
    assert not violations(stub_answer(ruled(_TYPES.TYPE_STRING, string=rules)))


@pytest.mark.parametrize("known", [1, 2])
def test_header_names_and_values(known: Any) -> None:
    rules = validate_pb2.StringRules(well_known_regex=known)
    assert not violations(stub_answer(ruled(_TYPES.TYPE_STRING, string=rules)))


@pytest.mark.parametrize("name", ["email", "uri", "uri_ref", "protobuf_fqn"])
def test_formats_of_a_length(name: str) -> None:
    rules: Any = validate_pb2.StringRules(min_len=60)
    setattr(rules, name, True)
    assert not violations(stub_answer(ruled(_TYPES.TYPE_STRING, string=rules)))


def test_format_with_a_prefix() -> None:
    rules = validate_pb2.StringRules(uri=True, prefix="https://")
    assert not violations(stub_answer(ruled(_TYPES.TYPE_STRING, string=rules)))


INTEGERS = {
    "int32": (_TYPES.TYPE_INT32, validate_pb2.Int32Rules, -(2**31), 2**31 - 1),
    "uint32": (_TYPES.TYPE_UINT32, validate_pb2.UInt32Rules, 1, 2**32 - 1),
    "sint64": (_TYPES.TYPE_SINT64, validate_pb2.SInt64Rules, -(2**63), 2**63 - 1),
    "fixed64": (_TYPES.TYPE_FIXED64, validate_pb2.Fixed64Rules, 1, 2**64 - 1),
}


@given(data=st.data(), name=st.sampled_from(sorted(INTEGERS)))
@settings(deadline=None)
def test_integers(data: st.DataObject, name: str) -> None:
    kind, make, least, most = INTEGERS[name]
    witness = data.draw(st.integers(least, most).filter(bool))
    rules: Any = make()
    low = data.draw(st.integers(least, witness))
    high = data.draw(st.integers(witness, most))
    if data.draw(st.booleans()):
        setattr(rules, "gt" if low < witness else "gte", low)
    if data.draw(st.booleans()):
        setattr(rules, "lt" if high > witness else "lte", high)
    rules.not_in.extend(data.draw(st.sets(st.integers(least, most), max_size=3)) - {witness})
    if data.draw(st.integers(0, 3)) == 0:
        getattr(rules, "in").append(witness)
    arguments = {name: rules}
    made = ruled(kind, **arguments)
    if low == high == witness or not rules.not_in or getattr(rules, "in"):
        assert not violations(stub_answer(made))
    else:
        _answer_or_refusal(made)


def _answer_or_refusal(made: type[Message]) -> None:
    """Where bounds leave a handful of numbers and each may be forbidden, a refusal is as good as an answer."""
    try:
        answer = stub_answer(made)
    except StubError:
        return
    assert not violations(answer)


@given(low=st.floats(-(2**90), 2**90, width=32), steps=st.integers(1, 3), strict=st.booleans(), single=st.booleans())
@settings(deadline=None)
def test_narrow_floats(low: float, steps: int, strict: bool, single: bool) -> None:
    rules: Any = validate_pb2.FloatRules() if single else validate_pb2.DoubleRules()
    high = low + abs(low) * 2.0**-20 * steps + 1e-30
    setattr(rules, "gt" if strict else "gte", low)
    rules.lt = high
    name, kind = ("float", _TYPES.TYPE_FLOAT) if single else ("double", _TYPES.TYPE_DOUBLE)
    arguments = {name: rules}
    assert not violations(stub_answer(ruled(kind, **arguments)))


@given(low=st.integers(-10_000, 10_000), width=st.integers(1, 10**9), unit=st.sampled_from([1, 10**9]))
@settings(deadline=None)
def test_times(low: int, width: int, unit: int) -> None:
    span: Any = validate_pb2.DurationRules(
        gte=duration_pb2.Duration(seconds=low), lt=duration_pb2.Duration(seconds=low + width)
    )
    assert not violations(stub_answer(ruled(_TYPES.TYPE_MESSAGE, ".google.protobuf.Duration", duration=span)))
    moment: Any = validate_pb2.TimestampRules(
        gt=timestamp_pb2.Timestamp(seconds=low), lt=timestamp_pb2.Timestamp(seconds=low + width)
    )
    assert not violations(stub_answer(ruled(_TYPES.TYPE_MESSAGE, ".google.protobuf.Timestamp", timestamp=moment)))


@pytest.mark.parametrize(
    "rules",
    [
        {"len": 16},
        {"min_len": 3, "max_len": 5, "prefix": b"\xff"},
        {"suffix": b"\x00", "len": 4},
        {"contains": b"ab", "min_len": 9},
        {"uuid": True},
        {"ip": True},
        {"ipv6": True},
        {"pattern": "^[0-9a-f]{8}$"},
        {"in": [b"a", b"b"]},
        {"const": b"\xff\xfe"},
    ],
    ids=str,
)
def test_bytes(rules: Any) -> None:
    assert not violations(stub_answer(ruled(_TYPES.TYPE_BYTES, bytes=validate_pb2.BytesRules(**rules))))
