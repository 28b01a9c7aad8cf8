"""`python -m benchmarks`: prepare, measure, print, save; `soak`: ten minutes of load with cancellations."""

import argparse
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks import RESULTS, BenchError
from benchmarks.cases import CASES, Case
from benchmarks.database import database
from benchmarks.measure import Plan, Result, measure
from benchmarks.messenger import worker_mb
from benchmarks.prepare import prepare
from benchmarks.report import save, text
from benchmarks.soak import soak
from benchmarks.targets import targets

_STARTED = time.monotonic()
_QUICK = Plan(rounds=1, saturated=0.3, paced=0.3, pairs=1)


def say(line: str) -> None:
    """One line of progress, with the time since the start."""
    minutes, seconds = divmod(int(time.monotonic() - _STARTED), 60)
    print(f"[{minutes:02}:{seconds:02}] {line}", flush=True)


def main(arguments: list[str]) -> int:
    """The exit code: 0, or 1 when a step failed (or, with --strict, a target was missed)."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an exception, so that what was started is stopped
    try:
        prepare(say)
        if options.what == "soak":
            return soak(options.minutes, say)
        return _bench(options)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["bench", "soak"], default="bench")
    parser.add_argument(
        "--quick", action="store_true", help="one short round: shows that everything runs, measures nothing"
    )
    parser.add_argument("--strict", action="store_true", help="end with 1 when a target is missed")
    parser.add_argument(
        "--cases", default="", help="only these, comma-separated; then nothing is saved unless --out says where"
    )
    parser.add_argument("--servers", default="", help="only these, comma-separated; the same holds")
    parser.add_argument("--out", type=Path, help="folder for the results instead of docs/benchmarks")
    parser.add_argument("--minutes", type=float, default=10, help="how long the soak lasts")
    return parser


def _bench(options: argparse.Namespace) -> int:
    plan = _QUICK if options.quick else Plan()
    cases = [case for case in CASES if case.name in (options.cases or case.name).split(",")]
    whole = not (options.cases or options.servers)
    results: list[Result] = []
    messenger: float | None = None
    with ExitStack() as stack:
        url = stack.enter_context(database()) if whole or any(case.database for case in cases) else ""
        if whole:
            messenger = worker_mb(url)
            say(f"messenger worker: up, {messenger:.0f} MB")
        results += [measure(case, _servers(case, options.servers), plan, url, say) for case in cases]
    rows = [each.row() for result in results for each in result.servers.values()]
    goals = targets(rows, results, messenger)
    print("", text(rows), "", *map(str, goals), sep="\n")
    if options.out or (whole and not options.quick):
        save(rows, results, goals, plan, options.out or RESULTS)
    return int(options.strict and not all(goal.met for goal in goals))


def _servers(case: Case, wanted: str) -> tuple[str, ...]:
    return tuple(name for name in case.servers if name in (wanted or name).split(","))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
