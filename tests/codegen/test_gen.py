"""`protolith gen` on a project's life: first run, nothing new, a hand edit, a changed contract, a check in CI."""

import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from protolith_codegen.cli import app
from protolith_codegen.write import read_tree
from typer.testing import CliRunner

from tests.support.project import make_project, write_contract

CONTRACT = """
package life.shop.v1;
service ShopService { rpc Get(Thing) returns (Thing); }
message Thing { string name = 1; }
"""
PATH = "life/shop/v1/shop.proto"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def protolith(root: Path, *arguments: str) -> Ran:
    result = CliRunner().invoke(app, ["gen", "--project", str(root), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project that was generated once."""
    root = make_project(tmp_path / "project", {PATH: CONTRACT})
    assert protolith(root).code == 0
    return root


def test_first_run_says_what_it_does_and_how_long(tmp_path: Path) -> None:
    ran = protolith(make_project(tmp_path / "project", {PATH: CONTRACT}))
    assert re.sub(r"\d+\.\d s", "T s", ran.out) == (
        "  read contracts … T s\n"
        "  generate messages and stubs … T s\n"
        "  render … T s\n"
        "  generated/: 12 files, 12 changed\n"
        "  added handlers/shop/service.py: ShopService.get\n"
    )


def test_nothing_new_is_nothing_done(root: Path) -> None:
    before = {
        path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file() and ".cache" not in path.parts
    }
    assert protolith(root) == Ran(0, "  generated code is up to date\n", "")
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_generated_again_from_nothing_is_the_same_byte_for_byte(root: Path, tmp_path: Path) -> None:
    other = make_project(tmp_path / "other", {PATH: CONTRACT})
    assert protolith(other).code == 0
    assert read_tree(other / "generated") == read_tree(root / "generated")
    assert read_tree(other / "handlers") == read_tree(root / "handlers")


def test_a_hand_edit_is_noticed_and_undone(root: Path) -> None:
    edited = root / "generated/python/life/shop/v1/services.py"
    written = edited.read_text()
    edited.write_text(written + "\nx = 1\n")
    assert "12 files, 1 changed" in protolith(root).out
    assert edited.read_text() == written


def test_caches_of_interpreters_are_no_hand_edit(root: Path) -> None:
    cache = root / "generated/python/life/shop/v1/__pycache__"
    cache.mkdir()
    (cache / "services.cpython-311.pyc").write_bytes(b"x")
    assert protolith(root).out == "  generated code is up to date\n"


def test_a_removed_contract_takes_its_files_with_it(root: Path) -> None:
    write_contract(root, "life/other/v1/other.proto", "package life.other.v1;\nmessage A {}\n")
    assert protolith(root).code == 0
    assert (root / "generated/python/life/other/v1/other_pb2.py").exists()
    (root / "contracts/life/other/v1/other.proto").unlink()
    assert protolith(root).code == 0
    assert not (root / "generated/python/life/other").exists()
    assert not (root / "generated/go/life/other").exists()


def test_check_is_silent_about_what_is_right(root: Path) -> None:
    ran = protolith(root, "--check")
    assert (ran.code, ran.err) == (0, "")


def test_check_names_what_drifted_and_writes_nothing(root: Path) -> None:
    write_contract(root, PATH, CONTRACT.replace("}\nmessage", "  rpc Put(Thing) returns (Thing); }\nmessage"))
    (root / "generated/python/stale.py").write_text("")
    (root / "generated/assets.go").unlink()
    before = read_tree(root)
    ran = protolith(root, "--check")
    assert read_tree(root) == before
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert "generated/assets.go: missing" in lines
    assert "generated/python/life/shop/v1/clients.py: differs" in lines
    assert "generated/python/stale.py: no longer generated" in lines
    assert "handlers/shop/service.py: ShopService.put is missing" in lines
    assert lines[-1].endswith("run `make gen` (or `protolith gen`) and commit what it writes")


def test_an_rpc_that_is_gone_is_told_but_does_not_stop(root: Path) -> None:
    write_contract(root, PATH, CONTRACT.replace("rpc Get", "rpc Read"))
    ran = protolith(root)
    assert ran.code == 0
    assert ran.err.startswith("handlers/shop/service.py:12: ShopService.get has no rpc in life.shop.v1.ShopService")
    assert protolith(root, "--check").code == 1


def test_a_wrong_signature_fails_but_generates(root: Path) -> None:
    handler = root / "handlers/shop/service.py"
    handler.write_text(handler.read_text().replace("async def get(self, request: Thing, ", "async def get(self, "))
    ran = protolith(root)
    assert ran.code == 1
    assert ran.err.startswith("handlers/shop/service.py:12: ShopService.get must be `async def get(self, request, ")


def test_a_broken_handler_is_told_with_its_place(root: Path) -> None:
    (root / "handlers/shop/other.py").write_text("def f(:\n")
    ran = protolith(root)
    assert ran.code == 1
    assert ran.err.startswith("handlers/shop/other.py:1: invalid syntax")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("protolith.yaml", None, "protolith.yaml is missing"),
        ("buf.yaml", None, "buf.yaml is missing"),
        ("protolith.yaml", "a: [", "is not YAML"),
        ("protolith.yaml", "title: x\n", "must give go_module, title and version"),
        ("protolith.yaml", "go_module: No Module\ntitle: x\nversion: v1\n", "is no Go module path"),
        ("buf.yaml", "version: v7\n", "buf cannot read the contracts"),
    ],
)
def test_a_broken_project_is_one_sentence(root: Path, name: str, text: str | None, expected: str) -> None:
    if text is None:
        (root / name).unlink()
    else:
        (root / name).write_text(text)
    ran = protolith(root)
    assert ran.code == 1
    assert expected in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_no_contracts_is_one_sentence(root: Path) -> None:
    (root / "contracts" / PATH).unlink()
    ran = protolith(root)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "contracts" in ran.err


def test_a_missing_tool_is_one_sentence(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "nowhere/.venv"))
    (root / "buf.yaml").write_text((root / "buf.yaml").read_text() + "\n")
    ran = protolith(root)
    assert ran.code == 1
    assert ran.err.startswith("protoc-gen-go is missing (looked for ")
    assert ran.err.endswith("run `make gen`, which builds the Go tools first\n")


def test_the_machines_own_tools_do_not_matter(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("buf", "ruff", "gofmt", "protoc-gen-go", "protoc-gen-mypy", "protoc", "python"):
        tool = tmp_path / "bin" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text("#!/bin/sh\nexit 99\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    assert protolith(root, "--check").code == 0
