"""Metadata blocks: rows of key length u16, value length u32, key, value; values of `-bin` keys are raw bytes."""

from struct import Struct, error
from typing import Final

from protolith.engines.host.decoder import ProtocolViolation
from protolith.metadata import MetadataPairs, MetadataValue

_ROW: Final = Struct(">HI")


def pack(pairs: MetadataPairs) -> bytes:
    """The block for `pairs`, in their order; empty for none."""
    parts: list[bytes] = []
    for key, value in pairs:
        name = key.encode()
        raw = value.encode() if isinstance(value, str) else value
        parts += (_ROW.pack(len(name), len(raw)), name, raw)
    return b"".join(parts)


def unpack(block: bytes) -> MetadataPairs:
    """The rows of `block`; raises ProtocolViolation when they do not fill it exactly."""
    pairs: list[tuple[str, MetadataValue]] = []
    start = 0
    while start < len(block):
        key, value, start = _row(block, start)
        pairs.append((key, value if key.endswith("-bin") else value.decode(errors="replace")))
    return tuple(pairs)


def _row(block: bytes, start: int) -> tuple[str, bytes, int]:
    """The row at `start` and where the next one begins."""
    try:
        key_size, value_size = _ROW.unpack_from(block, start)
    except error:
        raise ProtocolViolation("metadata ends inside a row") from None
    begin = start + _ROW.size
    middle = begin + key_size
    end = middle + value_size
    if end > len(block):
        raise ProtocolViolation("metadata ends inside a row")
    return block[begin:middle].decode(errors="replace"), block[middle:end], end
