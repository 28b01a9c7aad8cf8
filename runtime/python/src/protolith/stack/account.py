"""How a child process begins: as which user, and what ends it when the runner is killed."""

import ctypes
import os
import pwd
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_CLONE_NEWUSER: Final = 0x10000000
_NOBODY: Final = 65534
# Loaded before any fork: a child must not look for libraries.
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Account:
    """The user that a child runs as: `uid` and `gid` own its files, seen from here."""

    uid: int
    gid: int
    namespace: bool = False
    """In a user namespace of its own, where it believes to be `nobody`."""

    def enter(self) -> None:
        """Becomes this user; in the child, before exec."""
        if self.namespace:
            _enter_namespace()
        elif self.uid != os.geteuid():
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)


def current() -> Account:
    """The user that we are."""
    return Account(os.geteuid(), os.getegid())


def has_name() -> bool:
    """Whether this user is in the machine's list of users, without which initdb refuses."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


def nobody() -> Account | None:
    """The machine's user without rights, where it has one."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def before_exec(account: Account, when_orphaned: signal.Signals) -> Callable[[], None]:
    """A preexec_fn: changes the user, then asks the kernel for a signal at the runner's death."""
    runner = os.getpid()

    def prepare() -> None:
        account.enter()
        # After the change of user, which would clear it.
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(when_orphaned))
        if os.getppid() != runner:
            os._exit(1)

    return prepare


def _enter_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    if _LIBC.unshare(_CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_NOBODY} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{_NOBODY} {gid} 1")
