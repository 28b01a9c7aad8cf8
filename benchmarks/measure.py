"""Measures the servers of one case in alternating rounds and takes medians."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import TypedDict

from benchmarks.cases import Case
from benchmarks.load import Latency, Target, at_rate, saturate, warm_up
from benchmarks.probe import probe
from benchmarks.processes import cpu_seconds, free_port, resident_mb, running, tree
from benchmarks.servers import SERVERS, Place, Programs

Say = Callable[[str], None]
"""Prints one line of progress."""


class Row(TypedDict):
    """One line of docs/benchmarks/latest.json. A stream counts messages as requests, its call as latency."""

    case: str
    server: str
    cpu_us: float
    rps: float
    p50_ms: float
    p99_ms: float
    rss_mb: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure: rounds a server, seconds of a round at saturation and at a fixed rate."""

    rounds: int = 5
    saturated: float = 1.5
    paced: float = 1.2
    pairs: int = 3
    """Rounds of each p99 comparison, which are many."""


@dataclass(frozen=True, slots=True)
class Pair:
    """p99 of ours and of a peer at half of the peer's maximum, calls a second and milliseconds."""

    case: str
    peer: str
    rate: float
    ours: float
    theirs: float


@dataclass(slots=True)
class Measured:
    """What the rounds of one server gave."""

    target: Target
    resident: dict[str, float]
    """MB by process, idle: `0` is the process that was started first, `0.1` its first child."""
    cpu_us: list[float] = field(default_factory=list)
    rps: list[float] = field(default_factory=list)
    latencies: list[Latency] = field(default_factory=list)

    @property
    def calls_a_second(self) -> float:
        """At saturation."""
        return float(median(self.rps)) / self.target.case.messages

    def row(self) -> Row:
        """The medians."""
        return Row(
            case=self.target.case.name,
            server=self.target.server,
            cpu_us=round(median(self.cpu_us), 1),
            rps=round(median(self.rps)),
            p50_ms=round(median(each.p50 for each in self.latencies), 2),
            p99_ms=round(median(each.p99 for each in self.latencies), 2),
            rss_mb=round(sum(self.resident.values()), 1),
        )


@dataclass(frozen=True, slots=True)
class Result:
    """One case: what each server gave, the rate of the rows' latencies, and the p99 comparisons."""

    case: Case
    servers: dict[str, Measured]
    rate: float
    pairs: list[Pair]


def measure(case: Case, names: tuple[str, ...], plan: Plan, database: str, say: Say) -> Result:
    """Run one case with these servers, all alive side by side and loaded one at a time."""
    with ExitStack() as stack:
        found = {name: _started(stack, case, name, SERVERS[name], database, say) for name in names}
        for number in range(plan.rounds):
            for name, each in found.items():
                _saturate(each, plan.saturated)
                say(f"{case.name} {number + 1}/{plan.rounds} {name}: {each.cpu_us[-1]:.1f} us, {each.rps[-1]:.0f}/s")
        rate = min(each.calls_a_second for each in found.values()) / 2
        say(f"{case.name}: latencies at {rate:.0f} calls a second, half of what the slowest can")
        for _ in range(plan.rounds):
            for each in found.values():
                each.latencies.append(at_rate(each.target, rate, plan.paced))
        ours = found.get("protolith")
        pairs = [_pair(ours, found[name], plan, say) for name in case.compared if name in found] if ours else []
    return Result(case, found, rate, pairs)


def _started(stack: ExitStack, case: Case, name: str, programs: Programs, database: str, say: Say) -> Measured:
    place = Place(case, free_port(), free_port(), database if case.database else "")
    pids = stack.enter_context(running(programs(place), f"{case.name}.{name}"))
    size = probe(case, name, place.front)
    resident = {
        f"{index}.{number}" if number else str(index): resident_mb(pid)
        for index, root in enumerate(pids)
        for number, pid in enumerate(tree(root))
    }
    say(f"{case.name} {name}: up, {sum(resident.values()):.0f} MB")
    return Measured(Target(case, name, place.front, size, pids), resident)


def _saturate(measured: Measured, seconds: float) -> None:
    target = measured.target
    calls = max(64, int(warm_up(target) * seconds))
    before = cpu_seconds(target.pids)
    a_second = saturate(target, calls)
    requests = calls * target.case.messages
    measured.cpu_us.append((cpu_seconds(target.pids) - before) / requests * 1e6)
    measured.rps.append(a_second * target.case.messages)


def _pair(ours: Measured, theirs: Measured, plan: Plan, say: Say) -> Pair:
    rate = theirs.calls_a_second / 2
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(plan.pairs):
        for p99s, each in zip(found, (ours, theirs), strict=True):
            p99s.append(at_rate(each.target, rate, plan.paced).p99)
    pair = Pair(theirs.target.case.name, theirs.target.server, round(rate), median(found[0]), median(found[1]))
    say(f"{pair.case}: p99 at {pair.rate}/s, ours {pair.ours:.2f} ms, {pair.peer} {pair.theirs:.2f} ms")
    return pair
