"""Where things lie in a clone, and the environment that every tool is started with."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
TOOLS = ROOT / ".tools"
HOST = TOOLS / "host"
LOCK = ROOT / "requirements.lock"

# The machine's own habits must not reach what we build and generate.
_DROPPED = (
    "MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES "
    "PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE PYTHONWARNINGS VIRTUAL_ENV "
    "PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_VIRTUALENV PIP_CONSTRAINT PIP_REQUIREMENT PIP_QUIET PIP_VERBOSE "
    "GOROOT GOOS GOARCH GOAMD64 GOARM64 GOEXPERIMENT GOBIN GODEBUG GOTMPDIR GO_EXTLINK_ENABLED"
).split()
# What `go env -w` may have been told about this machine's way to the network and its disks; nothing else of it counts.
_GO_MACHINE = "GOPROXY GOSUMDB GONOSUMDB GONOPROXY GOPRIVATE GOINSECURE GOAUTH GOMODCACHE GOCACHE".split()


def environment() -> dict[str, str]:
    """The caller's environment without what could change a result, and with the locked tools first on PATH."""
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    return {
        **_go_machine_settings(),
        **kept,
        "PATH": os.pathsep.join((str(BIN), str(TOOLS), kept.get("PATH", os.defpath))),
        "GOENV": "off",
        "GOWORK": "off",
        "GO111MODULE": "on",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-modcacherw -trimpath -buildvcs=false",
        "CGO_ENABLED": "0",
        "PIP_USER": "0",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
    }


def go() -> Path:
    """The locked Go itself: its wheel's launcher would only start Python first."""
    return next(VENV.glob("lib/python3*/site-packages/go/bin/go"), BIN / "go")


def _go_machine_settings() -> dict[str, str]:
    folder = os.environ.get("XDG_CONFIG_HOME") or str(Path("~/.config").expanduser())
    file = Path(os.environ.get("GOENV") or f"{folder}/go/env")
    lines = file.read_text().splitlines() if file.is_file() and os.access(file, os.R_OK) else []
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: value for name, value in pairs if name in _GO_MACHINE}
