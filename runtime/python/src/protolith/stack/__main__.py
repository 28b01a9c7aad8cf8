"""`python -m protolith.stack run`: the laptop stack of the project that this folder lies in."""

import argparse
import asyncio
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from protolith.stack.lock import LockedError, locked
from protolith.stack.output import Output
from protolith.stack.runner import Runner
from protolith.stack.settings import StackSettings, read_settings
from protolith.startup import StartError


def main() -> int:
    """Runs a command of the stack; returns the exit code."""
    arguments = _parser().parse_args()
    output = Output()
    try:
        settings = read_settings(os.environ, Path.cwd())
        _do(arguments.command, settings, arguments.started, output)
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"\n{error.filename} belongs to another user: remove it, or make it yours", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m protolith.stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything, until Ctrl-C")
    commands.add_parser("migrate", help="make and migrate the services' databases")
    commands.add_parser("postgres", help="start only the embedded Postgres, and print its address")
    parser.add_argument("--started", type=float, default=time.monotonic(), help=argparse.SUPPRESS)
    return parser


def _do(command: str, settings: StackSettings, started: float, output: Output) -> None:
    try:
        with locked(settings.data):
            asyncio.run(_work(command, settings, started, output))
    except LockedError:
        # Migrating under a running stack means: on its database server.
        if command != "migrate" or not settings.state.is_file():
            raise
        url = json.loads(settings.state.read_text())["DATABASE_URL"]
        asyncio.run(_work(command, replace(settings, database_url=url), started, output))


async def _work(command: str, settings: StackSettings, started: float, output: Output) -> None:
    runner = Runner(settings, started, output)
    work = {"run": runner.run, "migrate": runner.migrate, "postgres": runner.serve_postgres}
    await work[command]()


if __name__ == "__main__":
    sys.exit(main())
