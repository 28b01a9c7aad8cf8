"""The `protolith` command: arguments in, exit code out. Every failure is text for a person; a traceback is a bug."""

from pathlib import Path
from typing import Annotated

import typer

from protolith_codegen.problems import ContractError, HandlerError, ToolError

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def _protolith() -> None:
    """Protolith: services from contracts."""


@app.command()
def gen(
    project: Annotated[Path, typer.Option(help="The project's root, where protolith.yaml is.")] = Path(),
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where generating would.")] = False,
) -> None:
    """Generate everything from the contracts, and the handlers that are missing."""
    from protolith_codegen.gen import check_project, gen_project  # heavy imports only when they are needed

    command = check_project if check else gen_project
    try:
        if not command(project.resolve()):
            raise typer.Exit(1)
    except (ContractError, HandlerError, ToolError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def main() -> None:
    """Entry point of the console script."""
    app()
