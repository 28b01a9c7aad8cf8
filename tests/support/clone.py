"""A scratch clone of this working tree, and a person who runs make in it with nothing but a bare PATH."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from protolith.stack.account import Account, current

from tests.support.running import ROOT, Running
from tools.places import environment, go

_NOT_CLONED = {
    ".git",
    ".venv",
    ".tools",
    ".data",
    ".cache",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}
_BARE_PATH = "/usr/local/bin:/usr/bin:/bin"
_SET = {"PIP_USER", "PIP_ROOT_USER_ACTION", "PIP_NO_INPUT"}  # by our own make, not by the machine
_NETWORK = ("PIP_", "SSL_", "HTTP", "http", "NO_PROXY", "no_proxy", "GOPROXY", "GOSUMDB", "REQUESTS_CA_BUNDLE")


@dataclass(frozen=True)
class Clone:
    """A folder with the sources, and who works in it."""

    folder: Path
    home: Path
    account: Account

    def environment(self, **more: str) -> dict[str, str]:
        """What a login gives, and this machine's way to the network."""
        ours = {**environment(), **os.environ}
        network = {name: value for name, value in ours.items() if name.startswith(_NETWORK) and name not in _SET}
        return {"PATH": _BARE_PATH, "HOME": str(self.home), "LANG": "C.UTF-8", **network, **more}

    def make(self, *arguments: str, sign: str = "\0", **more: str) -> Running:
        """Starts make; `sign` is what its output has when it is ready."""
        return Running(["make", *arguments], self.folder, self.environment(**more), sign, self.account)


def clone_into(home: Path, account: Account | None = None) -> Clone:
    """Copies what git would check out, uncommitted changes too, below a home that nobody else may enter."""
    folder = home / "clone"
    names = _tracked()
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    home.chmod(0o700)
    return Clone(folder, home, account or current())


def share_go_caches(clone: Clone) -> None:
    """What other builds have downloaded and compiled already: the clone's own build would take minutes."""
    for variable, target in {"GOCACHE": ".cache/go-build", "GOMODCACHE": "go/pkg/mod"}.items():
        source = subprocess.check_output([go(), "env", variable], env=environment(), text=True).strip()
        subprocess.run(["cp", "-r", "--reflink=auto", source, clone.home / "copy"], check=True)
        (clone.home / target).parent.mkdir(parents=True, exist_ok=True)
        (clone.home / "copy").rename(clone.home / target)


def hand_over(clone: Clone) -> None:
    """Everything below its home belongs to its person."""
    owner = f"{clone.account.uid}:{clone.account.gid}"
    subprocess.run(["chown", "-R", owner, clone.home], check=True)


def ordinary_user() -> Account:
    """Somebody who is not root: ourselves, or else `nobody`."""
    if os.geteuid():
        return current()
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def _tracked() -> list[str]:
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.check_output(git, cwd=ROOT, stderr=subprocess.DEVNULL, text=True).split("\0")
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if not set(path.parts) & _NOT_CLONED]
    return [name for name in names if (ROOT / name).is_symlink() or (ROOT / name).is_file()]
