"""Contracts of one file, as the generator's own steps see them: image, model, problems."""

import tempfile
from pathlib import Path

from protolith_codegen.load import Image, load
from protolith_codegen.model import Contract, build
from protolith_codegen.project import open_project
from protolith_codegen.rules import check
from protolith_codegen.translate import translate

from tests.support.project import make_project


def image(source: str | dict[str, str], path: str = "test/v1/test.proto") -> Image:
    """The image of a contract (or of several by path)."""
    contracts = source if isinstance(source, dict) else {path: source}
    with tempfile.TemporaryDirectory() as folder:
        return load(open_project(make_project(Path(folder) / "project", contracts)))


def model(source: str | dict[str, str]) -> Contract:
    """The model of a contract, PGV's rules translated."""
    translated = translate(image(source)).readable
    return build(translated.files, translated.own)


def problems(source: str | dict[str, str]) -> list[str]:
    """What translating and checking find, as lines."""
    translated = translate(image(source))
    contract = build(translated.readable.files, translated.readable.own)
    return [str(each) for each in sorted((*translated.problems, *check(contract)))]
