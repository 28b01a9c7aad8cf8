"""`make lock`: writes requirements.lock from requirements.in, hashes for every platform, no index addresses."""

from __future__ import annotations

import os
import subprocess

from tools.places import BIN, LOCK, PYTHON, ROOT, TOOLS, environment
from tools.problem import failed
from tools.setup import set_up

_UV = "uv==0.13.9"
_OPTIONS = (
    "--quiet --universal --python-version=3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header"
)


def lock() -> None:
    """Resolves; versions that the lock has stay, unless requirements.in asks for others."""
    set_up()
    folder = TOOLS / "uv"
    if not (folder / "bin" / "uv").exists():
        _run("Installing uv", str(PYTHON), "-m", "pip", "install", "--quiet", f"--target={folder}", _UV)
    print("Resolving requirements.in", flush=True)
    options = [*_OPTIONS.split(), f"--python={PYTHON}", f"--output-file={LOCK.name}"]
    _run("Resolving requirements.in", str(folder / "bin" / "uv"), "pip", "compile", *options, "requirements.in")


def _run(what: str, *argv: str) -> None:
    done = subprocess.run(argv, cwd=ROOT, env=_with_index(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise failed(what, done.stdout + done.stderr)


def _with_index() -> dict[str, str]:
    """uv does not read pip's settings: hand it the index, the folder of wheels and the certificates."""
    env = environment()
    for option, variable in (
        ("index-url", "UV_DEFAULT_INDEX"),
        ("find-links", "UV_FIND_LINKS"),
        ("cert", "SSL_CERT_FILE"),
    ):
        value = _pip_setting(option)
        if value:
            env.setdefault(variable, value)
    return env


def _pip_setting(option: str) -> str:
    from_environment = os.environ.get("PIP_" + option.upper().replace("-", "_"), "")
    argv = [str(BIN / "pip"), "config", "get", f"global.{option}"]
    done = subprocess.run(argv, env=environment(), capture_output=True, text=True, check=False)
    return from_environment or done.stdout.strip()
