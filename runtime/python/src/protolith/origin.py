"""Where a person wrote something: `file:line`, relative to the working directory, for errors that send them there."""

import inspect
import traceback
from pathlib import Path
from types import CodeType
from typing import Any


def origin(thing: Any) -> str:
    """`file:line` of a class, function or method; its name where there is no source."""
    code: CodeType | None = getattr(inspect.unwrap(thing), "__code__", None)
    if code is not None:
        return place(code.co_filename, code.co_firstlineno)
    try:
        return place(inspect.getfile(thing), inspect.getsourcelines(thing)[1])
    except (OSError, TypeError):
        return str(getattr(thing, "__qualname__", thing))


def place(filename: str, line: int) -> str:
    """`file:line`; files outside the working directory keep their whole path."""
    path = Path(filename)
    inside = path.is_absolute() and path.is_relative_to(Path.cwd())
    return f"{path.relative_to(Path.cwd()) if inside else path}:{line}"


def failed_at(error: BaseException, package: str) -> str | None:
    """`file:line` of the innermost frame of `package` (such as `handlers.user`) that an exception passed through."""
    found: str | None = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if f"{frame.f_globals.get('__name__', '')}.".startswith(f"{package}."):
            found = place(frame.f_code.co_filename, line)
    return found
