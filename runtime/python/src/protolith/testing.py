"""What tests of handlers use."""

from collections.abc import Iterator
from contextlib import contextmanager

from protolith.declared import DeclaredError
from protolith.errors import RpcError
from protolith.undeclared import listeners

__all__ = ["no_undeclared_errors"]


@contextmanager
def no_undeclared_errors() -> Iterator[None]:
    """Fails, with an AssertionError at the end of the block, when a call in this process ended undeclared meanwhile.

    The errors themselves are its notes and its cause. Made a fixture, it holds for every test:

        @pytest.fixture(autouse=True)
        def declared() -> Iterator[None]:
            with no_undeclared_errors():
                yield
    """
    found: list[tuple[str, Exception]] = []

    def note(method: str, error: Exception) -> None:
        found.append((method, error))

    listeners.append(note)
    try:
        yield
    finally:
        listeners.remove(note)
    if found:
        lines = [f"{method} answered an error that it does not declare: {_told(error)}" for method, error in found]
        raise AssertionError("\n".join(lines)) from found[0][1]


def _told(error: Exception) -> str:
    if isinstance(error, DeclaredError):
        return f"{error.REASON} of {error.DOMAIN} ({error.message})"
    return str(error) if isinstance(error, RpcError) else repr(error)
