"""Page tokens, update masks and errors that name a field."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc import error_details_pb2
from hypothesis import given
from hypothesis import strategies as st
from protolith.errors import InvalidArgument
from protolith.fields import invalid_field
from protolith.masks import masked_changes
from protolith.paging import page_limit, page_position, page_token

from tests.support import contracts

ITEM = contracts.compile("package masks; message Item { string id = 1; string name = 2; int32 size = 3; }").Item


def field_of(error: InvalidArgument) -> str:
    """The field that the error names."""
    detail = error.details[0]
    assert isinstance(detail, error_details_pb2.BadRequest)
    field: str = detail.field_violations[0].field
    return field


def test_invalid_field_names_the_field_in_message_and_detail() -> None:
    error = invalid_field("user.id", "must be set", "required")
    assert (error.message, field_of(error)) == ("user.id: must be set", "user.id")


@given(st.text(), st.integers(-(2**62), 2**62), st.lists(st.text()))
def test_a_token_gives_its_position_back(text: str, number: int, query: list[str]) -> None:
    token = page_token(query, text, number)
    assert page_position(token, query, ("", 0)) == (text, number)


def test_no_token_is_the_start() -> None:
    assert page_position("", ["q"], ("a", 7)) == ("a", 7)


@pytest.mark.parametrize(
    "token", ["%%%", "bnVsbA", "W10", "Wy", "é", page_token(["other"], "a"), page_token(["q"], 1), page_token(["q"])]
)
def test_a_token_that_is_not_of_this_query_is_refused(token: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        page_position(token, ["q"], ("",))
    assert field_of(caught.value) == "page_token"


def test_page_limit_has_a_default() -> None:
    assert (page_limit(0, 30), page_limit(5, 30)) == (30, 5)


def test_a_mask_names_what_changes_also_to_empty() -> None:
    changes = masked_changes(ITEM(name="n"), FieldMask(paths=["name", "size", "id"]), ("name", "size"))
    assert changes == {"name": "n", "size": 0}


def test_without_a_mask_what_is_not_empty_changes() -> None:
    assert masked_changes(ITEM(id="1", name="n"), FieldMask(), ("name", "size")) == {"name": "n"}


def test_a_star_is_everything_mutable() -> None:
    assert masked_changes(ITEM(name="n"), FieldMask(paths=["*"]), ("name", "size")) == {"name": "n", "size": 0}


def test_an_unknown_path_is_refused_by_name() -> None:
    with pytest.raises(InvalidArgument, match="age: Item has no such field") as caught:
        masked_changes(ITEM(), FieldMask(paths=["name", "age"]), ("name",))
    assert field_of(caught.value) == "update_mask"
