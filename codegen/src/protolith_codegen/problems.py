"""What is wrong, as values: collected, sorted and shown together, never one at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from protolith_codegen.source import Position


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a contract, where it stands and what to do. `rule` is the id of who found it."""

    position: Position
    message: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.position}: {self.message}{f' [{self.rule}]' if self.rule else ''}"


class ContractError(Exception):
    """The contracts cannot be generated from. Holds every problem, sorted by position."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(listing(self.problems))


def listing(problems: Sequence[Problem]) -> str:
    """A heading and a line a problem: buf marks only the first line of what a plugin says."""
    count = len(problems)
    return "\n".join((f"the contracts have {count} problem{'s' if count > 1 else ''}:", *map(str, problems)))


class HandlerError(Exception):
    """The handlers cannot be read or do not fit their contract; the text holds `file:line: message` lines."""


class ToolError(Exception):
    """A tool is missing or failed; the text is one sentence and what to run."""
