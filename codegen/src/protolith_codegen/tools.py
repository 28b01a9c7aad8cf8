"""Other programs: found in the virtual environment and in .tools, never on the machine's own PATH."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from protolith_codegen.problems import ToolError

_INSTALL = "install requirements.lock into the virtual environment"


def venv_tool(name: str) -> Path:
    """A program that a locked wheel put beside this interpreter."""
    return _existing(
        Path(sysconfig.get_path("scripts")) / name, "install requirements.lock into the virtual environment"
    )


def gofmt() -> Path:
    """gofmt, which the go wheel keeps off the PATH."""
    return _existing(Path(sysconfig.get_path("purelib")) / "go" / "bin" / "gofmt", _INSTALL)


def go_plugin(root: Path, name: str) -> Path:
    """A protoc plugin in Go: in the project's .tools, or in that of the folder which holds the virtual environment."""
    folders = (root / ".tools", Path(sys.prefix).parent / ".tools")
    found = next((folder / name for folder in folders if (folder / name).is_file()), folders[0] / name)
    return _existing(found, "run `make gen`, which builds the Go tools first")


def run(command: list[str | Path], *, cwd: Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run a program with nothing of the machine's PATH; its exit code and output are the caller's to judge."""
    path = os.pathsep.join((sysconfig.get_path("scripts"), "/usr/bin", "/bin"))
    environment = {"GOGC": "400", **os.environ, "PATH": path}  # short runs of Go: memory for a third of the time
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, check=False, env=environment)


def _existing(path: Path, mend: str) -> Path:
    if not path.is_file():
        raise ToolError(f"{path.name} is missing (looked for {path}): {mend}")
    return path
