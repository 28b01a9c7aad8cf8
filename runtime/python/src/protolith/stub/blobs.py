"""Candidates for bytes fields: text as for strings, and the packed forms of addresses and UUIDs."""

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any, Final

from uuid_utils import uuid7

from protolith.stub.pattern import samples
from protolith.stub.slot import Slot
from protolith.stub.strings import fit

_FORMATS: Final[dict[str, Callable[[int], bytes]]] = {
    "ip": lambda n: ip_address(f"192.0.2.{n}").packed,
    "ipv4": lambda n: ip_address(f"192.0.2.{n}").packed,
    "ipv6": lambda n: ip_address(f"2001:db8::{n:x}").packed,
    "uuid": lambda n: uuid7().bytes,
}
_NO_LIMIT: Final = 1 << 32


def bytes_candidates(slot: Slot) -> Iterator[bytes]:
    """In the order of preference; the caller takes the first that the rules accept."""
    yield from slot.stated()
    rules = slot.typed
    text = f"{slot.name}{slot.ordinal + 1 if slot.ordinal else ''}"
    if rules is None:
        yield text.encode()
        return
    known = rules.WhichOneof("well_known")
    if known:
        yield _FORMATS[known](slot.ordinal + 1)
    yield from _framed(rules, text)
    if rules.pattern:
        for sample in samples(rules.pattern, text, rules.len or rules.min_len):
            yield sample.encode()


def _framed(rules: Any, text: str) -> Iterator[bytes]:
    least = rules.len if rules.HasField("len") else rules.min_len
    most = rules.len if rules.HasField("len") else rules.max_len if rules.HasField("max_len") else _NO_LIMIT
    frame = len(rules.prefix) + len(rules.contains) + len(rules.suffix)
    body = fit(text, max(0, least - frame), max(0, most - frame)).encode()
    yield rules.prefix + body + rules.contains + rules.suffix
    for bare in (rules.prefix + rules.suffix, rules.prefix, rules.suffix, rules.contains):
        yield bare.ljust(least, b"x")
        yield bare.rjust(least, b"x")
