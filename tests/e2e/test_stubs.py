"""The services that are not written yet answer what their contracts promise."""

from uuid import UUID, uuid4

import pytest

from tests.e2e.rest import Rest

ID = str(uuid4())
ACCOUNT = {"email": "alice@example.com", "password": "correct horse"}
CALLS = [
    ("POST", "/v1/auth/register", ACCOUNT, "userId"),
    ("POST", "/v1/auth/login", ACCOUNT, "accessToken"),
    ("POST", "/v1/auth/refresh", {"refreshToken": "x"}, "refreshToken"),
    ("POST", "/v1/auth/logout", None, None),
    ("POST", "/v1/auth/oauth/google/start", {"redirectUri": "https://example.com/back"}, "authorizationUrl"),
    ("POST", "/v1/auth/oauth/google/complete", {"code": "c", "state": "s"}, "userId"),
    ("PUT", f"/v1/auth/users/{ID}/roles", {"roles": ["admin"]}, "roles"),
    ("POST", "/v1/chats", {"participantIds": [ID]}, "chat"),
    ("GET", "/v1/chats", None, "chats"),
    ("POST", f"/v1/chats/{ID}/messages", {"text": "hi", "clientMessageId": "1"}, "message"),
    ("GET", f"/v1/chats/{ID}/messages", None, "messages"),
    ("GET", f"/v1/chats/{ID}/messages/{ID}", None, "message"),
    ("POST", "/v1/friends", {"userId": ID}, "friend"),
    ("DELETE", f"/v1/friends/{ID}", None, None),
    ("POST", f"/v1/friends/{ID}:confirm", None, "friend"),
    ("POST", f"/v1/friends/{ID}:decline", None, None),
    ("GET", "/v1/friends?state=FRIENDSHIP_STATE_PENDING", None, "friends"),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "key"), CALLS, ids=[f"{m} {p.replace(ID, 'id')}" for m, p, *_ in CALLS]
)
async def test_a_stub_answers(rest: Rest, method: str, path: str, body: object, key: str | None) -> None:
    answer = await rest.call(method, path, json=body)
    assert answer.status == 200, answer
    assert key is None or key in answer.body


async def test_login_answers_what_clients_rely_on(rest: Rest) -> None:
    body = (await rest.post("/v1/auth/login", json=ACCOUNT)).body
    assert UUID(body["userId"]) and body["accessToken"] and body["refreshToken"] and body["expiresIn"] > 0


async def test_send_message_answers_what_clients_rely_on(rest: Rest) -> None:
    message = (await rest.post(f"/v1/chats/{ID}/messages", json={"text": "hi"})).body["message"]
    assert UUID(message["id"]) and int(message["seq"]) > 0


async def test_watch_streams_lines_of_json(rest: Rest) -> None:
    import json

    async with rest.session.get(f"{rest.base}/v1/chats/{ID}/messages:watch") as response:
        lines = [json.loads(line) async for line in response.content]
    assert response.status == 200
    assert lines and all(UUID(line["result"]["message"]["id"]) for line in lines)
