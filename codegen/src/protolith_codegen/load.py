"""Contracts to descriptors: `buf build`, and its complaints as problems."""

import json
from dataclasses import dataclass
from typing import Final

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.protobuf.unknown_fields import UnknownFieldSet

from protolith_codegen.problems import ContractError, Problem, ToolError
from protolith_codegen.project import Project
from protolith_codegen.source import CONTRACTS, Position
from protolith_codegen.tools import run, venv_tool

# Importing registers the options of these files, so that descriptors parse with them.
from google.api import annotations_pb2 as _http  # noqa: F401  # isort: skip
from buf.validate import validate_pb2 as _buf_validate  # noqa: F401  # isort: skip
from protolith.v1 import error_pb2, message_pb2, method_pb2, service_pb2  # noqa: F401  # isort: skip
from validate import validate_pb2 as _pgv  # noqa: F401  # isort: skip

BUF_EXTENSION: Final = 8042
"""Field of a FileDescriptorProto where buf says, among others, whether the file is only imported."""

_IMPORT_MARK: Final = b"\xd2\xf6\x03\x02\x08\x01"
"""buf's extension with `is_import: true`, on the wire."""

ANNOTATIONS: Final = "protolith.v1"
"""The package of our own options: its Python is in the runtime, and Go has no use for it."""

CONTRACT_ERROR_EXIT: Final = 100
"""Exit code of buf when the input is at fault, not buf."""


@dataclass(frozen=True, slots=True)
class Image:
    """The contracts' files (in dependency order, imports before their users), and which are the project's own."""

    files: FileDescriptorSet
    own: frozenset[str]


def load(project: Project) -> Image:
    """Compile the contracts. Raises ContractError with everything that buf finds wrong."""
    return read_image(compile_contracts(project))


def compile_contracts(project: Project) -> bytes:
    """buf's image of the contracts. Raises ContractError with everything that buf finds wrong."""
    done = run(
        [venv_tool("buf"), "build", CONTRACTS, "-o", "-", "--error-format", "json"],
        cwd=project.root,
    )
    if done.returncode == CONTRACT_ERROR_EXIT:
        raise ContractError(buf_problems(done.stderr.decode()))
    if done.returncode != 0:
        raise ToolError(f"buf cannot read the contracts: {done.stderr.decode().strip()}")
    return done.stdout


def read_image(data: bytes) -> Image:
    """The image in buf's output."""
    files = FileDescriptorSet.FromString(data)
    for file in files.file:
        if file.package == ANNOTATIONS and not _is_import(file):
            mark_import(file)
    return Image(files, frozenset(file.name for file in files.file if not _is_import(file)))


def buf_problems(output: str) -> list[Problem]:
    """What buf prints with `--error-format json`, a line a problem. Its words are its own; so is the rule's name."""
    found = []
    for line in output.splitlines():
        try:
            each = json.loads(line)
            position = Position(each["path"], each.get("start_line", 1), each.get("start_column", 1))
            found.append(Problem(position, each["message"], each.get("type", "")))
        except (ValueError, KeyError, TypeError):
            found.append(Problem(Position("buf.yaml", 1, 1), line))
    return found


def _is_import(file: FileDescriptorProto) -> bool:
    unknown = UnknownFieldSet(file)
    marks = [unknown[index].data for index in range(len(unknown)) if unknown[index].field_number == BUF_EXTENSION]
    return any(mark.startswith(b"\x08\x01") for mark in marks)


def mark_import(file: FileDescriptorProto) -> None:
    """Tell buf that a file is only imported, so that nothing is generated for it."""
    file.MergeFromString(_IMPORT_MARK)
