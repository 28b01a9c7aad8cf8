"""Broken contracts: what a person is shown, word for word, all of it at once. Accepted by `python -m tests.golden`."""

from pathlib import Path

import pytest

from tests.golden.broken import CASES, shown


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_shown_at_once_and_word_for_word(case: Path) -> None:
    exit_code, text = shown(case)
    assert exit_code == 1
    assert text == case.with_suffix(".txt").read_text()
