"""Where a person wrote something: `file:line`, relative to the working directory, for errors that send them there."""

import inspect
import os
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
    inside = path.is_absolute() and path.is_relative_to(os.getcwd())
    return f"{path.relative_to(os.getcwd()) if inside else path}:{line}"
