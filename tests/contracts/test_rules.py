"""Each rule has a wrong contract whose every problem is its own, a right one, and a page that says why."""

import re
from pathlib import Path

import pytest

from tests.contracts.cases import HERE, IDS, case_of, problems_of, shown
from tests.support.project import ROOT

PAGES = ROOT / "docs" / "rules"


@pytest.mark.parametrize("rule", IDS)
def test_the_wrong_contract_is_told_word_for_word(rule: str) -> None:
    found = problems_of(case_of(rule, "invalid"))
    assert {each.rule for each in found} == {rule}
    assert shown(found) == (case_of(rule, "invalid") / "expected.txt").read_text()


@pytest.mark.parametrize("rule", IDS)
def test_the_right_contract_is_right(rule: str) -> None:
    assert shown(problems_of(case_of(rule, "valid"))) == ""


@pytest.mark.parametrize("rule", IDS)
def test_the_page_says_why_and_shows_both_contracts(rule: str) -> None:
    page = re.fullmatch(
        rf"# {rule}\n\n(.*?)\n## Wrong\n\n```\w+\n(.*?)```\n\n## Right\n\n```\w+\n(.*?)```\n",
        (PAGES / f"{rule}.md").read_text(),
        re.DOTALL,
    )
    assert page is not None, "a page is: # rule, why, ## Wrong, its contract, ## Right, its contract"
    why, *contracts = page.groups()
    assert len(why.split()) > 10
    for kind, contract in zip(("invalid", "valid"), contracts, strict=True):
        assert contract.strip() in "".join(each.read_text() for each in case_of(rule, kind).iterdir())


def test_rules_contracts_and_pages_belong_together() -> None:
    assert _names(HERE / "invalid") == _names(HERE / "valid") == IDS
    assert sorted(path.stem for path in PAGES.glob("*-*.md")) == IDS
    linked = re.findall(r"^\| \[([\w-]+)\]\(\1\.md\) \|", (PAGES / "README.md").read_text(), re.MULTILINE)
    assert sorted(linked) == IDS


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
