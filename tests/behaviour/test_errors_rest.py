"""Errors as contract over REST: the HTTP status of the code, and the same details."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.behaviour.servers import free_address, host_engine


@pytest.fixture(scope="module")
def rest(host_binary: Path) -> Iterator[str]:
    """Where a host of its own serves REST."""
    address = free_address()
    with host_engine(host_binary, PROTOLITH_REST_ADDR=address):
        yield f"http://{address}"


async def failed(rest: str, **request: Any) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.post(f"{rest}/v1/fault", json=request) as answer:
        return answer.status, await answer.json()


async def test_a_listed_error(rest: str) -> None:
    assert await failed(rest, fault="FAULT_LISTED", thing="it") == (
        409,
        {
            "code": 6,
            "message": "it is taken by somebody",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "domain": "behaviour.fault.v1",
                    "reason": "THING_TAKEN",
                    "metadata": {"thing": "it", "owner": "somebody"},
                }
            ],
        },
    )


async def test_an_error_that_the_service_lists(rest: str) -> None:
    status, body = await failed(rest, fault="FAULT_LISTED_BY_SERVICE")
    assert (status, body["code"], body["details"][0]["reason"]) == (400, 9, "CLOSED")


@pytest.mark.parametrize("fault", ["FAULT_UNLISTED", "FAULT_PLAIN", "FAULT_BUG"])
async def test_what_is_not_declared_is_500_and_a_trace_id_alone(rest: str, fault: str) -> None:
    status, body = await failed(rest, fault=fault, thing="secret")
    assert (status, body["code"], body["details"]) == (500, 13, [])
    assert re.fullmatch(r"internal error \(trace id [0-9a-f]{32}\)", body["message"])


async def test_what_no_rpc_needs_to_list(rest: str) -> None:
    status, body = await failed(rest, fault="FAULT_INVALID_FIELD")
    assert (status, body["details"][0]["fieldViolations"][0]["field"]) == (400, "thing")
    assert (await failed(rest, fault="FAULT_UNAVAILABLE"))[0] == 503
