"""duration-positive: every time that an option gives is longer than nothing."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.duration_pb2 import Duration

from protolith_codegen.model import Contract
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Durations of zero or less, in any option of an rpc."""
    for method in contract.methods:
        for path, duration in _durations(method.options.said, ()):
            if duration.seconds * 10**9 + duration.nanos <= 0:
                name = ".".join(part for part in path if isinstance(part, str))
                told = f"{name} of {method.name} is not longer than nothing: give a time, or leave it out"
                yield Problem(method.options.position(str(path[0]), *path[1:]), told)


def _durations(message: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Duration]]:
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        parts = (
            [((*path, field.name, at), each) for at, each in enumerate(value)]
            if field.is_repeated
            else [((*path, field.name), value)]
        )
        for at, each in parts:
            if isinstance(each, Duration):
                yield at, each
            else:
                yield from _durations(each, at)
