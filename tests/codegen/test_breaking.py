"""`buf breaking` as a part of the check, on small repositories of their own."""

import subprocess
from pathlib import Path

import pytest
from protolith_codegen.check.breaking import breaking
from protolith_codegen.problems import ToolError
from protolith_codegen.project import open_project

_PROTO = 'syntax = "proto3";\npackage shop.v1;\nmessage Item {\n  string name = 1;\n}\n'
_FILES = {
    "buf.yaml": "version: v2\nmodules:\n  - path: contracts\n",
    "protolith.yaml": "go_module: shop.test\ntitle: Shop\nversion: v1\n",
    "contracts/shop/v1/item.proto": _PROTO,
    "third_party/proto/.keep": "",
}
_IDENTITY = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")


def git(folder: Path, *arguments: str) -> None:
    """Runs git there."""
    subprocess.run(["git", *_IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose main has one contract."""
    folder = tmp_path / "repository"
    for name, text in _FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(tmp_path, "init", "--initial-branch=main", "repository")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    return folder


def change(folder: Path, old: str, new: str) -> None:
    """Edits the contract."""
    (folder / "contracts/shop/v1/item.proto").write_text(_PROTO.replace(old, new))


def found(folder: Path, against: str | None = None) -> list[str]:
    """What breaks, as the check says it."""
    return [str(problem) for problem in breaking(open_project(folder), against)]


def test_an_addition_breaks_nobody(repository: Path) -> None:
    change(repository, "}", "  int32 price = 2;\n}")
    assert found(repository) == []


def test_a_changed_type_breaks_clients(repository: Path) -> None:
    change(repository, "string", "int32")
    (problem,) = found(repository)
    assert problem.startswith("contracts/shop/v1/item.proto:4:3: ")
    assert 'Field "1" with name "name" on message "Item" changed type' in problem


def test_a_shallow_clone_of_a_branch_has_nothing_to_compare_with(repository: Path, tmp_path: Path) -> None:
    git(repository, "checkout", "-b", "topic")
    git(tmp_path, "clone", "--depth=1", "--branch=topic", f"file://{repository}", "shallow")
    change(tmp_path / "shallow", "string", "int32")
    assert found(tmp_path / "shallow") == []


def test_a_shallow_clone_of_main_is_compared(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "--depth=1", f"file://{repository}", "shallow")
    change(tmp_path / "shallow", "string", "int32")
    assert found(tmp_path / "shallow")


def test_a_main_without_contracts(repository: Path) -> None:
    git(repository, "rm", "-r", "--cached", "contracts")
    git(repository, "commit", "-m", "none")
    assert found(repository) == []


def test_a_revision_that_is_not_there_is_said(repository: Path) -> None:
    with pytest.raises(ToolError, match="nowhere is no revision"):
        found(repository, "nowhere")
