"""Problems as text for people, as JSON for programs, as annotations for GitHub."""

import json
from collections.abc import Callable, Sequence
from typing import Final

from protolith_codegen.problems import Problem, listing


def _text(problems: Sequence[Problem]) -> str:
    """A heading, then a line a problem."""
    return listing(problems) if problems else "the contracts have no problems"


def _json(problems: Sequence[Problem]) -> str:
    """`{"problems": [{"path", "line", "column", "rule", "message"}]}`; lines and columns count from 1."""
    found = [
        {
            "path": each.position.file,
            "line": each.position.line,
            "column": each.position.column,
            "rule": each.rule,
            "message": each.message,
        }
        for each in problems
    ]
    return json.dumps({"problems": found}, indent=2, ensure_ascii=False)


def _github(problems: Sequence[Problem]) -> str:
    """Workflow commands: GitHub shows each beside its line."""
    return "\n".join(_annotation(each) for each in problems)


def _annotation(problem: Problem) -> str:
    at = problem.position
    named = {"file": at.file, "line": at.line, "col": at.column, "title": problem.rule}
    properties = ",".join(f"{name}={_escaped(str(value), ',:')}" for name, value in named.items() if value)
    return f"::error {properties}::{_escaped(problem.message, '')}"


def _escaped(text: str, also: str) -> str:
    for each in ("%", "\r", "\n", *also):
        text = text.replace(each, f"%{ord(each):02X}")
    return text


FORMATS: Final[dict[str, Callable[[Sequence[Problem]], str]]] = {"text": _text, "json": _json, "github": _github}
