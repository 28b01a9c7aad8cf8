"""Everything there is to say about a project's contracts: our rules, buf's lint, format and breaking, at once."""

from concurrent.futures import ThreadPoolExecutor

from protolith_codegen.check.breaking import breaking
from protolith_codegen.check.buf import layout, lint
from protolith_codegen.examine import examine
from protolith_codegen.load import compile_contracts, read_image
from protolith_codegen.problems import ContractError, Problem
from protolith_codegen.project import Project


def check_contracts(project: Project, against: str | None) -> tuple[Problem, ...]:
    """All problems, sorted, each once. Raises ToolError where a tool fails.

    `against` is the git revision whose clients must not break: None for the main branch, "" for none.
    """
    with ThreadPoolExecutor() as pool:
        others = [pool.submit(layout, project), pool.submit(breaking, project, against)]
        try:
            data = compile_contracts(project)
        except ContractError as error:
            return error.problems  # buf's other commands say the same of what does not compile
        others.append(pool.submit(lint, project, data))
        found = set(examine(project, read_image(data)).problems)
        return tuple(sorted(found.union(*(each.result() for each in others))))
