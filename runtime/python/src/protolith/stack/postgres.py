"""The embedded Postgres: a server of this project alone, on a loopback port, with a password that only we know.

It refuses to run as root, so there it runs as `nobody`, or in a user namespace where `nobody` may not reach its files.
"""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from protolith.stack.account import Account, before_exec, current, has_name, nobody
from protolith.stack.address import free_port
from protolith.stack.binaries import postgres_folder
from protolith.stack.child import Command, output_of
from protolith.stack.supervisor import Supervisor
from protolith.stack.waiting import until
from protolith.startup import StartError

_INITDB: Final = ("--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")


async def start_postgres(supervisor: Supervisor, folder: Path, log: Path) -> str:
    """Starts the server whose data are in `folder`, made when there are none: its URL.

    It may not accept connections yet. Raises StartError.
    """
    binaries = postgres_folder()
    folder.mkdir(parents=True, exist_ok=True)
    account, version = _account(binaries, folder)
    password = _password(folder / "password")
    data = folder / "data"
    if not data.is_dir():
        await _initialise(binaries, folder, account, password)
    _require_same_version(version, data)
    _own(data, account)
    await _wait_for_predecessor(data)
    port = free_port()
    options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "log_timezone": "UTC"}
    argv = [binaries / "postgres", "-D", data, "-p", str(port), *(f"--{key}={value}" for key, value in options.items())]
    await supervisor.start(
        Command(
            "postgres",
            argv,
            _environment(),
            Path("/"),
            account,
            log,
            stop=signal.SIGINT,  # "fast": ends sessions, keeps data in order
            when_orphaned=signal.SIGINT,
        )
    )
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres?sslmode=disable"


def _account(binaries: Path, folder: Path) -> tuple[Account, str]:
    """The first account that reaches both the program and the folder of its data, and the program's version."""
    for account in _accounts():
        if version := _version(account, binaries / "postgres", folder):
            return account, version
    raise StartError(
        "Postgres refuses to run as this user, and this machine allows neither `nobody` nor a user namespace to run it:"
        " set DATABASE_URL to a running server, such as postgresql://user:password@127.0.0.1:5432, or use another user"
    )


def _accounts() -> Iterator[Account]:
    us = current()
    if us.uid != 0 and has_name():
        yield us
    if us.uid == 0 and (account := nobody()):
        yield account
    yield Account(us.uid, us.gid, namespace=True)


def _version(account: Account, postgres: Path, folder: Path) -> str:
    argv = ["/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "sh", folder, postgres]
    with suppress(OSError, subprocess.SubprocessError):
        prepare = before_exec(account, signal.SIGKILL)
        done = subprocess.run(
            [*map(str, argv)], cwd="/", env=_environment(), capture_output=True, preexec_fn=prepare, check=False
        )
        return done.stdout.decode().split()[-1] if done.returncode == 0 else ""
    return ""


def _password(file: Path) -> str:
    if not file.is_file():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(24))
    return file.read_text()


async def _initialise(binaries: Path, folder: Path, account: Account, password: str) -> None:
    """Beside its place, and moved there when complete: an interrupted initdb leaves nothing that looks like data."""
    new, secret = folder / "data.new", folder / "password.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(password)
    for path in (new, secret):
        os.chown(path, account.uid, account.gid)
    argv = [binaries / "initdb", *_INITDB, f"--pgdata={new}", f"--pwfile={secret}"]
    code, output = await output_of(argv, _environment(), account)
    secret.unlink()
    if code:
        raise StartError(f"initdb cannot make a database in {folder}:\n{output}")
    new.rename(folder / "data")


def _require_same_version(version: str, data: Path) -> None:
    written = (data / "PG_VERSION").read_text().strip()
    if version.split(".")[0] != written:
        raise StartError(
            f"{data} was written by Postgres {written}, and this is {version}:"
            " dump it with the old version, or remove it with `make clean`"
        )


def _own(data: Path, account: Account) -> None:
    """Another account ran it last time: only root can say that, and mend it."""
    if os.geteuid() == 0 and data.stat().st_uid != account.uid:
        for path in (data, *data.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


async def _wait_for_predecessor(data: Path) -> None:
    """The server of a runner that was killed may still be writing its last page."""

    async def attempt() -> str:
        with suppress(OSError, ValueError):
            pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
            if Path(f"/proc/{pid}/cwd").resolve() == data.resolve():
                return f"the server of an earlier run (process {pid}) has not ended"
        return ""

    await until("Postgres", attempt)


def _environment() -> dict[str, str]:
    """PGDATA and the like of the machine must not reach it."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
