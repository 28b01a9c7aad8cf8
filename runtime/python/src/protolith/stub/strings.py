"""Candidates for a string field: what its rules spell out, readable text from its name, samples of its pattern."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from uuid_utils import uuid7

from protolith.stub.pattern import samples
from protolith.stub.slot import Slot

# Each makes the n-th example of a format, at least `size` characters long where the format allows.
_FORMATS: Final[dict[str, Callable[[int, int], str]]] = {
    "uuid": lambda n, size: str(uuid7()),
    "tuuid": lambda n, size: uuid7().hex,
    "ulid": lambda n, size: f"01ARZ3NDEKTSV4RRFFQ69G5F{n:02d}",
    "email": lambda n, size: f"{'user'.ljust(size - 12 - len(str(n)), 'r')}{n}@example.com",
    "hostname": lambda n, size: f"host{n}.example.com",
    "address": lambda n, size: f"host{n}.example.com",
    "host_and_port": lambda n, size: f"host{n}.example.com:443",
    "uri": lambda n, size: f"https://example.com/{n}".ljust(size, "0"),
    "uri_ref": lambda n, size: f"/example/{n}".ljust(size, "0"),
    "ip": lambda n, size: f"192.0.2.{n}",
    "ipv4": lambda n, size: f"192.0.2.{n}",
    "ipv6": lambda n, size: f"2001:db8::{n:x}",
    "ip_with_prefixlen": lambda n, size: f"192.0.2.{n}/24",
    "ipv4_with_prefixlen": lambda n, size: f"192.0.2.{n}/24",
    "ipv6_with_prefixlen": lambda n, size: f"2001:db8::{n:x}/64",
    "ip_prefix": lambda n, size: f"198.51.{n}.0/24",
    "ipv4_prefix": lambda n, size: f"198.51.{n}.0/24",
    "ipv6_prefix": lambda n, size: f"2001:db8:{n:x}::/48",
    "protobuf_fqn": lambda n, size: f"example.v1.Message{n}".ljust(size, "0"),
    "protobuf_dot_fqn": lambda n, size: f".example.v1.Message{n}".ljust(size, "0"),
    "well_known_regex": lambda n, size: f"x-example-{n}".ljust(size, "0"),
}
_NO_LIMIT: Final = 1 << 32


def string_candidates(slot: Slot) -> Iterator[str]:
    """In the order of preference; the caller takes the first that the rules accept."""
    yield from slot.stated()
    rules, ordinal = slot.typed, slot.ordinal
    if rules is None:
        yield _example(slot)
        return
    least, most = _lengths(rules)
    known = rules.WhichOneof("well_known")
    if known:
        for number in range(ordinal + 1, ordinal + 4):
            text = _FORMATS[known](number, least)
            yield text
            yield from _framed(rules, text, least, most)
    for body in (_example(slot), _numbered("example", ordinal), _numbered("x", ordinal), str(ordinal + 1)):
        yield from _framed(rules, body, least, most)
    if rules.pattern:
        for sample in samples(rules.pattern, f"{slot.name}/{ordinal}", least):
            yield sample
            yield from _framed(rules, sample, least, most)


def _example(slot: Slot) -> str:
    """What a reader expects of a field of this name."""
    name, number = slot.name, slot.ordinal + 1
    if name == "next_page_token":
        return ""  # the last page: a caller that follows tokens must come to an end
    if name.endswith("email"):
        return _FORMATS["email"](number, 0)
    if name.endswith(("url", "uri")):
        return _FORMATS["uri"](number, 0)
    return _numbered(name, slot.ordinal)


def _numbered(text: str, ordinal: int) -> str:
    return f"{text}{ordinal + 1}" if ordinal else text


def _lengths(rules: Any) -> tuple[int, int]:
    """Fewest and most characters; limits in bytes are taken as characters, which ASCII text makes true."""
    if rules.HasField("len") or rules.HasField("len_bytes"):
        exact = rules.len or rules.len_bytes
        return exact, exact
    most = [limit for name in ("max_len", "max_bytes") if rules.HasField(name) for limit in [getattr(rules, name)]]
    return max(rules.min_len, rules.min_bytes), min(most, default=_NO_LIMIT)


def _framed(rules: Any, body: str, least: int, most: int) -> Iterator[str]:
    """The body with prefix, contained text and suffix, fitted to the lengths; then the frame without a body."""
    before, after = rules.prefix, rules.contains + rules.suffix
    frame = len(before) + len(after)
    yield before + fit(body, max(0, least - frame), max(0, most - frame)) + after
    if frame:
        for bare in (rules.prefix + rules.suffix, rules.prefix, rules.suffix, rules.contains):
            yield fit(bare, 0, most) if least <= len(bare) else bare + fit(body, least - len(bare), _NO_LIMIT)


def fit(text: str, least: int, most: int) -> str:
    """The text repeated or cut to a length within the limits; a number at its end survives a cut."""
    if len(text) > most:
        digits = text[len(text.rstrip("0123456789")) :]
        return (text[: max(0, most - len(digits))] + digits)[:most] if len(digits) < most else text[len(text) - most :]
    repeated = (text or "x") + "_" + (text or "x")
    while len(text) < least:
        text = (text + "_" + repeated)[: max(least, 1)]
    return text
