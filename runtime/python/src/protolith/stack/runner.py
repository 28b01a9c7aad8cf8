"""Starts one system, waits for its end, stops it: the order of everything."""

import asyncio
import signal
import time
from collections.abc import Coroutine, Sequence
from typing import Any, Final

from protolith.durations import parse_duration
from protolith.stack.address import require_free
from protolith.stack.databases import open_server, prepare_databases
from protolith.stack.nats import start_nats
from protolith.stack.output import Output
from protolith.stack.plan import GRACE, Planned, plan
from protolith.stack.postgres import start_postgres
from protolith.stack.report import table, write_state
from protolith.stack.settings import StackSettings
from protolith.stack.supervisor import Supervisor
from protolith.stack.waiting import http_problem, tcp_problem, until

_AFTER_GRACE: Final = 5.0  # seconds more than a process gives its calls, before it is killed


class Runner:
    """One run of the stack. `started` is when the person asked for it, on the monotonic clock."""

    def __init__(self, settings: StackSettings, started: float, output: Output) -> None:
        self._settings = settings
        self._started = started
        self._output = output
        self._supervisor = Supervisor(output.line)
        self._asked_to_stop = asyncio.Event()

    async def run(self) -> None:
        """The whole system, until it is asked to stop. Raises StartError when something cannot start, or ends."""
        require_free(self._settings.edge)
        await self._hold(self._start())

    async def serve_postgres(self) -> None:
        """Only the database server, for tests and scripts."""
        await self._hold(self._start_postgres())

    async def migrate(self) -> None:
        """Only the migrations: starts the database server where it is ours, and stops it."""
        await self._hold(self._database(), once=True)
        self._output.say(f"Migrated: {', '.join(self._settings.migrations()) or 'nothing, no service has migrations'}.")

    async def _start(self) -> None:
        begin = time.monotonic()
        database_url, nats_url = await asyncio.gather(self._database(), self._nats())
        servers = {"DATABASE_URL": database_url, "NATS_URL": nats_url}
        self._output.say(f"Databases and broker are ready ({time.monotonic() - begin:.1f} s); starting the services")
        for group in plan(self._settings, servers):
            await self._start_group(group)
        write_state(self._settings.state, self._settings.edge, servers, self._supervisor)
        self._output.say(table(self._settings.edge, time.monotonic() - self._started))

    async def _start_group(self, group: Sequence[Planned]) -> None:
        for planned in group:
            await self._supervisor.start(planned.command)
        await asyncio.gather(*(_ready(planned) for planned in group))

    async def _database(self) -> str:
        """The server's URL, once every service's database is migrated."""
        settings, ours = self._settings, not self._settings.database_url
        url = settings.database_url
        if ours:
            url = await start_postgres(self._supervisor, settings.data / "postgres", settings.log("postgres"))
        connection = await open_server(url, starting=ours)
        try:
            await prepare_databases(connection, url, settings.migrations(), settings.tools)
        finally:
            await connection.close()
        return url

    async def _nats(self) -> str:
        settings = self._settings
        return settings.nats_url or await start_nats(self._supervisor, settings.data / "nats", settings.log("nats"))

    async def _start_postgres(self) -> None:
        settings = self._settings
        url = await start_postgres(self._supervisor, settings.data / "postgres", settings.log("postgres"))
        await (await open_server(url, starting=True)).close()
        self._output.say(f"DATABASE_URL={url}")

    async def _hold(self, start: Coroutine[None, None, object], *, once: bool = False) -> None:
        """Starts, holds until a signal or a death, and stops everything, whatever happened."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)
        starting = asyncio.create_task(start)
        stop = asyncio.create_task(self._asked_to_stop.wait())
        try:
            await self._first(starting, stop)
            if starting.done():
                await starting
                await (self._first(stop) if not once else asyncio.sleep(0))
        finally:
            starting.cancel()
            stop.cancel()
            await asyncio.wait({starting, stop})
            await self._end()

    async def _first(self, *awaited: asyncio.Task[Any]) -> None:
        """Until one of them is done. The death of a child is told first: it explains what failed because of it."""
        death = self._supervisor.death
        await asyncio.wait({*awaited, death}, return_when=asyncio.FIRST_COMPLETED)
        if death.done():
            await death

    async def _end(self) -> None:
        if not self._supervisor.children:
            return
        self._output.say("Stopping ...")
        grace = parse_duration(self._settings.environment.get("PROTOLITH_GRACE") or GRACE)
        await self._supervisor.stop(grace + _AFTER_GRACE)
        self._settings.state.unlink(missing_ok=True)
        self._output.say("Everything is stopped.")

    def _stop(self) -> None:
        """A first signal asks; a second one no longer waits."""
        if self._asked_to_stop.is_set():
            self._supervisor.kill()
        self._asked_to_stop.set()


async def _ready(planned: Planned) -> None:
    name, admin, listen = planned.command.name, planned.admin, planned.listen
    if admin is not None:
        await until(name, lambda: http_problem(admin, "/readyz"))
    elif listen is not None:
        await until(name, lambda: tcp_problem(listen))
