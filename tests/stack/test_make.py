"""`make run` in a scratch clone, as somebody who has nothing but make and Python would meet it."""

import contextlib
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.support import newcomer
from tests.support.clone import Clone, clone_into, hand_over, ordinary_user, share_go_caches
from tests.support.running import READY, assert_gone

_FREE = dict.fromkeys(("PROTOLITH_REST_ADDR", "PROTOLITH_GRPC_ADDR", "PROTOLITH_ADMIN_ADDR"), "127.0.0.1:0")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine"),
]


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    """A clone below the private home of an ordinary user, set up by nobody yet."""
    # Not below pytest's folder: an ordinary user may not enter that.
    home = Path(tempfile.mkdtemp(prefix="protolith-home-"))
    try:
        clone = clone_into(home, ordinary_user())
        share_go_caches(clone)
        if os.geteuid() == 0:
            hand_over(clone)
        yield clone
    finally:
        shutil.rmtree(home)


def test_from_nothing_to_a_running_messenger(clone: Clone) -> None:
    running = clone.make("run", sign=READY, **_FREE)
    running.wait_for_sign(600)
    assert re.search(r"\[1/\d] Installing Python packages from requirements.lock: done in [\d.]+ s", running.output)
    assert re.search(r"Building the Go tools.*: done in [\d.]+ s", running.output)
    assert re.search(r"Swagger UI +http://127.0.0.1:\d+/docs/", running.output)
    family = running.family()
    assert {"make", "python", "postgres", "host"} <= {each.name() for each in family}
    running.stop(signal.SIGTERM)
    assert "Traceback" not in running.output
    assert_gone(family, 30)


def test_the_second_time_nothing_is_set_up_again(clone: Clone) -> None:
    running = clone.make("run", sign=READY, **_FREE)
    running.wait_for_sign()
    assert "Installing" not in running.output
    assert "Building" not in running.output
    assert "done in" not in running.output
    family = running.family()
    os.killpg(running.process.pid, signal.SIGINT)  # Ctrl-C reaches make and everything in its group
    running.wait()
    assert "Traceback" not in running.output
    assert_gone(family, 30)


def test_a_broken_contract_is_told_and_nothing_starts(clone: Clone) -> None:
    proto = clone.folder / "contracts/messenger/user/v1/user.proto"
    text = proto.read_text()
    proto.write_text(text.replace("rpc GetUser(GetUserRequest)", "rpc GetUser(GetUserReqest)"))
    try:
        running = clone.make("run", sign=READY, **_FREE)
        assert running.wait() == 2
    finally:
        proto.write_text(text)
    assert re.search(r"messenger/user/v1/user\.proto:\d+:\d+:.*GetUserReqest", running.output)
    assert "Traceback" not in running.output
    assert READY not in running.output


def test_the_first_ten_minutes_of_the_readme(clone: Clone) -> None:
    newcomer.say_it_in_the_contract(clone.folder)
    assert clone.make("gen").wait() == 0
    newcomer.assert_scaffolded(clone.folder)
    with up(clone) as base:
        status, answer = newcomer.ask(f"{base}/v1/nicknames/ada")
        assert status == 200
        assert set(cast(dict[str, object], answer)) == {"available"}
        assert newcomer.ask(f"{base}/v1/nicknames/A!")[0] == 400
    newcomer.decide(clone.folder)
    with up(clone) as base:
        assert newcomer.ask(f"{base}/v1/users", {"nickname": "ada"})[0] == 200
        assert newcomer.ask(f"{base}/v1/nicknames/ada") == (200, {"available": False})
        assert newcomer.ask(f"{base}/v1/nicknames/bob") == (200, {"available": True})


@contextlib.contextmanager
def up(clone: Clone) -> Iterator[str]:
    """`make run` for the time of the block: the base URL of REST."""
    running = clone.make("run", sign=READY, **_FREE)
    running.wait_for_sign()
    try:
        yield running.output.split("REST ")[1].split()[0]
    finally:
        running.stop(signal.SIGTERM)


def test_clean_removes_data_and_what_was_built(clone: Clone) -> None:
    assert (clone.folder / ".data").exists()
    running = clone.make("clean")
    assert running.wait() == 0
    assert not (clone.folder / ".data").exists()
    assert not (clone.folder / ".tools").exists()
    assert "Removed .data" in running.output
