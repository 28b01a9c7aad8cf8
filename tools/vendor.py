"""Copies the .proto files that our contracts import out of pinned packages into third_party/proto, unchanged.

They are committed, so that `buf breaking` can build any revision of the repository by itself, without a registry.
`--check` copies nothing and names the files that differ from their packages.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESTINATION = ROOT / "third_party" / "proto"


@dataclass(frozen=True)
class GoSource:
    """A folder of one Go module; `sum` is the module's hash as go.sum would carry it."""

    module: str
    sum: str
    folder: str
    files: tuple[str, ...]

    def root(self) -> Path:
        """The unpacked folder, downloaded by Go when the module cache does not have it."""
        command = [go(), "mod", "download", "-json", self.module]
        # Outside our own modules, or Go would read (and tidy) a go.mod that does not name this one.
        done = subprocess.run(command, cwd="/", env=go_environment(), capture_output=True, text=True, check=False)
        answer = json.loads(done.stdout or "{}")
        if done.returncode or answer.get("Error"):
            raise SystemExit(f"vendor: cannot download {self.module}: {answer.get('Error') or done.stderr.strip()}")
        if answer["Sum"] != self.sum:
            raise SystemExit(f"vendor: {self.module} has hash {answer['Sum']}, tools/vendor.py pins {self.sum}")
        return Path(answer["Dir"]) / self.folder


@dataclass(frozen=True)
class WheelSource:
    """A folder of an installed distribution; requirements.lock pins it."""

    name: str
    files: tuple[str, ...]

    def root(self) -> Path:
        """The folder the wheel was installed in."""
        return Path(str(distribution(self.name).locate_file("")))


SOURCES: tuple[GoSource | WheelSource, ...] = (
    WheelSource(
        "googleapis-common-protos",
        (
            "google/api/annotations.proto",
            "google/api/field_behavior.proto",
            "google/api/http.proto",
            "google/api/httpbody.proto",
            "google/rpc/code.proto",
        ),
    ),
    GoSource(
        "github.com/envoyproxy/protoc-gen-validate@v1.3.3",
        "h1:MVQghNeW+LZcmXe7SY1V36Z+WFMDjpqGAGacLe2T0ds=",
        "",
        ("validate/validate.proto",),
    ),
    GoSource(
        "github.com/bufbuild/protovalidate@v1.2.2",
        "h1:2H/9/Kr97etSRqW3IJjTTb09z+zutkK2GDhDRbOnqr4=",
        "proto/protovalidate",
        ("buf/validate/validate.proto",),
    ),
)


def go() -> str:
    """The locked Go, beside this interpreter."""
    return str(Path(sys.executable).parent / "go")


def go_environment() -> dict[str, str]:
    """Like every other call of Go here: the locked toolchain, no C compiler, a module cache that rm can delete."""
    return {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw"}


def wanted() -> dict[Path, bytes]:
    """Every vendored file (path below third_party/proto) with the bytes its package has."""
    return {
        Path(name): (root / name).read_bytes()
        for source in SOURCES
        for root in [source.root()]
        for name in source.files
    }


def main() -> int:
    """Copies, or with --check compares; returns the exit code."""
    files = wanted()
    present = {path.relative_to(DESTINATION) for path in DESTINATION.rglob("*.proto")}
    stale = sorted(present - files.keys())
    different = sorted(
        name for name in files if name not in present or (DESTINATION / name).read_bytes() != files[name]
    )
    if "--check" in sys.argv[1:]:
        for name in stale + different:
            print(f"third_party/proto/{name}: differs from its package; run: .venv/bin/python tools/vendor.py")
        return 1 if stale or different else 0
    for name in stale:
        (DESTINATION / name).unlink()
    for name in different:
        (DESTINATION / name).parent.mkdir(parents=True, exist_ok=True)
        (DESTINATION / name).write_bytes(files[name])
        print(f"third_party/proto/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
