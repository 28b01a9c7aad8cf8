"""What the gateway answers to input that is wrong: named, with a status of the 400s, never a 500 or a traceback."""

from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.rest import Answer, Rest

JSON = {"Content-Type": "application/json"}
USERS = "/v1/users"
MESSAGES = f"/v1/chats/{uuid4()}/messages"


def refused(answer: Answer, status: int = 400, code: int = 3) -> str:
    """The message of a well-formed google.rpc.Status answer with this HTTP status and gRPC code."""
    assert (answer.status, answer.body["code"]) == (status, code), answer
    message: str = answer.body["message"]
    assert message and "Traceback" not in message and "panic" not in message
    return message


BROKEN_RULES: list[tuple[str, str, Any, set[str]]] = [
    ("POST", USERS, {}, {"nickname"}),
    (
        "POST",
        USERS,
        {"nickname": "A B", "about": "x" * 501, "avatarUrl": "no url"},
        {"nickname", "about", "avatar_url"},
    ),
    ("POST", USERS, {"nickname": "ab"}, {"nickname"}),
    ("POST", USERS, {"nickname": "abc\n"}, {"nickname"}),
    ("GET", USERS + "?nickname=ABC&pageSize=101&pageToken=" + "x" * 513, None, {"nickname", "page_size", "page_token"}),
    ("GET", USERS + "/not-a-uuid", None, {"user_id"}),
    ("POST", "/v1/auth/register", {"email": "nobody", "password": "short"}, {"email", "password"}),
    ("POST", "/v1/auth/oauth/NO!/start", {"redirectUri": ""}, {"provider", "redirect_uri"}),
    (
        "POST",
        "/v1/chats",
        {"participantIds": ["x", str(uuid4()), "y"], "title": "t" * 121},
        {"participant_ids[0]", "participant_ids[2]", "title"},
    ),
    ("POST", "/v1/chats", {"participantIds": []}, {"participant_ids"}),
    ("POST", "/v1/chats", {"participantIds": [str(uuid4())] * 256}, {"participant_ids"}),
    ("POST", MESSAGES, {"text": "", "clientMessageId": "x" * 65}, {"text", "client_message_id"}),
    ("GET", "/v1/friends?state=7", None, {"state"}),
    ("DELETE", "/v1/friends/me", None, {"user_id"}),
    (
        "PUT",
        f"/v1/auth/users/{uuid4()}/roles",
        {"roles": ["Admin", "user", "user", "1"]},
        {"roles", "roles[0]", "roles[3]"},
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "fields"), BROKEN_RULES, ids=[f"{m} {p[:30]}" for m, p, *_ in BROKEN_RULES]
)
async def test_every_broken_rule_is_named(rest: Rest, method: str, path: str, body: Any, fields: set[str]) -> None:
    answer = await rest.call(method, path, json=body)
    refused(answer)
    assert set(answer.violations) == fields


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"not json",
        b'{"nickname": 5}',
        b'{"nickname": ["a"]}',
        b'{"nickname": "\xff\xfe"}',
        b'{"nickname": "abc", "nickname": "abd"}',
        b"[]",
        b"null",
        b'"x"',
        b'{"nickname": "abc"} {}',
        b'{"nickname": "\\ud800"}',
    ],
)
async def test_what_cannot_be_decoded_says_why(rest: Rest, data: bytes) -> None:
    message = refused(await rest.post(USERS, data=data, headers=JSON))
    assert "proto:" not in message and "*" not in message


async def test_an_unknown_field_is_refused_by_name(rest: Rest) -> None:
    answer = await rest.post(USERS, json={"nickname": "abc", "nicknam": "abd"})
    assert "nicknam" in refused(answer)


async def test_an_unknown_query_parameter_is_refused_by_name(rest: Rest) -> None:
    assert "nicknme" in refused(await rest.get(USERS + "?nicknme=abc"))


@pytest.mark.parametrize("query", ["pageSize=ten", "pageSize=99999999999", "pageSize=1&pageSize=2", "pageSize="])
async def test_a_query_parameter_of_the_wrong_type_is_named(rest: Rest, query: str) -> None:
    message = refused(await rest.get(f"{USERS}?nickname=abc&{query}"))
    assert "page_size" in message.replace("pageSize", "page_size")


async def test_an_unknown_enum_value_is_refused(rest: Rest) -> None:
    assert "state" in refused(await rest.get("/v1/friends?state=NONSENSE"))


async def test_an_oversized_body_is_413(rest: Rest) -> None:
    answer = await rest.post(USERS, json={"nickname": "abc", "about": "x" * 5_000_000})
    refused(answer, 413, 8)


async def test_another_content_type_is_415(rest: Rest) -> None:
    answer = await rest.post(USERS, data=b"nickname=abc", headers={"Content-Type": "application/x-www-form-urlencoded"})
    refused(answer, 415)


async def test_an_unknown_path_is_404(rest: Rest) -> None:
    refused(await rest.get("/v1/nothing"), 404, 5)


async def test_a_wrong_method_is_405_and_says_which_are_right(rest: Rest) -> None:
    answer = await rest.call("DELETE", USERS)
    assert answer.status == 405
    assert {method.strip() for method in answer.headers["Allow"].split(",")} >= {"GET", "POST"}


async def test_an_internal_rpc_is_not_on_the_rest_side(rest: Rest) -> None:
    for path in ("/messenger.auth.v1.AuthService/VerifyToken", "/v1/auth/verify"):
        assert (await rest.post(path, json={"accessToken": "x"})).status == 404
