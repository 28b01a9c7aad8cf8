"""Durations are written as in Go (`20s`, `1m30s`, `500ms`, `0`) and held as seconds."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator

_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_WHOLE: Final = re.compile(rf"(?:{_PART.pattern})+")


def parse_duration(text: object) -> float:
    """Seconds of a Go duration; numbers are seconds already. Raises ValueError."""
    if isinstance(text, int | float):
        return float(text)
    written = str(text).strip()
    if written == "0":
        return 0.0
    if not _WHOLE.fullmatch(written):
        raise ValueError(f"{written!r} is not a duration: write it like 20s, 1m30s or 500ms")
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(written))


Seconds = Annotated[float, BeforeValidator(parse_duration)]
"""A settings field that is written as a Go duration and read as seconds."""
