"""One runner a data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from protolith.startup import StartError


class LockedError(StartError):
    """Another runner holds the data folder."""


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Holds the folder while the body runs; the kernel lets go of it even when this process is killed."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LockedError(
                f"A stack runs on {data} already (process {file.read().strip()}): stop it first, or give this one"
                " its own PROTOLITH_DATA, PROTOLITH_REST_ADDR, PROTOLITH_GRPC_ADDR and PROTOLITH_ADMIN_ADDR"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
