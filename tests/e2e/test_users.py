"""user_service over REST, against a real Postgres."""

import asyncio
from uuid import UUID, uuid4

from tests.e2e.rest import Rest


def nickname(prefix: str = "u") -> str:
    """A nickname that no other test has."""
    return f"{prefix}{uuid4().hex[:12]}"


async def make(rest: Rest, name: str, **more: str) -> dict[str, str]:
    """A new profile."""
    answer = await rest.post("/v1/users", json={"nickname": name, **more})
    assert answer.status == 200, answer
    user: dict[str, str] = answer.body["user"]
    return user


async def test_create_and_read(rest: Rest) -> None:
    name = nickname()
    user = await make(rest, name, about="héllo", avatarUrl="https://cdn.example.com/a.png")
    assert UUID(user["id"]).version == 7
    assert (user["nickname"], user["about"]) == (name, "héllo")
    assert user["createTime"] == user["updateTime"]
    assert (await rest.get(f"/v1/users/{user['id']}")).body == {"user": user}


async def test_nobody_is_not_found(rest: Rest) -> None:
    nobody = str(uuid4())
    answer = await rest.get(f"/v1/users/{nobody}")
    assert (answer.status, answer.body["code"]) == (404, 5)
    assert answer.body["message"] == f"there is no user {nobody}"
    assert answer.error_info == ("messenger.user.v1", "USER_NOT_FOUND", {"user_id": nobody})


async def test_a_nickname_is_given_once_however_many_ask(rest: Rest) -> None:
    body = {"nickname": nickname()}
    answers = await asyncio.gather(*(rest.post("/v1/users", json=body) for _ in range(20)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 19
    told = ("messenger.user.v1", "NICKNAME_TAKEN", body)
    assert all(answer.error_info == told for answer in answers if answer.status == 409)


async def test_update_changes_what_the_body_holds(rest: Rest) -> None:
    user = await make(rest, nickname(), about="before", avatarUrl="https://cdn.example.com/a.png")
    answer = await rest.patch(f"/v1/users/{user['id']}", json={"about": "after"})
    assert answer.status == 200, answer
    changed = answer.body["user"]
    assert (changed["about"], changed["nickname"], changed["avatarUrl"]) == (
        "after",
        user["nickname"],
        user["avatarUrl"],
    )
    assert changed["updateTime"] > user["updateTime"]


async def test_update_empties_a_field_that_the_body_names(rest: Rest) -> None:
    user = await make(rest, nickname(), about="before")
    changed = (await rest.patch(f"/v1/users/{user['id']}", json={"about": ""})).body["user"]
    assert (changed["about"], changed["nickname"]) == ("", user["nickname"])


async def test_update_with_a_mask_changes_what_the_mask_names(rest: Rest) -> None:
    user = await make(rest, nickname(), about="before")
    body = {"about": "after", "nickname": nickname()}
    answer = await rest.patch(f"/v1/users/{user['id']}?updateMask=about", json=body)
    changed = answer.body["user"]
    assert (changed["about"], changed["nickname"]) == ("after", user["nickname"])


async def test_update_to_a_taken_nickname_conflicts(rest: Rest) -> None:
    first, second = await make(rest, nickname()), await make(rest, nickname())
    answer = await rest.patch(f"/v1/users/{second['id']}", json={"nickname": first["nickname"]})
    assert (answer.status, answer.body["code"]) == (409, 6)
    assert answer.error_info == ("messenger.user.v1", "NICKNAME_TAKEN", {"nickname": first["nickname"]})


async def test_update_of_nobody_is_not_found(rest: Rest) -> None:
    nobody = str(uuid4())
    answer = await rest.patch(f"/v1/users/{nobody}", json={"about": "x"})
    assert (answer.status, answer.error_info) == (404, ("messenger.user.v1", "USER_NOT_FOUND", {"user_id": nobody}))


async def test_update_names_what_is_wrong(rest: Rest) -> None:
    user = await make(rest, nickname())
    path = f"/v1/users/{user['id']}"
    assert set((await rest.patch(path, json={"nickname": "No!", "about": "x" * 501})).violations) == {
        "user.nickname",
        "user.about",
    }
    assert set((await rest.patch(path, json={"nickname": ""})).violations) == {"user.nickname"}
    assert set((await rest.patch(path + "?updateMask=age", json={"about": "x"})).violations) == {"update_mask"}


async def test_search_pages_through_all_in_order_without_gap_or_repeat(rest: Rest) -> None:
    prefix = nickname("s")[:8]
    names = sorted([f"{prefix}{number:02}" for number in range(7)])
    for name in names:
        await make(rest, name)
    seen, token = [], ""
    while True:
        page = (await rest.get("/v1/users", params={"nickname": prefix, "pageSize": 3, "pageToken": token})).body
        seen += [user["nickname"] for user in page["users"]]
        if len(seen) == 3:
            await make(rest, f"{prefix}00a")  # sorts before the cursor: must not shift the pages
        if not (token := page["nextPageToken"]):
            break
    assert seen == names


async def test_search_takes_an_underscore_literally(rest: Rest) -> None:
    prefix = nickname("l")[:9]
    await make(rest, prefix + "_x")
    await make(rest, prefix + "ax")
    page = (await rest.get("/v1/users", params={"nickname": prefix + "_"})).body
    assert [user["nickname"] for user in page["users"]] == [prefix + "_x"]


async def test_a_page_token_of_another_query_or_none_at_all_is_refused(rest: Rest) -> None:
    prefix = nickname("t")[:9]
    for letter in "ab":
        await make(rest, prefix + letter)
    query = {"nickname": prefix, "pageSize": 1}
    token = (await rest.get("/v1/users", params=query)).body["nextPageToken"]
    for params in ({"nickname": "other", "pageToken": token}, {**query, "pageToken": "nonsense"}):
        answer = await rest.get("/v1/users", params=params)
        assert (answer.status, set(answer.violations)) == (400, {"page_token"})
