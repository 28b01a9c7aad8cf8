"""Everything there is to say about a project's contracts: our rules, buf's lint, format and breaking, at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from protolith_codegen.check.breaking import breaking
from protolith_codegen.check.buf import layout, lint
from protolith_codegen.examine import examine
from protolith_codegen.problems import ContractError, Problem
from protolith_codegen.project import Project


def check_contracts(project: Project, against: str | None) -> tuple[Problem, ...]:
    """All problems, sorted, each once. Raises ToolError where a tool fails.

    `against` is the git revision whose clients must not break: None for the main branch, "" for none.
    """
    steps: tuple[Callable[[], list[Problem]], ...] = (
        lambda: lint(project),
        lambda: layout(project),
        lambda: breaking(project, against),
    )
    with ThreadPoolExecutor() as pool:
        others = [pool.submit(step) for step in steps]
        try:
            found = list(examine(project).problems)
        except ContractError as error:
            return error.problems  # buf's other commands say the same of what does not compile
        return tuple(sorted({*found, *(problem for each in others for problem in each.result())}))
