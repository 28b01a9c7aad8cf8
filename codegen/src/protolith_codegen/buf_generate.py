"""`buf generate`: messages in Python and Go, gRPC and REST stubs in Go, from the translated image."""

import json
import sys
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from protolith_codegen.load import ANNOTATIONS, Image
from protolith_codegen.model.names import go_package_name
from protolith_codegen.problems import ToolError
from protolith_codegen.project import Project
from protolith_codegen.tools import go_plugin, run, venv_tool

OPTION_PACKAGES = ("validate", "buf.validate", ANNOTATIONS)
"""Options that Go code has no use for: rules run in Python, and what the host needs is in its table."""


def buf_generate(image: Image, project: Project, out: Path) -> None:
    """Generate under `out` (python/ and go/). Raises ToolError with what buf or a plugin says."""
    done = run(
        [venv_tool("buf"), "generate", "-", "--template", json.dumps(_template(image, project.root)), "-o", out],
        cwd=project.root,
        stdin=_with_go_packages(image, project.settings.go_prefix),
    )
    if done.returncode != 0:
        raise ToolError(f"buf generate failed:\n{done.stderr.decode().strip()}")


def _template(image: Image, root: Path) -> dict[str, Any]:
    return {"version": "v2", "plugins": [*_python_plugins(), *(_go_plugin(name, image, root) for name in _GO_PLUGINS)]}


def _python_plugins() -> list[dict[str, Any]]:
    protoc = [sys.executable, "-m", "grpc_tools.protoc"]
    return [
        {"protoc_builtin": "python", "protoc_path": protoc, "out": "python", "strategy": "all"},
        {"local": str(venv_tool("protoc-gen-mypy")), "out": "python", "opt": "quiet", "strategy": "all"},
    ]


_GO_PLUGINS = ("protoc-gen-go", "protoc-gen-go-grpc", "protoc-gen-grpc-gateway")


def _go_plugin(name: str, image: Image, root: Path) -> dict[str, Any]:
    present = {file.package for file in image.files.file}
    return {
        "local": str(go_plugin(root, name)),
        "out": "go",
        "opt": "paths=source_relative",
        "strategy": "all",
        "exclude_types": [package for package in OPTION_PACKAGES if package in present],
    }


def _with_go_packages(image: Image, prefix: str) -> bytes:
    """The image with the Go package of each contract: whatever its author wrote, it is generated into this project."""
    files = FileDescriptorSet()
    files.CopyFrom(image.files)
    for file in files.file:
        if file.name in image.own:
            folder = file.name.rpartition("/")[0]
            file.options.go_package = f"{prefix}/{folder};{go_package_name(file.package)}"
    return files.SerializeToString(deterministic=True)
