"""`python -m protolith.serve` as a process: it serves and drains, and every mistake of its user is one line."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest

from tests.support.contracts import ROOT

GENERATED = '''
from abc import abstractmethod
from protolith.generated import Servicer
from tests.support import contracts

PB = contracts.compile("""
package tests.greet.v1;
message Text { string text = 1; }
service GreetService { rpc Greet(Text) returns (Text); rpc Part(Text) returns (Text); }
""")

class Base(Servicer):
    SERVICE = contracts.service(PB, "GreetService")

    @abstractmethod
    async def greet(self, request, context): ...

    @abstractmethod
    async def part(self, request, context): ...
'''
HANDLER = """
import asyncio
from greet_generated import PB, Base

class Greet(Base):
    async def greet(self, request, context):
        return PB.Text(text=f"hello {request.text}")

    async def part(self, request, context):
        await asyncio.sleep(0)
        return PB.Text()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "handlers" / "greet"
    folder.mkdir(parents=True)
    (tmp_path / "handlers/__init__.py").touch()
    (tmp_path / "greet_generated.py").write_text(GENERATED)
    (folder / "__init__.py").touch()
    (folder / "service.py").write_text(HANDLER)
    return tmp_path


def environment(**more: str) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PROTOLITH_", "DATABASE_URL"))}
    return {**clean, "PYTHONPATH": str(ROOT), **more}


def refusal(project: Path, service: str = "greet", code: int = 1, **more: str) -> str:
    """The one line with which the process refuses to start."""
    command = [sys.executable, "-m", "protolith.serve", service]
    done = subprocess.run(command, cwd=project, env=environment(**more), capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    return line


@asynccontextmanager
async def running(project: Path) -> AsyncIterator[tuple[Process, str]]:
    """The serving process and its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "protolith.serve", "greet"),
        cwd=project,
        env=environment(PROTOLITH_LOG_FORMAT="json"),
        stderr=PIPE,
    )
    assert process.stderr is not None
    try:
        line = json.loads(await asyncio.wait_for(process.stderr.readline(), 60))
        assert line["event"] == "serving"
        yield process, line["address"]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_serves_until_told_to_stop(project: Path, number: signal.Signals) -> None:
    async with running(project) as (process, address):
        async with grpc.aio.insecure_channel(address) as channel:
            greet: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(
                "/tests.greet.v1.GreetService/Greet"
            )
            assert await greet(b"\x0a\x02me") == b"\x0a\x08hello me"
        process.send_signal(number)
        assert process.stderr is not None
        assert await asyncio.wait_for(process.stderr.read(), 30) == b""
        assert await process.wait() == 0


def test_usage(project: Path) -> None:
    command = [sys.executable, "-m", "protolith.serve"]
    done = subprocess.run(command, cwd=project, env=environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: python -m protolith.serve <service>")
    done = subprocess.run([*command, "--help"], env=environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_unknown_service_names_those_there_are(project: Path) -> None:
    assert refusal(project, "great") == "great: there is no package handlers/great: there are greet"


def test_no_handlers_folder(tmp_path: Path) -> None:
    (tmp_path / "handlers").mkdir()
    (tmp_path / "handlers/__init__.py").touch()
    assert refusal(tmp_path) == "greet: there is no package handlers/greet: start it where the folder handlers/ is"


def test_package_without_a_handler(project: Path) -> None:
    (project / "handlers/greet/service.py").write_text("")
    assert refusal(project) == "greet: handlers/greet has no class that serves an rpc: run `make gen` to add it"


def test_missing_methods(project: Path) -> None:
    (project / "handlers/greet/service.py").write_text(HANDLER.replace("async def part", "async def other"))
    assert refusal(project) == "greet: handlers/greet/service.py:5: Greet lacks part: run `make gen` to add them"


def test_two_classes_for_one_service(project: Path) -> None:
    (project / "handlers/greet/more.py").write_text(HANDLER.replace("Greet", "More"))
    line = refusal(project)
    assert "serves tests.greet.v1.GreetService, and so does" in line
    assert "handlers/greet/more.py:5" in line
    assert "handlers/greet/service.py:5" in line


def test_a_class_may_extend_another(project: Path) -> None:
    more = "from handlers.greet.service import Greet\nclass More(Greet):\n    def __init__(self, x: int) -> None: ...\n"
    (project / "handlers/greet/more.py").write_text(more)
    assert "handlers/greet/more.py:3: More(… x …) cannot be provided" in refusal(project)


@pytest.mark.parametrize(
    ("mistake", "line"),
    [
        ("\n\nimport nowhere\n", "handlers/greet/helpers.py:3: ModuleNotFoundError: No module named 'nowhere'"),
        ("\ndef broken(:\n", "handlers/greet/helpers.py:2: SyntaxError: invalid syntax"),
        ("\nx = {}['key']\n", "handlers/greet/helpers.py:2: KeyError: 'key'"),
        ("\nfrom handlers.greet.nowhere import x\n", "handlers/greet/helpers.py:2: ModuleNotFoundError: "),
    ],
)
def test_mistakes_in_a_handlers_module_point_at_their_line(project: Path, mistake: str, line: str) -> None:
    (project / "handlers/greet/helpers.py").write_text(mistake)
    assert refusal(project).startswith(f"greet: {line}")


def test_generated_code_of_another_version(project: Path) -> None:
    (project / "greet_generated.py").write_text("from protolith.generated import require_api\nrequire_api(99)\n")
    assert refusal(project).startswith(
        "greet: handlers/greet/service.py:3: ImportError: the generated code is newer (API 99) than the runtime"
    )


def test_wrong_kind_of_def(project: Path) -> None:
    (project / "handlers/greet/service.py").write_text(HANDLER.replace("return PB.Text()", "yield PB.Text()"))
    assert refusal(project).startswith("greet: handlers/greet/service.py:9: Greet.part: rpc Part answers once")


def test_wrong_settings_name_the_variables(project: Path) -> None:
    assert refusal(project, PROTOLITH_GRACE="soon", PROTOLITH_WORKERS="0") == (
        "greet: PROTOLITH_WORKERS: Input should be greater than or equal to 1; "
        "PROTOLITH_GRACE: 'soon' is not a duration: write it like 20s, 1m30s or 500ms"
    )


def test_engine_host_without_a_host(project: Path) -> None:
    assert "works only in a worker that the host started" in refusal(project, PROTOLITH_ENGINE="host")


def test_busy_port(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        line = refusal(project, PROTOLITH_LISTEN=address)
    assert line.startswith(f"greet: cannot listen on {address}: the port is taken")


DATABASE_HANDLER = HANDLER.replace(
    "    async def greet", "    def __init__(self, pool: Pool) -> None: ...\n\n    async def greet"
).replace("import asyncio", "import asyncio\nfrom protolith.database import Pool")


def test_database_not_named(project: Path) -> None:
    (project / "handlers/greet/service.py").write_text(DATABASE_HANDLER)
    assert refusal(project).startswith("greet: DATABASE_URL is not set: greet needs its database")


def test_database_away(project: Path) -> None:
    (project / "handlers/greet/service.py").write_text(DATABASE_HANDLER)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    line = refusal(project, DATABASE_URL=f"postgresql://user:secret@127.0.0.1:{port}")
    assert line.startswith(f"greet: database greet_service at 127.0.0.1:{port} cannot be reached")
    assert "secret" not in line
