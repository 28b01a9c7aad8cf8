"""What `protolith gen` does: generate where something changed, then see to the handlers. Says what it did."""

from pathlib import Path

import typer

from protolith_codegen.formatting import format_python, sort_imports
from protolith_codegen.generate import contract_of, generate
from protolith_codegen.model import Contract
from protolith_codegen.project import Project, open_project
from protolith_codegen.scaffold import Plan, plan_handlers
from protolith_codegen.stamp import is_fresh, stamp
from protolith_codegen.steps import Steps
from protolith_codegen.write import Drift, compare, write

REPAIR = "run `make gen` (or `protolith gen`) and commit what it writes"


def gen_project(root: Path) -> bool:
    """Generate and scaffold. Returns whether everything fits."""
    project = open_project(root)
    if is_fresh(project):
        typer.echo("  generated code is up to date")
        return _scaffold(project, contract_of(project))
    fresh, contract = generate(project, Steps())
    drift = write(fresh, project.generated)
    stamp(project)
    typer.echo(f"  generated/: {len(fresh)} files, {drift.count} changed")
    return _scaffold(project, contract)


def check_project(root: Path) -> bool:
    """Say what generating would change, and change nothing. Returns whether nothing would."""
    project = open_project(root)
    fresh, contract = generate(project, Steps())
    lines = [*_drifted(compare(fresh, project.generated)), *_unwritten(plan_handlers(contract, root), root)]
    for line in lines:
        typer.echo(line, err=True)
    if lines:
        typer.echo(f"{len(lines)} differ from the contracts: {REPAIR}", err=True)
    return not lines


def _scaffold(project: Project, contract: Contract) -> bool:
    plan = plan_handlers(contract, project.root)
    for path, data in plan.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    sort_imports(project.root, plan.created)
    format_python(project.root, plan.created)
    for line in plan.added:
        typer.echo(f"  added {line}")
    for line in (*plan.orphans, *plan.wrong):
        typer.echo(line, err=True)
    return not plan.wrong


def _drifted(drift: Drift) -> list[str]:
    return [
        *(f"generated/{name}: missing" for name in drift.missing),
        *(f"generated/{name}: differs" for name in drift.different),
        *(f"generated/{name}: no longer generated" for name in drift.stale),
    ]


def _unwritten(plan: Plan, root: Path) -> list[str]:
    return [
        *(f"{path.relative_to(root).as_posix()}: missing" for path in plan.created),
        *(f"{line} is missing" for line in plan.added),
        *plan.orphans,
        *plan.wrong,
    ]
