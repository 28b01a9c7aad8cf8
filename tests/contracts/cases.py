"""What the rules say of a case."""

import re
import tempfile
from pathlib import Path

from protolith_codegen.examine import TRANSLATION, examine
from protolith_codegen.problems import ContractError, Problem
from protolith_codegen.project import open_project
from protolith_codegen.rules import RULES, rule_id

from tests.support.project import PUBLIC, make_project

HERE = Path(__file__).parent
IDS = sorted([*map(rule_id, RULES), TRANSLATION])
"""Every rule of ours."""


def case_of(rule: str, kind: str) -> Path:
    """The folder of a rule's wrong (invalid) or right (valid) contract."""
    return HERE / kind / rule


def problems_of(folder: Path) -> tuple[Problem, ...]:
    """All that is wrong with a case. Where it has no options.yaml, its rpcs are public."""
    source = (folder / "case.proto").read_text()
    package = re.search(r"^package ([\w.]+);", source, re.MULTILINE)
    path = f"{package[1].replace('.', '/')}/case.proto" if package else "case.proto"
    options = folder / "options.yaml"
    with tempfile.TemporaryDirectory() as root:
        says = options.read_text() if options.exists() else "" if "access-" in folder.name else PUBLIC
        project = open_project(make_project(Path(root) / "project", {path: source}, options=says))
        try:
            return examine(project).problems
        except ContractError as error:
            return error.problems


def shown(problems: tuple[Problem, ...]) -> str:
    """A line a problem, as a person sees them."""
    return "".join(f"{each}\n" for each in problems)
