"""Samples of regular expressions match them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protolith.stub.pattern import samples

PATTERNS = [
    "^[a-z0-9_]{3,20}$",
    "^[A-Z]{2}-\\d{4}(x|y)?$",
    "^(?:[a-z]+\\.)+[a-z]{2,}$",
    "^[^\\s@]+@[^\\s@]+$",
    "^(a|bb|ccc){2}\\1$",
    "^\\w+\\W\\D\\S.$",
    "^[\\x{41}-Z]?[é]$".replace("\\x{41}", "A"),
    "^.{5}$",
    "^(?P<year>\\d{4})-(?P<month>0[1-9]|1[0-2])$",
    "^v\\d+(?:\\.\\d+){0,2}$",
    "^$",
    "^[-+]?[0-9]*\\.?[0-9]+$",
    "^[^a-z]$",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_sample_matches(pattern: str) -> None:
    found = list(samples(pattern, "seed"))
    assert found
    assert [each for each in found if not re.search(pattern, each)] == []


@given(st.lists(st.sampled_from(["[a-c]{2,9}", "x?", "(a|b)+", "\\d*", "z{3}", "[^0-9]", "."]), min_size=1, max_size=6))
def test_parts_in_any_order(parts: list[str]) -> None:
    pattern = f"^{''.join(parts)}$"
    assert all(re.fullmatch(pattern, each) for each in samples(pattern, "seed", count=8))


def test_samples_grow_to_a_length() -> None:
    assert all(len(each) >= 50 for each in samples("^[a-z]+$", "seed", shortest=50))


def test_the_same_seed_gives_the_same_samples() -> None:
    assert list(samples("^[a-z]{8}$", "a")) == list(samples("^[a-z]{8}$", "a"))
    assert list(samples("^[a-z]{8}$", "a")) != list(samples("^[a-z]{8}$", "b"))


@pytest.mark.parametrize(
    ("pattern", "python"),
    [("^[[:alpha:]]+\\z", "^[a-zA-Z]+$"), ("^\\pL\\p{Nd}$", "^[a-zA-Z][0-9]$"), ("^[\\pL_]{3}$", "^[a-zA-Z_]{3}$")],
)
def test_what_re2_writes_in_another_way(pattern: str, python: str) -> None:
    found = list(samples(pattern, "seed"))
    assert found
    assert all(re.fullmatch(python, each) for each in found)


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "a{2,1}"])
def test_what_python_cannot_read_gives_nothing(pattern: str) -> None:
    assert list(samples(pattern, "seed")) == []
