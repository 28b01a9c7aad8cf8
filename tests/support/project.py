"""Projects in a temporary folder: contracts in, everything that `protolith gen` writes out."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]

BUF = """\
version: v2
modules:
  - path: contracts
  - path: third_party/proto
  - path: third_party/annotations
"""


PUBLIC = """\
options:
  "*": {access: public}
"""


def make_project(root: Path, contracts: Mapping[str, str] | Path, name: str = "inline", options: str = PUBLIC) -> Path:
    """A project at `root`: contracts as a folder, or as sources by path (syntax and indentation are seen to).

    `options` end its protolith.yaml: unless they are given, every rpc is public.
    """
    root.mkdir(parents=True, exist_ok=True)
    (root / "buf.yaml").write_text(BUF)
    (root / "protolith.yaml").write_text(f"go_module: {name}.test\ntitle: {name.title()}\nversion: v1\n{options}")
    (root / "third_party").symlink_to(ROOT / "third_party", target_is_directory=True)
    if isinstance(contracts, Path):
        (root / "contracts").symlink_to(contracts, target_is_directory=True)
    else:
        (root / "contracts").mkdir()
        for path, source in contracts.items():
            write_contract(root, path, source)
    return root


def write_contract(root: Path, path: str, source: str) -> None:
    """Write one contract of a project."""
    target = root / "contracts" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    text = dedent(source).lstrip("\n")
    target.write_text(text if text.startswith("syntax") else f'syntax = "proto3";\n{text}')
