"""Handlers that fail as a test asks for, so that the tests can see what a caller gets."""

import asyncio
from collections.abc import AsyncIterator

from behaviour.fault.v1 import errors
from behaviour.fault.v1.fault_pb2 import FailLaterRequest, FailLaterResponse, FailRequest, FailResponse, Fault
from behaviour.fault.v1.servicers import FaultServiceBase
from protolith import Context
from protolith.errors import NotFound, Unavailable
from protolith.fields import invalid_field


class FaultService(FaultServiceBase):
    """Fails."""

    async def fail(self, request: FailRequest, context: Context) -> FailResponse:
        if request.suspend:
            await asyncio.sleep(0)
        _fail(request.fault, request.thing)
        return FailResponse()

    async def fail_later(self, request: FailLaterRequest, context: Context) -> AsyncIterator[FailLaterResponse]:
        yield FailLaterResponse()
        _fail(request.fault, request.thing)


def _fail(fault: Fault.ValueType, thing: str) -> None:
    match fault:
        case Fault.FAULT_LISTED:
            raise errors.ThingTaken(thing=thing, owner="somebody")
        case Fault.FAULT_LISTED_BY_SERVICE:
            raise errors.Closed
        case Fault.FAULT_UNLISTED:
            raise errors.Unlisted(thing=thing)
        case Fault.FAULT_PLAIN:
            raise NotFound(f"a secret about {thing}")
        case Fault.FAULT_INVALID_FIELD:
            raise invalid_field("thing", "is not the right one")
        case Fault.FAULT_UNAVAILABLE:
            raise Unavailable("come again")
        case Fault.FAULT_BUG:
            raise KeyError(f"a secret about {thing}")
