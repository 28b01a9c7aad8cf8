"""Broken rules become google.rpc.BadRequest: all of them, by their proto paths."""

from typing import Any

import pytest
from buf.validate import validate_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from protolith.errors import InvalidArgument
from protolith.validation import BrokenAnswer, RulesError, answer_checker, checker, has_rules, violations

from tests.support import contracts

PB: Any = contracts.compile("""
package tests.validation.v1;
import "buf/validate/validate.proto";
message Item { int32 id = 1 [(buf.validate.field).int32.gt = 0]; }
message Everything {
  option (buf.validate.message).cel = {
    id: "everything.calm" message: "must not be in a hurry" expression: "this.name != 'hurry'"
  };
  string name = 1 [(buf.validate.field).string.min_len = 3];
  Item item = 2 [(buf.validate.field).required = true];
  repeated Item items = 3;
  map<string, string> labels = 4 [(buf.validate.field).map = {
    keys: {string: {max_len: 3}} values: {string: {min_len: 2}}
  }];
  map<int32, Item> by_number = 5;
  map<bool, Item> by_flag = 6;
  oneof choice { option (buf.validate.oneof).required = true; string a = 7; string b = 8; }
}
message Many { repeated string texts = 1 [(buf.validate.field).repeated.items.string.max_len = 1]; }
message Loop { Loop next = 1; Other other = 2; }
message Other { Loop back = 1; }
message LoopWithRule { LoopWithRule next = 1; Deep deep = 2; }
message Deep { map<string, Item> items = 1; }
message OneofRule { oneof choice { option (buf.validate.oneof).required = true; string a = 1; } }
message MessageRule { option (buf.validate.message).cel = {id: "x" message: "y" expression: "true"}; }
message Unevaluable {
  option (buf.validate.message).cel = {id: "x" message: "x" expression: "this.numbers[0] == 1"};
  repeated int32 numbers = 1;
}
message Uncompilable { string a = 1 [(buf.validate.field).cel = {id: "a.x" message: "x" expression: "this =="}]; }
""")


def broken(message: Message) -> dict[str, str]:
    return {each.field: each.reason for each in violations(message)}


def test_a_valid_message_breaks_nothing() -> None:
    assert broken(PB.Everything(name="abc", item=PB.Item(id=1), a="x")) == {}


def test_every_violation_has_its_path_and_rule() -> None:
    message = PB.Everything(
        name="x",
        items=[PB.Item(id=1), PB.Item()],
        labels={'lo"ng': "ok", "a": "x"},
        by_number={-7: PB.Item()},
        by_flag={True: PB.Item()},
    )
    assert broken(message) == {
        "name": "string.min_len",
        "item": "required",
        "items[1].id": "int32.gt",
        'labels["lo\\"ng"]': "string.max_len",
        'labels["a"]': "string.min_len",
        "by_number[-7].id": "int32.gt",
        "by_flag[true].id": "int32.gt",
        "choice": "required",
    }


def test_rule_of_a_whole_message_has_no_path() -> None:
    assert broken(PB.Everything(name="hurry", item=PB.Item(id=1), a="x")) == {"": "everything.calm"}


def test_key_violations_say_so() -> None:
    (found,) = violations(PB.Everything(name="abc", item=PB.Item(id=1), a="x", labels={"long": "ok"}))
    assert found.description.startswith("key ")


def test_check_raises_all_at_once() -> None:
    check = checker(PB.Everything)
    assert check is not None
    with pytest.raises(InvalidArgument) as caught:
        check(PB.Everything())
    details, structured = caught.value.details
    assert isinstance(details, error_details_pb2.BadRequest)
    assert isinstance(structured, validate_pb2.Violations)
    assert [each.field for each in details.field_violations] == ["choice", "name", "item"]
    assert [each.rule_id for each in structured.violations] == ["required", "string.min_len", "required"]
    assert [each.field.elements[0].field_name for each in structured.violations] == ["choice", "name", "item"]
    assert caught.value.message.startswith("invalid Everything: choice: ")
    check(PB.Everything(name="abc", item=PB.Item(id=1), a="x"))


def test_thousands_of_violations_fit_into_metadata() -> None:
    check = checker(PB.Many)
    assert check is not None
    with pytest.raises(InvalidArgument) as caught:
        check(PB.Many(texts=["too long"] * 5_000))
    details, structured = caught.value.details
    assert isinstance(details, error_details_pb2.BadRequest)
    assert isinstance(structured, validate_pb2.Violations)
    assert details.ByteSize() + structured.ByteSize() < 6_000
    assert len(details.field_violations) == len(structured.violations) > 20
    assert caught.value.message.endswith("and 4997 more")


def test_long_map_keys_are_cut() -> None:
    (found,) = violations(PB.Everything(name="abc", item=PB.Item(id=1), a="x", labels={"k" * 10_000: "ok"}))
    assert len(found.field) < 300


@pytest.mark.parametrize(
    ("name", "ruled"),
    [
        ("Item", True),
        ("LoopWithRule", True),
        ("OneofRule", True),
        ("MessageRule", True),
        ("Loop", False),
        ("Other", False),
    ],
)
def test_rules_are_found_through_cycles(name: str, ruled: bool) -> None:
    assert has_rules(getattr(PB, name)) is ruled
    assert (checker(getattr(PB, name)) is not None) is ruled


def test_rules_that_fail_on_an_empty_message_compile() -> None:
    check = checker(PB.Unevaluable)
    assert check is not None
    check(PB.Unevaluable(numbers=[1]))


def test_rules_that_do_not_compile_are_told_at_start() -> None:
    with pytest.raises(RulesError, match=r"tests\.validation\.v1\.Uncompilable: a buf\.validate rule does not compile"):
        checker(PB.Uncompilable)


def test_what_a_rule_cannot_judge_is_refused() -> None:
    check = checker(PB.Unevaluable)
    assert check is not None
    with pytest.raises(InvalidArgument, match="Unevaluable cannot be checked"):
        check(PB.Unevaluable())


def test_a_broken_answer_names_its_fields() -> None:
    check = answer_checker(PB.Item)
    assert check is not None
    check(PB.Item(id=1))
    with pytest.raises(BrokenAnswer) as caught:
        check(PB.Item())
    assert caught.value.fields == ("id: int32.gt",)


def test_answers_without_rules_cost_nothing() -> None:
    assert answer_checker(PB.Loop) is None
