"""RpcError and google.rpc.Status carry the same, both ways."""

import pytest
from google.protobuf import any_pb2, struct_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from hypothesis import given
from hypothesis import strategies as st
from protolith import errors
from protolith.codes import Code

DETAILS = st.one_of(
    st.builds(error_details_pb2.ErrorInfo, reason=st.text(), domain=st.text()),
    st.builds(struct_pb2.Value, string_value=st.text()),
    st.builds(any_pb2.Any, type_url=st.just("type.googleapis.com/unknown.Type"), value=st.binary()),
)


@given(
    code=st.sampled_from([each for each in Code if each is not Code.OK]), message=st.text(), details=st.lists(DETAILS)
)
def test_status_round_trip(code: Code, message: str, details: list[Message]) -> None:
    error = errors.rpc_error(code, message, details)
    wire = errors.to_status(error).SerializeToString()
    back = errors.from_status(status_pb2.Status.FromString(wire))
    assert type(back) is type(error)
    assert (back.code, back.message, back.details) == (code, message, tuple(details))


def test_every_code_has_its_class() -> None:
    classes = {errors.rpc_error(code).code for code in Code if code is not Code.OK}
    assert classes == set(Code) - {Code.OK}


@pytest.mark.parametrize("number", [0, 17, -1, 1000])
def test_codes_that_are_no_failure_become_unknown(number: int) -> None:
    assert type(errors.rpc_error(number)) is errors.Unknown


def test_detail_with_broken_bytes_stays_an_any() -> None:
    broken = any_pb2.Any(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=b"\xff")
    assert errors.from_status(status_pb2.Status(code=5, details=[broken])).details == (broken,)


def test_text_names_the_code() -> None:
    assert str(errors.NotFound("user 7 does not exist")) == "NOT_FOUND: user 7 does not exist"
