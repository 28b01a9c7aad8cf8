"""Long steps, each said when it begins and timed when it ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer


class Steps:
    """Prints to standard output."""

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is being done, then how long it took, in seconds."""
        began = time.perf_counter()
        typer.echo(f"  {what} … ", nl=False)
        try:
            yield
        except BaseException:
            typer.echo("failed")
            raise
        typer.echo(f"{time.perf_counter() - began:.1f} s")
