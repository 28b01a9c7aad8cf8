"""Loads structlog without rich and greenlet, which it takes where it finds them: 4 MB a worker that nothing uses."""

import sys
from typing import Any, Final

_UNUSED: Final = ("rich", "greenlet")  # tracebacks are plain (logs.py), and nothing runs in greenlets


def load() -> None:
    """Import structlog; what it did without can be imported by others as ever."""
    modules: dict[str, Any] = sys.modules
    hidden = [name for name in _UNUSED if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        import structlog  # noqa: F401
    finally:
        for name in hidden:
            del modules[name]


load()
