"""What a check costs beside protovalidate alone: `python -m benchmarks.micro.validation [rounds]`. CPU ns a message.

`ratio` is ours through `protolith.validation.checker`, as every call has it, over `Validator.collect_violations`.
A message without rules has no check at all: its cost is the `is None` of the call.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "generated" / "python"))

from google.protobuf.empty_pb2 import Empty
from messenger.user.v1 import user_pb2
from protolith.errors import InvalidArgument
from protolith.validation import checker
from protovalidate import Validator

VALID = user_pb2.CreateUserRequest(nickname="ann_of_cleves", about="I like long walks.")
WRONG = user_pb2.CreateUserRequest(nickname="A", about="x" * 5_000)


def per_message(call: Callable[[Any], object], message: Any, rounds: int) -> float:
    """CPU ns, the best of five."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time_ns()
        for _ in range(rounds):
            call(message)
        best = min(best, (time.process_time_ns() - began) / rounds)
    return best


def refused(check: Callable[[Any], object]) -> Callable[[Any], object]:
    """The check of a message that breaks rules, its error caught."""

    def call(message: Any) -> None:
        with suppress(InvalidArgument):
            check(message)

    return call


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    check, alone = checker(user_pb2.CreateUserRequest), Validator().collect_violations
    assert check is not None
    for name, ours, message in (("valid", check, VALID), ("invalid", refused(check), WRONG)):
        own, floor = per_message(ours, message, rounds), per_message(alone, message, rounds)
        print(f"{name:10} protovalidate {floor:8.0f} ns   ours {own:8.0f} ns   ratio {own / floor:.2f}")
    print(f"no rules   check: {checker(Empty)}")


if __name__ == "__main__":
    main()
