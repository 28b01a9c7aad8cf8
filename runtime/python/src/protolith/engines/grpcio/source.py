"""The contracts as their authors wrote them, for reflection: generated messages carry translated rules as well."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool

from protolith.generated import Servicer

IMAGE = "image.binpb"
"""What the generator puts beside the folder of generated Python."""


def source_pool(servicers: Sequence[Servicer], further: Iterable[FileDescriptor]) -> DescriptorPool | None:
    """A pool of the contracts' image and of further files; None where the image was not installed."""
    image = next(filter(Path.is_file, map(_beside, servicers)), None)
    if image is None:
        return None
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(image.read_bytes()).file:
        pool.AddSerializedFile(file.SerializeToString())
    for descriptor in further:
        pool.AddSerializedFile(descriptor.serialized_pb)
    return pool


def _beside(servicer: Servicer) -> Path:
    """`generated/image.binpb` of `generated/python/a/b/v1/x_pb2.py`."""
    module = servicer.SERVICE.methods[0].request.__module__ if servicer.SERVICE.methods else ""
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None:
        return Path(IMAGE + ".missing")
    return Path(file).resolve().parents[module.count(".") + 1] / IMAGE
