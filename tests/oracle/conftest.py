"""The oracle's contract in both worlds: PGV's Go, and messages with translated rules."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import descriptor_pool, message_factory
from protolith_codegen.load import Image, load
from protolith_codegen.project import open_project
from protolith_codegen.translate import translate

from tests.oracle.cases import CASES, contracts
from tests.oracle.oracle import Oracle, running
from tests.support.project import make_project


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """PGV's own Go output."""
    with running(contracts()) as program:
        yield program


class Ours:
    """Message classes by file and number: with exact rules, and with those that only have the same names."""

    def __init__(self, image: Image, readable: Image) -> None:
        self.exact, self.plain = _classes(image), _classes(readable)


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Ours:
    """The contract, translated."""
    project = make_project(tmp_path_factory.mktemp("oracle") / "project", contracts())
    translated = translate(load(open_project(project)))
    assert translated.problems == ()
    return Ours(translated.image, translated.readable)


def _classes(image: Image) -> dict[str, list[Any]]:
    pool = descriptor_pool.DescriptorPool()
    for file in image.files.file:
        pool.AddSerializedFile(file.SerializeToString())
    return {
        name: [_class(pool, f"oracle.{name}.M{index}") for index in range(len(cases))] for name, cases in CASES.items()
    }


def _class(pool: descriptor_pool.DescriptorPool, name: str) -> Any:
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
