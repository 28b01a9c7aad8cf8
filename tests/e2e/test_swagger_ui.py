"""Swagger UI in a real Chromium: it calls the gateway, shows the answer, and asks nothing of other hosts."""

from playwright.async_api import Browser, Request, expect

from tests.e2e.rest import Rest
from tests.e2e.test_users import nickname


async def test_the_document_is_openapi_3_1(rest: Rest) -> None:
    document = (await rest.get("/openapi.json")).body
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]["/v1/users"]) >= {"get", "post"}
    assert "/messenger.auth.v1.AuthService/VerifyToken" not in str(document)


async def test_try_it_out_calls_the_gateway_and_shows_the_answer(chrome: Browser, rest: Rest) -> None:
    page, asked = await chrome.new_page(), list[str]()
    page.on("request", lambda request: asked.append(_url(request)))
    await page.goto(f"{rest.base}/docs/")
    operation = page.locator("#operations-UserService-UserService_CreateUser")
    await operation.locator(".opblock-summary-control").click()
    await operation.get_by_role("button", name="Try it out").click()
    name = nickname("swagger")
    await operation.locator("textarea.body-param__text").fill(f'{{"nickname": "{name}"}}')
    await operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table")
    await expect(answer.locator(".response-col_status").nth(1)).to_contain_text("200")
    await expect(answer).to_contain_text(name)
    await page.close()
    assert [url for url in asked if not url.startswith((rest.base, "data:", "blob:"))] == []


def _url(request: Request) -> str:
    return request.url
