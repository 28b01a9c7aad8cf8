"""A worker process that serves the probe: what protolith.serve does, without discovery of handlers."""

import asyncio
import sys

import uvloop
from google.protobuf.wrappers_pb2 import StringValue
from protolith.context import Context
from protolith.engines.host import HostEngine
from protolith.settings import WorkerSettings

from tests.runtime.host.service import Probe


class ProcessProbe(Probe):
    """Looks at its own process."""

    async def echo(self, request: StringValue, context: Context) -> StringValue:
        if request.value == "modules":
            return StringValue(value=" ".join(sys.modules))
        if request.value == "spin":
            while True:
                pass
        return request


async def main() -> int:
    engine = HostEngine(WorkerSettings())
    try:
        await engine.start()
        return await engine.serve([ProcessProbe()])
    finally:
        await engine.stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(main()))
