"""Contracts written inside a test: proto source in, message classes and dispatch tables out, no files generated."""

import functools
import hashlib
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc_tools
from buf.validate import validate_pb2 as _validate_pb2  # noqa: F401  imported, so that rules are read as extensions
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FileDescriptor
from grpc_tools import protoc
from protolith.generated import Method, Service

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def compile(source: str) -> Any:
    """Message classes, enum values' holders and `FILE` of one proto file, as attributes of a namespace.

    `source` needs no syntax line, and must have a package of its own: everything lands in protobuf's default pool.
    It may import google/protobuf, google/api, validate, buf/validate and protolith/v1.
    """
    file = _add(
        source
        if source.startswith(("syntax =", "edition =")) or "syntax =" in source
        else f'syntax = "proto3";\n{source}'
    )
    messages = {name: message_factory.GetMessageClass(each) for name, each in file.message_types_by_name.items()}
    enums = {name: SimpleNamespace(**_values(each)) for name, each in file.enum_types_by_name.items()}
    return SimpleNamespace(FILE=file, **messages, **enums)


def service(namespace: Any, name: str) -> Service:
    """The dispatch table of one of its services, as generated code would spell it."""
    methods = namespace.FILE.services_by_name[name].methods
    return Service(f"{namespace.FILE.package}.{name}", tuple(_method(namespace, each) for each in methods))


def _method(namespace: Any, method: Any) -> Method[Any, Any]:
    return Method(
        method.containing_service.full_name,
        method.name,
        re.sub(r"(?<!^)(?=[A-Z])", "_", method.name).lower(),
        message_factory.GetMessageClass(method.input_type),
        message_factory.GetMessageClass(method.output_type),
        client_streaming=method.client_streaming,
        server_streaming=method.server_streaming,
    )


def _add(source: str) -> FileDescriptor:
    name = f"inline_{hashlib.sha256(source.encode()).hexdigest()[:16]}.proto"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(source)
        image = Path(folder, "image.binpb")
        includes = [
            folder,
            ROOT / "third_party/proto",
            ROOT / "third_party/annotations",
            Path(grpc_tools.__file__).parent / "_proto",
        ]
        arguments = [
            "protoc",
            *(f"-I{each}" for each in includes),
            f"--descriptor_set_out={image}",
            "--include_imports",
            name,
        ]
        if protoc.main(arguments) != 0:
            raise ValueError(f"protoc refuses the contract (see its message above):\n{source}")
        files = descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes()).file
    pool = descriptor_pool.Default()
    for file in files:
        if not _known(pool, file.name):
            pool.AddSerializedFile(file.SerializeToString())
    return pool.FindFileByName(name)


def _known(pool: descriptor_pool.DescriptorPool, name: str) -> bool:
    try:
        pool.FindFileByName(name)
    except KeyError:
        return False
    return True


def _values(enum: Any) -> dict[str, int]:
    return {value.name: value.number for value in enum.values}
