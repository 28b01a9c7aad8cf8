"""What lint and check say."""

import sys
from pathlib import Path

import pytest

from tools import checks, migrations
from tools.checks import Check, Verdict


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
