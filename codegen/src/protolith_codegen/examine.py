"""The contracts loaded, translated, modelled and checked against our rules: what `gen` and `check` begin with."""

from dataclasses import dataclass, replace

from protolith_codegen.load import Image, load
from protolith_codegen.model import Contract, build
from protolith_codegen.problems import Problem
from protolith_codegen.project import Project
from protolith_codegen.rules import check
from protolith_codegen.translate.image import Translated, translate

TRANSLATION = "pgv-translation"
"""Id of what translating PGV has to say. It is no rule over the model, but it has its page and its contracts."""


@dataclass(frozen=True, slots=True)
class Examined:
    """The contracts as written, as translated, as a model, and all that is wrong with them, sorted."""

    image: Image
    translated: Translated
    contract: Contract
    problems: tuple[Problem, ...]


def examine(project: Project, compiled: Image | None = None) -> Examined:
    """Read a project's contracts, compiled already or not. Raises ContractError for what does not compile."""
    image = compiled or load(project)
    translated = translate(image)
    contract = build(translated.readable.files, translated.readable.own, project.settings.selectors)
    told = (replace(each, rule=each.rule or TRANSLATION) for each in translated.problems)
    return Examined(image, translated, contract, tuple(sorted({*told, *check(contract)})))
