"""What a translation has to say: problems, with their places, and whether it changed anything."""

from protolith_codegen.problems import Problem
from protolith_codegen.source import Path, Source


class Report:
    """Collects over one file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.problems: list[Problem] = []
        self.translated = False

    def problem(self, path: Path, message: str) -> None:
        """Note what is wrong at a part of the file."""
        self.problems.append(Problem(self._source.position(path), message))
