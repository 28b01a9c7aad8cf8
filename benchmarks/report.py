"""Prints the table and saves the results: latest.json (rows), details.json (how, targets), latest.md, the plot."""

import json
import os
import platform
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import HERE, RESULTS
from benchmarks.measure import Plan, Result, Row
from benchmarks.targets import Target

_HEAD: Final = ("case", "server", "CPU us/request", "requests/s", "p50 ms", "p99 ms", "resident MB")
_PACKAGES: Final = (
    "grpcio",
    "grpclib",
    "connectrpc",
    "pyvoy",
    "fastapi",
    "uvicorn",
    "protovalidate",
    "asyncpg",
    "uvloop",
)


def save(rows: list[Row], results: list[Result], targets: list[Target], plan: Plan, where: Path = RESULTS) -> None:
    """Write all files of one run."""
    where.mkdir(parents=True, exist_ok=True)
    (where / "latest.json").write_text(json.dumps(rows, indent=1) + "\n")
    (where / "details.json").write_text(json.dumps(_details(results, targets, plan), indent=1) + "\n")
    (where / "latest.md").write_text(_markdown(rows, targets))
    python = HERE / ".venv" / "bin" / "python"
    plot = [python, HERE / "plot.py", where / "latest.json", where / "latest.png"]
    subprocess.run(list(map(str, plot)), check=True)


def table(rows: list[Row]) -> list[list[str]]:
    """The rows as text, a heading first; a stream's requests are its messages."""
    return [list(_HEAD)] + [
        [row["case"], row["server"], f"{row['cpu_us']:.1f}", f"{row['rps']:,.0f}", f"{row['p50_ms']:.2f}",
         f"{row['p99_ms']:.2f}", f"{row['rss_mb']:.0f}"]
        for row in rows
    ]  # fmt: skip


def text(rows: list[Row]) -> str:
    """The table for a terminal."""
    lines = table(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if index < 2 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def _markdown(rows: list[Row], targets: list[Target]) -> str:
    head, *lines = table(rows)
    marks = ["---", "---", *["---:"] * (len(head) - 2)]
    listed = "\n".join("| " + " | ".join(line) + " |" for line in [head, marks, *lines])
    goals = "\n".join(
        f"| {'ok' if t.met else '**missed**'} | {t.text} | {t.measured:.4g} | {t.limit:.4g} {t.unit} |" for t in targets
    )
    return (
        f"Written by `make bench`; how it is measured: [README.md](README.md).\n\n{listed}\n\n"
        f"| | target | measured | at most |\n| --- | --- | ---: | ---: |\n{goals}\n"
    )


def _details(results: list[Result], targets: list[Target], plan: Plan) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "cores": os.cpu_count(),
            "kernel": ".".join(platform.release().split(".")[:2]),
            "cpu": _cpu_model(),
        },
        "python": platform.python_version(),
        "packages": _locked(),
        "plan": asdict(plan),
        "paced_calls_a_second": {result.case.name: round(result.rate) for result in results},
        "p99_pairs": [asdict(pair) for result in results for pair in result.pairs],
        "cpu_us_rounds": {
            result.case.name: {
                name: [round(each, 1) for each in found.cpu_us] for name, found in result.servers.items()
            }
            for result in results
        },
        "resident_mb": {
            result.case.name: {name: found.resident for name, found in result.servers.items()} for result in results
        },
        "targets": [{**asdict(target), "met": target.met} for target in targets],
    }


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _locked() -> dict[str, str]:
    pins = (line.split("==") for line in (HERE / "requirements.in").read_text().splitlines() if "==" in line)
    return {name: version for name, version in pins if name in _PACKAGES}
