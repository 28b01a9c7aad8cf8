"""Samples of a regular expression in RE2's syntax: strings that match it, short and readable ones first."""

import re
import sys
from collections.abc import Iterator
from random import Random
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

_READABLE: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-. "
_CATEGORIES: Final = {
    op.CATEGORY_DIGIT: "0123456789",
    op.CATEGORY_WORD: "abcdefghijklmnopqrstuvwxyz0123456789_",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_DIGIT: "abcdefghijklmnopqrstuvwxyz",
    op.CATEGORY_NOT_WORD: "-",
    op.CATEGORY_NOT_SPACE: "abcdefghijklmnopqrstuvwxyz",
}
# What RE2 writes in another way than Python.
_DIALECT: Final = (
    (r"\z", r"\Z"),
    ("[:alpha:]", "a-zA-Z"),
    ("[:digit:]", "0-9"),
    ("[:alnum:]", "a-zA-Z0-9"),
    ("[:lower:]", "a-z"),
    ("[:upper:]", "A-Z"),
    ("[:space:]", " "),
    ("[:word:]", "a-zA-Z0-9_"),
    ("[:xdigit:]", "0-9a-fA-F"),
    (r"\p{L}", "a-zA-Z"),
    (r"\p{Lu}", "A-Z"),
    (r"\p{Ll}", "a-z"),
    (r"\p{N}", "0-9"),
    (r"\p{Nd}", "0-9"),
    (r"\pL", "a-zA-Z"),
    (r"\pN", "0-9"),
)
_LONGEST_REPEAT: Final = 4_096


def samples(pattern: str, seed: str, shortest: int = 0, count: int = 40) -> Iterator[str]:
    """Up to `count` samples, grown until they have `shortest` characters; the same seed gives the same ones.

    A sample may still miss what surrounds it (an anchor in the middle, a length): the caller checks. Nothing comes
    from an expression that Python cannot read.
    """
    try:
        tree = parser.parse(_translated(pattern))
    except (re.error, RecursionError, OverflowError):
        return
    for number in range(count):
        sampler = _Sampler(Random(f"{seed}/{number}"), extra=0 if number < 4 else number // 4)  # noqa: S311
        text = sampler.sequence(tree)
        while len(text) < shortest and sampler.extra < shortest:
            sampler.extra = max(1, sampler.extra * 2)
            text = sampler.sequence(tree)
        yield text


def _translated(pattern: str) -> str:
    for theirs, ours in _DIALECT:
        inside = rf"(\[[^\]]*){re.escape(theirs)}"
        pattern = re.sub(inside, rf"\g<1>{re.escape(ours)}".replace(r"\-", "-"), pattern)
        pattern = pattern.replace(theirs, f"[{ours}]" if "-" in ours else ours)
    return pattern


class _Sampler:
    """Walks a parsed expression; `extra` is how often a repeat may run beyond its minimum."""

    def __init__(self, random: Random, extra: int) -> None:
        self._random = random
        self._groups: dict[int, str] = {}
        self.extra = extra

    def sequence(self, tree: Any) -> str:
        return "".join(self._part(kind, argument) for kind, argument in tree)

    def _part(self, kind: Any, argument: Any) -> str:
        match kind:
            case op.LITERAL:
                return chr(argument)
            case op.NOT_LITERAL:
                return self._one_of([each for each in _READABLE if ord(each) != argument])
            case op.ANY:
                return self._one_of(_READABLE[:36])
            case op.IN:
                return self._one_of(_members(argument))
            case op.BRANCH:
                return self.sequence(self._random.choice(argument[1]))
            case op.SUBPATTERN:
                return self._group(argument)
            case op.ATOMIC_GROUP:
                return self.sequence(argument)
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
                return self._repeat(*argument)
            case op.GROUPREF:
                return self._groups.get(argument, "")
            case _:
                return ""  # anchors take no character

    def _group(self, argument: Any) -> str:
        text = self.sequence(argument[3])
        if argument[0] is not None:
            self._groups[argument[0]] = text
        return text

    def _repeat(self, least: int, most: int, tree: Any) -> str:
        times = min(int(most), int(least) + self.extra, _LONGEST_REPEAT)
        return "".join(self.sequence(tree) for _ in range(max(int(least), times)))

    def _one_of(self, characters: Any) -> str:
        return self._random.choice(characters) if characters else ""


def _members(items: list[tuple[Any, Any]]) -> list[str]:
    """The characters of a set: the readable ones of it, else whatever it begins with."""
    if items and items[0][0] is op.NEGATE:
        return [each for each in _READABLE if not any(_holds(kind, value, each) for kind, value in items[1:])] or ["é"]
    members = [each for each in _READABLE if any(_holds(kind, value, each) for kind, value in items)]
    letters = [each for each in members if each.isalnum()]
    return letters or members or [_first(*items[0])]


def _holds(kind: Any, value: Any, character: str) -> bool:
    match kind:
        case op.LITERAL:
            return bool(ord(character) == value)
        case op.RANGE:
            return bool(value[0] <= ord(character) <= value[1])
        case _:
            characters: str = _CATEGORIES.get(value, "")
            return character in characters


def _first(kind: Any, value: Any) -> str:
    return chr(min(value[0] if kind is op.RANGE else value, sys.maxunicode)) if kind is not op.CATEGORY else " "
