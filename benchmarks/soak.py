"""Ten minutes of calls, streams and REST, a fifth of them cancelled by the client: resident memory must not grow."""

import json
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Final

from benchmarks import CACHE, RESULTS, BenchError
from benchmarks.cases import CASES
from benchmarks.load import Target, at_rate
from benchmarks.measure import Say
from benchmarks.probe import probe
from benchmarks.processes import free_port, resident_mb, running, tree
from benchmarks.servers import Place, both_edges

_SLICE_SECONDS: Final = 10.0
_CANCEL_EVERY: Final = 5
_ALLOWED_MB: Final = 5.0
# Calls a second of each kind: about half of what two cores can do together with the client.
_RATES: Final = {"grpc_unary": 1500.0, "grpc_stream": 30.0, "rest_one_hop": 800.0}


def soak(minutes: float, say: Say) -> int:
    """Print and save docs/benchmarks/soak.json. Returns 1 when memory grew."""
    loads = [case for case in CASES if case.name in _RATES]
    place = Place(loads[0], free_port(), free_port())
    samples: dict[str, list[float]] = {"host": [], "worker": []}
    with running(both_edges(place), "soak") as pids, ThreadPoolExecutor(len(loads)) as pool:
        ports = {case.name: place.back if case.http else place.front for case in loads}
        targets = [
            Target(case, "protolith", ports[case.name], probe(case, "protolith", ports[case.name]), pids)
            for case in loads
        ]
        processes = tree(pids[0])
        slices = max(5, int(minutes * 60 / _SLICE_SECONDS))
        for number in range(slices):
            list(pool.map(_load, targets))
            if tree(pids[0]) != processes:
                raise BenchError(f"the host replaced its worker during the soak: see {CACHE}/logs/soak.log")
            for name, pid in zip(samples, processes, strict=True):
                samples[name].append(resident_mb(pid))
            say(
                f"soak {number + 1}/{slices}: "
                + ", ".join(f"{name} {found[-1]:.1f} MB" for name, found in samples.items())
            )
    return _report(minutes, samples)


def _load(target: Target) -> None:
    failed = at_rate(target, _RATES[target.case.name], _SLICE_SECONDS, _CANCEL_EVERY).failed
    if failed:
        raise BenchError(f"soak: {failed} calls of {target.case.name} failed that nobody had cancelled")


def _report(minutes: float, samples: dict[str, list[float]]) -> int:
    """Growth is the last fifth against the second fifth: the first one still warms up."""
    memory = {}
    for name, found in samples.items():
        fifth = len(found) // 5
        before, after = median(found[fifth : 2 * fifth]), median(found[-fifth:])
        memory[name] = {"before": before, "after": after, "growth": round(after - before, 2), "allowed": _ALLOWED_MB}
        print(f"{name}: {before:.1f} MB, later {after:.1f} MB")
    result = {"minutes": minutes, "calls_a_second": _RATES, "cancelled": 1 / _CANCEL_EVERY, "resident_mb": memory}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "soak.json").write_text(json.dumps({**result, "samples_mb": samples}, indent=1) + "\n")
    grew = [name for name, found in memory.items() if found["growth"] > _ALLOWED_MB]
    print(f"grew: {', '.join(grew)}" if grew else "no growth")
    return int(bool(grew))
