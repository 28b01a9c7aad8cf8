"""Setting a clone up: what is done once, what is redone, and the sentences for machines that lack something."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.clone import Clone, clone_into
from tests.support.running import ROOT
from tools import setup
from tools.places import environment
from tools.problem import SetupError, failed
from tools.setup import Job
from tools.steps import Progress, run

BOOTSTRAP = ROOT / "tools" / "bootstrap.py"


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return clone_into(tmp_path / "home")


def bootstrap(clone: Clone, prelude: str = "pass", **more: str) -> subprocess.CompletedProcess[str]:
    """Runs `make setup`'s program, after a line of Python that makes the machine poorer."""
    program = str(clone.folder / BOOTSTRAP.relative_to(ROOT))
    start = f"sys.argv = [{program!r}, 'setup']; runpy.run_path({program!r}, None, '__main__')"
    code = f"import runpy, sys; {prelude}; {start}"
    argv = [sys.executable, "-I", "-c", code]
    return subprocess.run(argv, env=clone.environment(**more), capture_output=True, text=True, check=False)


def test_an_old_python_can_read_it_and_is_told(clone: Clone) -> None:
    ast.parse(BOOTSTRAP.read_text(), feature_version=(3, 4))
    done = bootstrap(clone, "sys.version_info = (3, 9, 2)")
    assert done.returncode == 1
    assert done.stderr.startswith("Protolith needs Python 3.11 or newer, and this is 3.9 (")
    assert done.stderr.count("\n") == 1


def test_without_the_venv_module_a_sentence_says_what_to_install(clone: Clone) -> None:
    done = bootstrap(clone, "sys.modules['ensurepip'] = None")
    assert done.returncode == 1
    assert f"apt-get install python3.{sys.version_info.minor}-venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_network_a_sentence_says_so_and_the_next_run_goes_on(clone: Clone) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_NO_CACHE_DIR": "1", "PIP_FIND_LINKS": ""}
    done = bootstrap(clone, **nowhere)
    assert done.returncode == 1
    assert "the package index cannot be reached; check the network" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.splitlines()[-1].startswith("[1/3] Installing Python packages from requirements.lock: failed in")
    assert not (clone.folder / ".venv" / setup._PACKAGES_STAMP.name).exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_clone_of_somebody_else(clone: Clone) -> None:
    (clone.folder / ".tools").mkdir(mode=0o500)
    done = bootstrap(clone)
    assert done.returncode == 1
    assert "was this clone set up by another user?" in done.stderr


def test_a_job_is_done_once_and_again_when_its_inputs_change(tmp_path: Path) -> None:
    runs: list[str] = []
    job = Job("Counting", tmp_path / "stamp", "one", lambda _: runs.append("one"))
    assert job.pending()
    job.run("1/1")
    assert not job.pending()
    assert Job("Counting", tmp_path / "stamp", "two", lambda _: None).pending()
    assert runs == ["one"]


def test_an_interrupted_job_is_pending_again(tmp_path: Path) -> None:
    def interrupted(_: Progress) -> None:
        raise KeyboardInterrupt

    (tmp_path / "stamp").write_text("old")
    job = Job("Breaking", tmp_path / "stamp", "new", interrupted)
    with pytest.raises(KeyboardInterrupt):
        job.run("1/1")
    assert not (tmp_path / "stamp").exists()


def test_a_step_says_what_how_far_and_how_long(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("2/5", "Counting lines", 3)
    run(progress, [sys.executable, "-c", "print('a', 'b', 'c', sep=chr(10))"], counts="^[ab]$")
    progress.end()
    assert progress.done == 2
    first, last = capsys.readouterr().out.splitlines()
    assert first == "[2/5] Counting lines ..."
    assert last.startswith("[2/5] Counting lines: done in 0.")


def test_a_quiet_step_says_nothing_when_it_is_quick(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("1/1", "Building", quiet=True)
    run(progress, ["true"])
    progress.end()
    assert capsys.readouterr().out == ""


def test_a_failed_step_shows_the_last_lines_of_its_command() -> None:
    progress = Progress("1/1", "Failing")
    with pytest.raises(SetupError, match="Failing failed") as caught:
        run(progress, [sys.executable, "-c", "print('the cause'); raise SystemExit(1)"])
    assert caught.value.details == "the cause"


@pytest.mark.parametrize(
    "output",
    [
        "dial tcp: lookup modules.example: no such host",
        "NewConnectionError('<pip._vendor.urllib3...>: Failed to establish a new connection: [Errno 111]')",
        "dial tcp 127.0.0.1:1: connect: connection refused",
    ],
)
def test_network_failures_are_recognised(output: str) -> None:
    assert "cannot be reached" in str(failed("Downloading", output))


def test_the_machines_habits_stay_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "env").write_text("GOFLAGS=-mod=mod\nGOPROXY=https://proxy.example\nGOOS=plan9\n")
    habits = {"GOENV": str(tmp_path / "env"), "GOFLAGS": "-race", "GOROOT": "/opt/go", "PYTHONPATH": "/opt/lib"}
    for name, value in {**habits, "PIP_INDEX_URL": "https://index.example"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GOPROXY", raising=False)
    clean = environment()
    assert clean["GOFLAGS"] == "-modcacherw -trimpath -buildvcs=false"
    assert (clean["GOENV"], clean["GOTOOLCHAIN"], clean["CGO_ENABLED"]) == ("off", "local", "0")
    assert not {"GOROOT", "GOOS", "PYTHONPATH"} & set(clean)
    assert clean["GOPROXY"] == "https://proxy.example"
    assert clean["PIP_INDEX_URL"] == "https://index.example"
