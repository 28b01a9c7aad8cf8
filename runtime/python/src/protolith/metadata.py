"""Metadata of a call: lower-case keys, several values a key; values of `-bin` keys are bytes, others ASCII."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, overload

MetadataValue: TypeAlias = str | bytes
MetadataPairs: TypeAlias = tuple[tuple[str, MetadataValue], ...]

_KEY: Final = re.compile(r"[0-9a-z_.-]+")
_TEXT: Final = re.compile(r"[\x20-\x7e]*")
_EMPTY: Final[tuple[MetadataValue, ...]] = ()


class Metadata:
    """Immutable multi-valued metadata. Look-ups take any case; `metadata["key"]` is the first value."""

    __slots__ = ("_values", "pairs")

    pairs: MetadataPairs

    def __init__(self, pairs: Iterable[tuple[str, MetadataValue]] = ()) -> None:
        self.pairs = tuple((key.lower(), value) for key, value in pairs)
        self._values: dict[str, list[MetadataValue]] = {}
        for key, value in self.pairs:
            self._values.setdefault(key, []).append(value)

    def get_all(self, key: str) -> tuple[MetadataValue, ...]:
        """Every value of the key, in the order they were sent."""
        return tuple(self._values.get(key.lower(), _EMPTY))

    @overload
    def get(self, key: str) -> MetadataValue | None: ...
    @overload
    def get(self, key: str, default: MetadataValue) -> MetadataValue: ...
    def get(self, key: str, default: MetadataValue | None = None) -> MetadataValue | None:
        """The first value of the key."""
        values = self._values.get(key.lower())
        return values[0] if values else default

    def text(self, key: str, default: str = "") -> str:
        """The first value of a key that is not `-bin`."""
        value = self.get(key, default)
        return value if isinstance(value, str) else default

    def __getitem__(self, key: str) -> MetadataValue:
        return self._values[key.lower()][0]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self._values

    def __iter__(self) -> Iterator[tuple[str, MetadataValue]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Metadata) and other.pairs == self.pairs

    def __hash__(self) -> int:
        return hash(self.pairs)

    def __repr__(self) -> str:
        return f"Metadata({self.pairs!r})"


MetadataLike: TypeAlias = (
    Metadata | Mapping[str, MetadataValue | Sequence[MetadataValue]] | Iterable[tuple[str, MetadataValue]]
)
"""What callers may pass as metadata; a mapping's value may be a sequence of values."""


def outgoing(metadata: MetadataLike | None) -> MetadataPairs:
    """Metadata to send, as pairs with lower-case keys.

    Raises ValueError for what gRPC cannot carry: a wrong key, text that is not printable ASCII, bytes without `-bin`,
    and the `grpc-` keys, which belong to gRPC itself.
    """
    if metadata is None:
        return ()
    pairs = metadata.items() if isinstance(metadata, Mapping) else metadata
    return tuple(pair for key, value in pairs for pair in _checked(key.lower(), value))


def _checked(key: str, value: MetadataValue | Sequence[MetadataValue]) -> Iterator[tuple[str, MetadataValue]]:
    for each in (value,) if isinstance(value, str | bytes) else value:
        if not _KEY.fullmatch(key) or key.startswith("grpc-"):
            raise ValueError(f"metadata key {key!r}: use a-z 0-9 _ . - and no grpc- prefix")
        if isinstance(each, bytes) != key.endswith("-bin"):
            raise ValueError(f"metadata {key!r}: bytes go under a key that ends in -bin, and only bytes do")
        if isinstance(each, str) and not _TEXT.fullmatch(each):
            raise ValueError(f"metadata {key!r}: text is printable ASCII; put other values under a -bin key")
        yield key, each
