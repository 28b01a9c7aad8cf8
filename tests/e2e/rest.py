"""A small REST client for the end-to-end tests."""

from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: HTTP status, headers, the JSON body (or text where it is none)."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def violations(self) -> dict[str, str]:
        """What a google.rpc.BadRequest detail says: field -> description."""
        details = self.body.get("details", [])
        bad = [each for each in details if each["@type"].endswith("/google.rpc.BadRequest")]
        return {each["field"]: each.get("description", "") for detail in bad for each in detail["fieldViolations"]}

    @property
    def error_info(self) -> tuple[str, str, dict[str, str]]:
        """What its google.rpc.ErrorInfo detail says: domain, reason, metadata."""
        (info,) = [each for each in self.body["details"] if each["@type"].endswith("/google.rpc.ErrorInfo")]
        return info["domain"], info["reason"], info["metadata"]


class Rest:
    """Calls the gateway. `data` is sent as it is, `json` is encoded."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session = session
        self.base = base

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        """One call."""
        async with self.session.request(method, self.base + path, **options) as response:
            is_json = response.content_type == "application/json"
            body = await (response.json() if is_json else response.text())
            return Answer(response.status, dict(response.headers), body)

    async def get(self, path: str, **options: Any) -> Answer:
        """GET."""
        return await self.call("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        """POST."""
        return await self.call("POST", path, **options)

    async def patch(self, path: str, **options: Any) -> Answer:
        """PATCH."""
        return await self.call("PATCH", path, **options)
