"""What lint and check say, on small repositories of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import breaking, checks, migrations
from tools.checks import Check, Verdict

_PROTO = 'syntax = "proto3";\npackage shop.v1;\nmessage Item {\n  string name = 1;\n}\n'
_BUF = "version: v2\nmodules:\n  - path: contracts\n"
_IDENTITY = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")


def git(folder: Path, *arguments: str) -> None:
    """Runs git there."""
    subprocess.run(["git", *_IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose main has one contract."""
    folder = tmp_path / "repository"
    (folder / "contracts").mkdir(parents=True)
    (folder / "third_party" / "proto").mkdir(parents=True)
    (folder / "third_party" / "proto" / ".keep").touch()
    (folder / "buf.yaml").write_text(_BUF)
    (folder / "contracts" / "item.proto").write_text(_PROTO)
    git(folder, "init", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    monkeypatch.setattr(breaking, "ROOT", folder)
    return folder


def test_an_addition_breaks_nobody(repository: Path) -> None:
    (repository / "contracts" / "item.proto").write_text(_PROTO.replace("}", "  int32 price = 2;\n}"))
    assert breaking.breaking() == (True, "")


def test_a_changed_type_breaks_clients(repository: Path) -> None:
    (repository / "contracts" / "item.proto").write_text(_PROTO.replace("string", "int32"))
    ok, said = breaking.breaking()
    assert not ok
    assert 'contracts/item.proto:4:3:Field "1" with name "name" on message "Item" changed type' in said


def test_a_shallow_clone_of_a_branch_has_nothing_to_compare_with(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository, "checkout", "-b", "topic")
    git(tmp_path, "clone", "--depth=1", "--branch=topic", f"file://{repository}", "shallow")
    monkeypatch.setattr(breaking, "ROOT", tmp_path / "shallow")
    ok, said = breaking.breaking()
    assert ok
    assert "skipped: this clone has no branch main" in said


def test_a_shallow_clone_of_main_is_compared(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "commit", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "--depth=1", f"file://{repository}", "shallow")
    monkeypatch.setattr(breaking, "ROOT", tmp_path / "shallow")
    (tmp_path / "shallow" / "contracts" / "item.proto").write_text(_PROTO.replace("string", "int32"))
    assert not breaking.breaking()[0]


def test_a_main_without_contracts(repository: Path) -> None:
    git(repository, "rm", "-r", "contracts")
    git(repository, "commit", "-m", "none")
    ok, said = breaking.breaking()
    assert ok
    assert "skipped: main has no contracts yet" in said


def test_a_folder_that_is_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaking, "ROOT", tmp_path)
    assert breaking.breaking()[0]


@pytest.mark.parametrize(
    ("upward", "ok"),
    [("create table t (id bigint primary key);", True), ("alter table t drop column name;", False)],
)
def test_only_the_upward_half_of_a_migration_is_linted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, upward: str, ok: bool
) -> None:
    (tmp_path / "001.sql").write_text(f"{upward}\n\n---- create above / drop below ----\n\ndrop table t;\n")
    monkeypatch.setattr(migrations, "ROOT", tmp_path)
    assert migrations.squawk("001.sql")[0] == ok


def test_the_report_names_what_failed_and_shows_why(capsys: pytest.CaptureFixture[str]) -> None:
    shown = [Check("good", lambda: Verdict(True, "")), Check("bad", lambda: Verdict(False, "a.py:1: the cause"))]
    assert checks.report(shown) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0].startswith("ok   good (")
    assert captured.out.splitlines()[1].startswith("FAIL bad (")
    assert captured.out.splitlines()[2] == "a.py:1: the cause"
    assert captured.err.strip() == "Failed: bad."


def test_a_formatter_that_prints_names_has_failed() -> None:
    silent = checks._command("gofmt", sys.executable, "-c", "print('main.go')", silent=True)
    assert silent.run() == Verdict(False, "main.go\n")
