"""Generated code is real code: equal to what was accepted byte by byte, strictly typed, compiled."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from protolith_codegen.write import write

from tests.golden.cases import cases, expected, generated, made
from tests.support.project import ROOT

GO = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw -trimpath -buildvcs=false -mod=mod"}


@pytest.mark.parametrize("case", cases())
def test_equals_what_was_accepted(case: str) -> None:
    fresh, accepted = made(case), expected(case)
    assert sorted(fresh) == sorted(accepted)
    for name, data in fresh.items():
        assert data.decode() == accepted[name].decode(), f"{case}/{name}: see tests/golden/__main__.py"


@pytest.mark.parametrize("case", cases())
def test_python_is_strictly_typed(case: str, tmp_path: Path) -> None:
    write(generated(case), tmp_path)
    path = os.pathsep.join((str(tmp_path / "python"), str(ROOT / "runtime/python/src")))
    settings = ["--strict", f"--config-file={ROOT / 'pyproject.toml'}", f"--cache-dir={ROOT / '.mypy_cache'}"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *settings, "."],
        cwd=tmp_path / "python",
        env={**os.environ, "MYPYPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("case", cases())
def test_go_compiles(case: str, tmp_path: Path) -> None:
    write(generated(case), tmp_path / "generated")
    requirements = (ROOT / "go.mod").read_text().partition("require")[2]
    (tmp_path / "go.mod").write_text(
        f"module {case}.test\n\ngo 1.26.0\n\nrequire protolith.dev v0.0.0\n\n"
        f"replace protolith.dev => {ROOT}\n\nrequire{requirements}"
    )
    (tmp_path / "go.sum").write_bytes((ROOT / "go.sum").read_bytes())
    go = Path(sys.executable).parent / "go"
    done = subprocess.run(
        [go, "vet", "./..."], cwd=tmp_path, env={**os.environ, **GO}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
