"""The targets and whether a run meets them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks import RESULTS
from benchmarks.measure import Pair, Result, Row

_WORKER_MB: Final = 60
_MESSENGER_WORKER_MB: Final = 90
_HOST_MB: Final = 40


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the table: what was measured, the most that it may be, and its unit."""

    text: str
    measured: float
    limit: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.measured <= self.limit

    def __str__(self) -> str:
        verdict = "ok    " if self.met else "MISSED"
        return f"{verdict} {self.text}: {self.measured:.4g} {self.unit} (at most {self.limit:.4g})"


# Our case, the peer's case and name, the share of the peer's CPU that ours may take, and its wording.
_SHARES: Final = (
    ("grpc_unary", "grpc_unary", "grpcio-aio", 1 / 7, "1/7 of bare grpcio asyncio"),
    ("grpc_unary", "grpc_unary", "grpc-go", 1.8, "1.8 x bare grpc-go"),
    ("rest_one_hop", "rest_one_hop", "fastapi-uvicorn", 1 / 1.8, "1/1.8 of FastAPI"),
    ("rest_one_hop", "rest_one_hop", "connectrpc-uvicorn", 1.0, "connectrpc on uvicorn"),
    ("rest_two_hops", "rest_one_hop", "fastapi-uvicorn", 1.2, "1.2 x FastAPI's single process"),
    ("rest_two_hops", "rest_two_hops", "grpc-gateway-grpcio", 1 / 3, "1/3 of grpc-gateway over grpcio"),
    ("grpc_db", "grpc_db", "grpcio-aio", 0.5, "0.5 of bare grpcio asyncio"),
    ("rest_db", "rest_db", "fastapi-uvicorn", 0.85, "0.85 of FastAPI"),
)


def targets(rows: list[Row], results: list[Result], messenger_mb: float | None) -> list[Target]:
    """Every target that this run has figures for."""
    return [*_cpu(rows), *_memory(results, messenger_mb), *_growth(), *map(_latency, _pairs(results))]


def _cpu(rows: list[Row]) -> Iterator[Target]:
    found = {(row["case"], row["server"]): row["cpu_us"] for row in rows}
    for case, their_case, peer, share, words in _SHARES:
        ours, theirs = found.get((case, "protolith")), found.get((their_case, peer))
        if ours is not None and theirs is not None:
            yield Target(f"{case}, CPU a request, {words}", ours, theirs * share, "us")


def _memory(results: list[Result], messenger_mb: float | None) -> Iterator[Target]:
    for result in results:
        if result.case.name == "grpc_unary" and "protolith" in result.servers:
            resident = result.servers["protolith"].resident
            yield Target("host, resident, idle", resident["0"], _HOST_MB, "MB")
            yield Target("bench worker, resident, idle", resident["0.1"], _WORKER_MB, "MB")
    if messenger_mb is not None:
        yield Target("messenger worker, resident, idle", messenger_mb, _MESSENGER_WORKER_MB, "MB")


def _growth() -> Iterator[Target]:
    """What `make soak` found the last time."""
    path = RESULTS / "soak.json"
    if path.exists():
        soak = json.loads(path.read_text())
        for name, memory in soak["resident_mb"].items():
            yield Target(
                f"{name}, growth in {soak['minutes']:.0f} minutes of load", memory["growth"], memory["allowed"], "MB"
            )


def _pairs(results: list[Result]) -> list[Pair]:
    return [pair for result in results for pair in result.pairs]


def _latency(pair: Pair) -> Target:
    return Target(f"{pair.case}, p99 at {pair.rate:.0f} a second, that of {pair.peer}", pair.ours, pair.theirs, "ms")
