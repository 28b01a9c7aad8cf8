"""Where things stand in .proto files: the one place that reads descriptor paths and shifts 0-based to 1-based."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeAlias

from google.protobuf.descriptor import Descriptor
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


class Written(Protocol):
    """Options as somebody wrote them: finds the place of each part, by names and indexes."""

    def position(self, *path: str | int) -> Position:
        """The place of a part, or else of what is around it."""
        ...


class Source:
    """Positions and comments of one file."""

    def __init__(self, file: FileDescriptorProto) -> None:
        self._name = f"{CONTRACTS}/{file.name}"
        self._file = file

    @cached_property
    def _locations(self) -> dict[Path, SourceCodeInfo.Location]:
        """Read when they are asked for: of most files nobody asks."""
        return {tuple(each.path): each for each in self._file.source_code_info.location}

    def position(self, path: Path) -> Position:
        """The position of a part. Where the compiler kept none: of the first part in it, or else of what is around."""
        location = self._locations.get(path) or self._first_inside(path) or self._nearest_around(path)
        if location is None:
            return Position(self._name, 1, 1)
        return Position(self._name, location.span[0] + 1, location.span[1] + 1)

    def holds(self, path: Path) -> bool:
        """Whether a part, or something in it, is in the file as its author wrote it."""
        return path in self._locations or self._first_inside(path) is not None

    def origin(self, path: Path) -> "Origin":
        """Position and comment of a part."""
        return Origin(self, path)

    def comment(self, path: Path) -> str:
        """The comment of a part, if it has one."""
        return _comment(self._locations.get(path))

    def _first_inside(self, path: Path) -> SourceCodeInfo.Location | None:
        inside = [location for at, location in self._locations.items() if at[: len(path)] == path]
        return min(inside, key=_place, default=None)

    def _nearest_around(self, path: Path) -> SourceCodeInfo.Location | None:
        outward = (path[:length] for length in range(len(path), -1, -1))
        return next((self._locations[each] for each in outward if each in self._locations), None)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node of the model was written, and the comment that its author gave it; looked up when asked for."""

    source: Source
    path: Path

    @property
    def position(self) -> Position:
        return self.source.position(self.path)

    @property
    def comment(self) -> str:
        return self.source.comment(self.path)


@dataclass(frozen=True, slots=True)
class InContract:
    """Options in a contract: their descriptor tells the numbers of the names."""

    source: Source
    path: Path
    options: Descriptor

    def position(self, *path: str | int) -> Position:
        """The place of a part, or else of what is around it."""
        return self.source.position(self.place(*path))

    def place(self, *path: str | int) -> Path:
        """The path of a part in its file. The compiler may know a list only by its first element."""
        numbers = (*self.path, *self.numbers(*path))
        if self.source.holds(numbers):
            return numbers
        first = (*self.path, *self.numbers(*(0 if isinstance(each, int) else each for each in path)))
        return first if self.source.holds(first) else numbers

    def numbers(self, *path: str | int) -> Path:
        """Field numbers of names, as far as the options know them."""
        numbers, around = [], self.options
        for part in path:
            if isinstance(part, int):
                numbers.append(part)
                continue
            field: Any = around.fields_by_name.get(part) if around else None
            if field is None:
                break
            numbers.append(field.number)
            around = field.message_type
        return tuple(numbers)


@dataclass(frozen=True, slots=True)
class InDialects:
    """Rules that may be written in several dialects, whose parts have the same names. `path` is their field's options;
    each dialect is the number of its option and its descriptor."""

    source: Source
    path: Path
    dialects: tuple[tuple[int, Descriptor], ...]

    def position(self, *path: str | int) -> Position:
        """The place of a part in the dialect that has it, or else of what is nearest around it in any."""
        each = [InContract(self.source, (*self.path, number), options) for number, options in self.dialects]
        for length in range(len(path), -1, -1):
            for dialect in each:
                place = dialect.place(*path[:length])
                if self.source.holds(place):
                    return self.source.position(place)
        return each[0].position(*path)


def _place(location: SourceCodeInfo.Location) -> tuple[int, ...]:
    return tuple(location.span[:2])


def _comment(location: SourceCodeInfo.Location | None) -> str:
    """The comment before a part, or else the one behind it on its line, without the markers' blank."""
    if location is None:
        return ""
    lines = (location.leading_comments or location.trailing_comments).splitlines()
    return "\n".join(line.removeprefix(" ").rstrip() for line in lines).strip()
