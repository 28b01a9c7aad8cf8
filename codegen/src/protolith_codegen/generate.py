"""All of generating in order: load, check, translate, generate, render, write. Handlers come after, elsewhere."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from protolith_codegen.buf_generate import buf_generate
from protolith_codegen.examine import examine
from protolith_codegen.formatting import format_go, format_python
from protolith_codegen.load import ANNOTATIONS, Image, read_image
from protolith_codegen.model import Contract, build
from protolith_codegen.openapi import openapi_json
from protolith_codegen.problems import ContractError
from protolith_codegen.project import Project
from protolith_codegen.render import render_all
from protolith_codegen.steps import Steps
from protolith_codegen.write import read_tree

IMAGE = "image.binpb"


def generate(project: Project, steps: Steps) -> tuple[dict[str, bytes], Contract]:
    """The generated folder as it must be (bytes by path), and the contract. Writes nothing into the project."""
    with steps.step("read contracts"):
        found = examine(project)
        if found.problems:
            raise ContractError(found.problems)
    with _scratch() as folder:
        with steps.step("generate messages and stubs"):
            buf_generate(found.translated.image, project, folder)
        with steps.step("render"):
            _render(found.contract, project, folder)
            (folder / IMAGE).write_bytes(_source_image(found.image))
        return read_tree(folder), found.contract


def contract_of(project: Project) -> Contract:
    """The contract as last generated, without comments and positions: enough to look at handlers."""
    image = read_image((project.generated / IMAGE).read_bytes())
    own = frozenset(
        file.name
        for file in image.files.file
        if file.package != ANNOTATIONS and (project.contracts / file.name).is_file()
    )
    return build(image.files, own, project.settings.selectors)


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="protolith-") as name:
        yield Path(name)


def _render(contract: Contract, project: Project, folder: Path) -> None:
    written = []
    for name, text in render_all(contract, project.settings).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    format_python(folder, [path for path in written if path.suffix == ".py"])
    format_go(folder, [path for path in written if path.suffix == ".go"])
    (folder / "openapi").mkdir()
    (folder / "openapi" / "openapi.json").write_text(openapi_json(contract, project.settings), encoding="utf-8")


def _source_image(image: Image) -> bytes:
    """The contracts as written, for reflection: no positions, none of buf's own remarks."""
    files = FileDescriptorSet()
    for file in image.files.file:
        kept = files.file.add()
        for field, value in file.ListFields():
            if field.is_repeated:
                getattr(kept, field.name).MergeFrom(value)
            elif field.message_type is None:
                setattr(kept, field.name, value)
            elif field.name != "source_code_info":
                getattr(kept, field.name).CopyFrom(value)
    return files.SerializeToString(deterministic=True)
