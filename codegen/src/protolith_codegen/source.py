"""Where things stand in .proto files: the one place that reads descriptor paths and shifts 0-based to 1-based."""

from dataclasses import dataclass
from typing import TypeAlias

from google.protobuf.descriptor_pb2 import FileDescriptorProto, SourceCodeInfo

Path: TypeAlias = tuple[int, ...]
"""Field numbers and indexes from a FileDescriptorProto down to one of its parts, as in SourceCodeInfo."""

CONTRACTS = "contracts"
"""The folder of a project that holds its contracts; positions are told from the project's root."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a contract. Line and column count from 1, as editors do."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node of the model was written, and the comment that its author gave it."""

    position: Position
    comment: str


class Source:
    """Positions and comments of one file."""

    def __init__(self, file: FileDescriptorProto) -> None:
        self._name = f"{CONTRACTS}/{file.name}"
        self._locations = {tuple(each.path): each for each in file.source_code_info.location}

    def position(self, path: Path) -> Position:
        """The position of a part. Where the compiler kept none: of the first part in it, or else of what is around."""
        location = self._locations.get(path) or self._first_inside(path) or self._nearest_around(path)
        if location is None:
            return Position(self._name, 1, 1)
        return Position(self._name, location.span[0] + 1, location.span[1] + 1)

    def origin(self, path: Path) -> Origin:
        """Position and comment of a part."""
        return Origin(self.position(path), _comment(self._locations.get(path)))

    def _first_inside(self, path: Path) -> SourceCodeInfo.Location | None:
        inside = [location for at, location in self._locations.items() if at[: len(path)] == path]
        return min(inside, key=_place, default=None)

    def _nearest_around(self, path: Path) -> SourceCodeInfo.Location | None:
        outward = (path[:length] for length in range(len(path), -1, -1))
        return next((self._locations[each] for each in outward if each in self._locations), None)


def _place(location: SourceCodeInfo.Location) -> tuple[int, ...]:
    return tuple(location.span[:2])


def _comment(location: SourceCodeInfo.Location | None) -> str:
    """The comment before a part, or else the one behind it on its line, without the markers' blank."""
    if location is None:
        return ""
    lines = (location.leading_comments or location.trailing_comments).splitlines()
    return "\n".join(line.removeprefix(" ").rstrip() for line in lines).strip()
