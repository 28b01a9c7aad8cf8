"""Logs: one line an event, for people or machines, with the call that is being served."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from protolith import logs
from protolith.context import CURRENT
from protolith.settings import WorkerSettings

from tests.runtime.fakes import FakeContext


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def test_json_lines_of_both_worlds(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(WorkerSettings(log_format="json"))
    token = CURRENT.set(FakeContext())
    structlog.get_logger("a").info("ours", size=3)
    CURRENT.reset(token)
    logging.getLogger("b").warning("theirs %s", 1)
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["size"], ours["level"]) == ("ours", 3, "info")
    assert ours["method"] == "/tests.v1.FakeService/Call"
    assert len(ours["trace_id"]) == 32
    assert (theirs["event"], theirs["level"]) == ("theirs 1", "warning")
    assert "trace_id" not in theirs


def test_traceback_is_one_json_line_without_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(WorkerSettings(log_format="json"))
    _fail_with("hunter2")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError" in json.loads(line)["exception"]
    assert "hunter2" not in line


def test_console_is_readable_and_shows_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(WorkerSettings(log_level="warning"))
    structlog.get_logger("a").info("quiet")
    _fail_with("hunter2")
    printed = capsys.readouterr().err
    assert "quiet" not in printed
    assert "[error" in printed
    assert "ZeroDivisionError" in printed
    assert "hunter2" not in printed


def _fail_with(password: str) -> None:
    try:
        _ = len(password) / 0
    except ZeroDivisionError:
        structlog.get_logger("a").exception("failed")
