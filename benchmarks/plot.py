"""Draws CPU a request of every case. Run with the peers' environment: `plot.py ROWS.json OUT.png`."""

import json
import sys
from itertools import groupby
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

_TITLES = {
    "grpc_unary": "gRPC unary",
    "rest_one_hop": "REST, one hop",
    "rest_two_hops": "REST, two hops",
    "grpc_stream": "gRPC server stream (a message)",
    "grpc_db": "gRPC, one query by key",
    "rest_db": "REST, one query by key",
}


def main(source: str, target: str) -> None:
    """One panel a case, fewest microseconds on top."""
    rows = json.loads(Path(source).read_text(encoding="utf-8"))
    cases = [(name, list(found)) for name, found in groupby(rows, key=lambda row: row["case"])]
    figure, axes = pyplot.subplots(-(-len(cases) // 2), 2, figsize=(11, 2.9 * -(-len(cases) // 2)), squeeze=False)
    for axis in axes.flat[len(cases) :]:
        axis.set_visible(False)
    for axis, (name, rows) in zip(axes.flat, cases, strict=False):
        rows.sort(key=lambda row: -row["cpu_us"])
        names = [row["server"] for row in rows]
        colours = ["#d1495b" if name.startswith("protolith") else "#8d99ae" for name in names]
        bars = axis.barh(names, [row["cpu_us"] for row in rows], color=colours)
        axis.bar_label(bars, fmt="%.0f", padding=3, fontsize=8)
        axis.set_title(_TITLES.get(name, name), fontsize=10, loc="left")
        axis.tick_params(labelsize=8)
        axis.margins(x=0.12)
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle("CPU µs a request, all server processes together (less is better)", fontsize=11)
    figure.tight_layout()
    figure.savefig(target, dpi=110, metadata={"Software": None})


main(sys.argv[1], sys.argv[2])
