"""The `protolith` command: arguments in, exit code out. Every failure is text for a person; a traceback is a bug."""

import gc
from pathlib import Path
from typing import Annotated, Literal

import typer

from protolith_codegen.problems import ContractError, HandlerError, ToolError

Format = Literal["text", "json", "github"]

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


@app.command()
def check(
    project: Annotated[Path, typer.Option(help="The project's root, where protolith.yaml is.")] = Path(),
    format: Annotated[Format, typer.Option(help="text for people, json for programs, github for its pages.")] = "text",
    against: Annotated[
        str | None, typer.Option(help='Break no client of this git revision. Unless given: of main. "": of none.')
    ] = None,
) -> None:
    """Say all that is wrong with the contracts: our rules, buf lint, format and breaking.

    Exit codes: 0 nothing is wrong, 1 something is, 2 the arguments, the settings or a tool are at fault.
    """
    from protolith_codegen.check import FORMATS, check_contracts  # heavy imports only when they are needed
    from protolith_codegen.project import open_project

    try:
        problems = check_contracts(open_project(project.resolve()), against)
    except ToolError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    told = FORMATS[format](problems)
    if told:
        typer.echo(told)
    raise typer.Exit(1 if problems else 0)


def main() -> None:
    """Entry point of the console script."""
    gc.disable()  # a short run whose values live to its end: looking for garbage costs a fifth of it
    app()
