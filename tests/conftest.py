"""What tests of all rooms share: a real Postgres, the whole running system, a browser."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.support.running import RunningStack, running_postgres, url_of
from tools.commands import build_host

# grpc's own fork handlers now and then hang a child between fork and exec; no child of a test forks to use grpc.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

Start = Callable[[str, str], RunningStack]
os.environ.setdefault("PROTOLITH_VALIDATE_RESPONSES", "1")  # a wrong answer of ours fails the test that sees it
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an embedded Postgres that is empty at first and gone at the end."""
    server = running_postgres(tmp_path_factory.mktemp("postgres"))
    try:
        server.wait_for_sign()
        yield url_of(server)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def host_program() -> None:
    """The messenger's host is built and up to date."""
    build_host()


@pytest.fixture(scope="session")
def stack(host_program: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """`stack(engine, topology)`: the whole messenger on free ports; each combination is started once."""
    started: dict[tuple[str, str], RunningStack] = {}

    def start(engine: str = "host", topology: str = "one") -> RunningStack:
        key = (engine, topology)
        if key not in started:
            data = tmp_path_factory.mktemp("stack")
            started[key] = RunningStack(data, ENGINE=engine, TOPOLOGY=topology)
        started[key].wait_for_sign()
        return started[key]

    yield start
    for running in started.values():
        running.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium: the machine's, else Debian's when we may install it, else the test is skipped."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None) or _installed_chromium()
    if not found:
        pytest.skip("there is no Chromium on this machine, and it can only be installed by root on Debian")
    return found


def _installed_chromium() -> str | None:
    if os.geteuid() or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"]):
        subprocess.run(["apt-get", "--quiet", *arguments], env=environment, capture_output=True, check=False)
    return shutil.which("chromium")
