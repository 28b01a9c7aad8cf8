"""Measures Protolith against its peers on one machine: `python -m benchmarks`, or `make bench`."""

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
CACHE: Final = HERE / ".cache"
RESULTS: Final = ROOT / "docs" / "benchmarks"


class BenchError(Exception):
    """The run cannot go on; the text says why, and what to do."""
