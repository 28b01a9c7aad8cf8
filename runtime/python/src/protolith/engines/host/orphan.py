"""The last resort against orphans: a worker that does not notice the end of its host is ended from a thread."""

import os
import select
import threading
import time
from typing import Final

_PATIENCE: Final = 3.0


def watch(descriptor: int) -> None:
    """End the process some seconds after the peer of `descriptor` hung up, whatever the event loop is busy with.

    An idle loop sees end-of-file itself and has left long before.
    """
    threading.Thread(target=_watch, args=(os.dup(descriptor),), name="orphan-watch", daemon=True).start()


def _watch(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, 0)  # hang-up is reported without being asked for
    poll.poll()
    time.sleep(_PATIENCE)
    os._exit(os.EX_TEMPFAIL)
