"""The harness measures what it says, and refuses to measure a server that does not do the work."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import BenchError, measure
from benchmarks.cases import CASES, Case
from benchmarks.measure import Plan, Row
from benchmarks.prepare import build_load, generate, h2load
from benchmarks.servers import Place, Program
from benchmarks.targets import targets

_STUB = Path(__file__).parent / "stub_server.py"
_PLAN = Plan(rounds=2, saturated=0.05, paced=0.2)
_CASE = replace(next(case for case in CASES if case.name == "rest_one_hop"), servers=("stub",))


@pytest.fixture(scope="module")
def tools() -> None:
    try:
        h2load()
    except BenchError as error:
        pytest.skip(str(error))
    assert shutil.which("h2load")
    generate()
    build_load()


def _measure(behaviour: str, monkeypatch: pytest.MonkeyPatch, case: Case = _CASE) -> measure.Result:
    def programs(place: Place) -> list[Program]:
        return [Program(place.front, (sys.executable, str(_STUB), str(place.front), behaviour))]

    monkeypatch.setattr(measure, "SERVERS", {"stub": programs})
    return measure.measure(case, ("stub",), _PLAN, "", lambda line: None)


@pytest.mark.usefixtures("tools")
def test_a_row_has_the_agreed_fields_and_real_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _measure("right", monkeypatch)
    row = result.servers["stub"].row()
    assert list(row) == ["case", "server", "cpu_us", "rps", "p50_ms", "p99_ms", "rss_mb"]
    assert (row["case"], row["server"]) == ("rest_one_hop", "stub")
    assert 0 < row["p50_ms"] <= row["p99_ms"]
    assert row["rps"] > 0
    assert row["cpu_us"] > 0
    assert row["rss_mb"] > 5
    assert len(result.servers["stub"].cpu_us) == _PLAN.rounds
    assert result.rate == result.servers["stub"].calls_a_second / 2


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize(
    ("behaviour", "complaint"),
    [
        ("wrong", "rest_one_hop: stub answers wrongly"),
        ("lax", "stub does not refuse a request with wrong email and nickname"),
        ("tires", "stub answered .* bytes instead of"),
    ],
)
def test_a_server_that_does_not_do_the_work_fails_the_run(
    behaviour: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BenchError, match=complaint):
        _measure(behaviour, monkeypatch)


@pytest.mark.usefixtures("tools")
def test_a_server_that_does_not_start_is_shown_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def programs(place: Place) -> list[Program]:
        return [Program(place.front, (sys.executable, "-c", "raise SystemExit('out of luck')"))]

    monkeypatch.setattr(measure, "SERVERS", {"stub": programs})
    with pytest.raises(BenchError, match="out of luck"):
        measure.measure(_CASE, ("stub",), _PLAN, "", lambda line: None)


def _row(case: str, server: str, cpu_us: float) -> Row:
    return Row(case=case, server=server, cpu_us=cpu_us, rps=1, p50_ms=1, p99_ms=1, rss_mb=1)


def test_targets_compare_ours_with_the_peer_of_the_same_run() -> None:
    rows = [
        _row("grpc_unary", "protolith", 30),
        _row("grpc_unary", "grpcio-aio", 216),
        _row("grpc_unary", "grpc-go", 16),
    ]
    found = {target.text: target.met for target in targets(rows, [], messenger_mb=91) if "growth" not in target.text}
    assert found == {
        "grpc_unary, CPU a request, 1/7 of bare grpcio asyncio": True,
        "grpc_unary, CPU a request, 1.8 x bare grpc-go": False,
        "messenger worker, resident, idle": False,
    }
