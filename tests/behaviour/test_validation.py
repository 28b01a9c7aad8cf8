"""One table of requests and what is wrong with them: in Python, over gRPC and over REST, on both engines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import grpc
import pytest
from behaviour.echo.v1.echo_pb2 import JudgeRequest, JudgeResponse
from buf.validate import validate_pb2
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from protolith.errors import InvalidArgument
from protolith.validation import checker

from tests.behaviour.caller import Caller
from tests.behaviour.servers import Addresses, gateway

Wrong = dict[str, str]
"""Field path to rule id."""

CASES: list[tuple[dict[str, Any], Wrong]] = [
    ({}, {}),
    ({"name": "12345"}, {}),
    ({"name": "123456"}, {"name": "string.max_len"}),
    ({"code": "abc"}, {}),
    ({"code": "ABC"}, {"code": "string.pattern"}),
    ({"both": "abcde"}, {}),
    ({"both": "ab"}, {"both": "string.min_len"}),
    ({"both": "abcdef"}, {"both": "string.max_len"}),
    ({"maybe": ""}, {}),
    ({"maybe": "a@b"}, {}),
    ({"maybe": "nobody"}, {"maybe": "string.email"}),
    ({"maybe": "a..b@c"}, {"maybe": "string.email"}),
    ({"numbers": [1, 2, 3]}, {}),
    ({"numbers": [1, 2, 3, 4]}, {"numbers": "repeated.max_items"}),
    ({"numbers": [1, 1]}, {"numbers": "repeated.unique"}),
    ({"numbers": [0, -1, -2]}, {"numbers[1]": "int32.gte", "numbers[2]": "int32.gte"}),
    ({"labels": {"abc": "de"}}, {}),
    ({"labels": {"abcd": "de"}}, {'labels["abcd"]': "string.max_len"}),
    ({"labels": {'a"b': "d"}}, {'labels["a\\"b"]': "string.min_len"}),
    ({"nested": {"word": "no"}}, {}),
    ({"nested": {"word": "NO"}}, {"nested.word": "string.pattern"}),
    ({"several": [{"word": "a"}, {"word": "B"}]}, {"several[1].word": "string.pattern"}),
    ({"low": 2, "high": 1}, {"": "judge.order"}),
    ({"one": ""}, {"one": "string.min_len"}),
    ({"other": ""}, {}),
    ({"ratio": 1.0}, {}),
    ({"ratio": float("nan")}, {}),
    ({"ratio": 1.5}, {"ratio": "double.gte_lte"}),
    ({"blob": b"abc"}, {}),
    ({"blob": b"\xff"}, {"blob": "bytes.pattern"}),
    (
        {"name": "123456", "code": "A", "low": 1},
        {"": "judge.order", "name": "string.max_len", "code": "string.pattern"},
    ),
]

each_case = pytest.mark.parametrize(("request_", "wrong"), CASES, ids=[repr(each) for each, _ in CASES])


@pytest.fixture(scope="module")
def rest(host_binary: Path, addresses: Addresses) -> Iterator[str]:
    """Where REST answers, in front of the engine."""
    with gateway(host_binary, addresses) as address:
        yield address


def in_python(request: JudgeRequest) -> status_pb2.Status | None:
    """What a handler's caller in the same process hears."""
    check = checker(JudgeRequest)
    assert check is not None
    try:
        check(request)
    except InvalidArgument as error:
        status = status_pb2.Status(code=error.code, message=error.message)
        for detail in error.details:
            status.details.add().Pack(detail)
        return status
    return None


async def over_grpc(echo: Caller, request: JudgeRequest) -> status_pb2.Status | None:
    try:
        await echo.unary("Judge", request, JudgeResponse)
    except grpc.aio.AioRpcError as error:
        trailing = dict(error.trailing_metadata() or ())
        return status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    return None


def over_rest(address: str, request: JudgeRequest) -> tuple[int, dict[str, Any]]:
    body = json_format.MessageToJson(request).encode()
    headers = {"Content-Type": "application/json"}
    try:
        with urlopen(Request(f"http://{address}/v1/judge", body, headers), timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def said(status: status_pb2.Status | None) -> Wrong:
    """Both forms of the violations, which agree."""
    if status is None:
        return {}
    assert status.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    known, whole = error_details_pb2.BadRequest(), validate_pb2.Violations()
    assert [detail.Unpack(into) for detail, into in zip(status.details, (known, whole), strict=True)] == [True, True]
    assert [each.reason for each in known.field_violations] == [each.rule_id for each in whole.violations]
    assert all(each.description for each in known.field_violations)
    return {each.field: each.reason for each in known.field_violations}


@each_case
async def test_python_and_grpc(echo: Caller, request_: dict[str, Any], wrong: Wrong) -> None:
    request = JudgeRequest(**request_)
    here, there = in_python(request), await over_grpc(echo, request)
    assert said(here) == wrong
    assert here == there


@each_case
def test_rest(rest: str, request_: dict[str, Any], wrong: Wrong) -> None:
    request = JudgeRequest(**request_)
    code, body = over_rest(rest, request)
    expected = in_python(request)
    assert code == (400 if wrong else 200)
    if expected is not None:
        assert json_format.ParseDict(body, status_pb2.Status()) == expected


async def test_a_wrong_answer_is_the_servers_fault(echo: Caller, rest: str) -> None:
    assert (await echo.unary("Judge", JudgeRequest(answer="right"), JudgeResponse)).answer == "right"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await echo.unary("Judge", JudgeRequest(answer="a secret"), JudgeResponse)
    assert caught.value.code() == grpc.StatusCode.INTERNAL
    assert "trace" in str(caught.value.details())
    assert "secret" not in str(caught.value) and "answer" not in str(caught.value)
    code, body = over_rest(rest, JudgeRequest(answer="a secret"))
    assert code == 500 and "secret" not in str(body) and "max_len" not in str(body)
