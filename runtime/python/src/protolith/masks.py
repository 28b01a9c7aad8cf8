"""Update masks (AIP-134): which fields of a message an update changes, and to what."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from protolith.fields import invalid_field


def masked_changes(resource: Message, mask: FieldMask, mutable: tuple[str, ...]) -> dict[str, Any]:
    """The new value of each mutable field that changes, by field name.

    A mask names them, `*` names all; without a mask those that are not empty change. Known fields that are not
    mutable are left out (AIP-203: output only); an unknown one is an INVALID_ARGUMENT that names it.
    """
    names = _paths(resource, mask) if mask.paths else [field.name for field, _ in resource.ListFields()]
    return {name: getattr(resource, name) for name in mutable if name in names or "*" in names}


def _paths(resource: Message, mask: FieldMask) -> list[str]:
    known = resource.DESCRIPTOR.fields_by_name
    unknown = sorted(path for path in mask.paths if path != "*" and path.partition(".")[0] not in known)
    if unknown:
        raise invalid_field("update_mask", f"{', '.join(unknown)}: {resource.DESCRIPTOR.name} has no such field")
    return list(mask.paths)
