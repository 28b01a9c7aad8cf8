"""String formats whose grammars differ between PGV and the engine: what of the stricter one the engine's own lacks."""

from collections.abc import Iterator
from typing import Any, Final

from buf.validate import validate_pb2 as buf

_ATOMS: Final = r"this.matches(r'^[^.@]+(\.[^.@]+)*@') && this.matches('^[^@]{1,64}@') && this.size() <= 254"
_HEX: Final = "[0-9a-f]{1,4}"
_MAPPED: Final = rf"this.matches(r'(?i)^([0:]*::[0:]*ffff:({_HEX}:{_HEX}|[0-9]+\.[0-9.]+)|(0{{1,4}}:){{5}}ffff:.*)$')"
"""An IPv4 address in IPv6's notation, `::ffff:1.2.3.4`: PGV takes it for IPv4."""
_NOT_GO: Final = r"this.matches(r'^([^/?#:]*:)?//([^/?#]*@)?([^/?#@]*%([013-7]|2[^5])[^/?#@]*([/?#]|$)|\[[vV])')"
"""A host that Go's parser of URLs refuses: with an escaped ASCII character, or an IP literal of the future."""
_HEADER: Final = r"this.matches(r'^[^\x00\n\r]*$')"

FURTHER: Final = {
    "email": _ATOMS,
    "ip": "!this.contains('%')",
    "ipv6": f"!this.contains('%') && !{_MAPPED}",
    "address": "!this.contains('%')",
    "uri": f"!{_NOT_GO}",
    "uri_ref": f"!{_NOT_GO}",
}
"""By PGV rule: what must hold besides the engine's own rule of that name."""

FORMATS: Final = {
    "email": ("this.isEmail()", "must be a valid email address"),
    "hostname": ("this.isHostname()", "must be a valid hostname"),
    "ip": ("this.isIp()", "must be a valid IP address"),
    "ipv4": ("this.isIp(4)", "must be a valid IPv4 address"),
    "ipv6": ("this.isIp(6)", "must be a valid IPv6 address"),
    "uri": ("this.isUri()", "must be a valid URI"),
    "uri_ref": ("this.isUriRef()", "must be a valid URI reference"),
    "address": ("this.isHostname() || this.isIp()", "must be a valid hostname, or ip address"),
    "uuid": ("this.matches('^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$')", "must be a valid UUID"),
}
"""By rule: the engine's own test, and what it says."""

HEADER_NAME, HEADER_VALUE = buf.KNOWN_REGEX_HTTP_HEADER_NAME, buf.KNOWN_REGEX_HTTP_HEADER_VALUE
_STRICT_HEADERS: Final = {
    HEADER_NAME: r"this.matches(r'^:?[0-9a-zA-Z!#$%&\x27*+-.^_|~\x60]+$')",
    HEADER_VALUE: r"this.matches(r'^[^\x00-\x08\x0A-\x1F\x7F]*$')",
}


def further(typed: Any) -> Iterator[buf.Rule]:
    """What PGV's grammar asks beyond the engine's, for a value that the engine's own rule accepts."""
    name = typed.WhichOneof("well_known")
    if name in FURTHER and getattr(typed, name):
        test, message = FORMATS[name]
        yield buf.Rule(id=f"string.{name}", message=message, expression=f"!({test}) || ({FURTHER[name]})")


def header(typed: buf.StringRules) -> str:
    """The test of a well_known_regex, as PGV has it: without `strict`, a name may hold anything that a value may."""
    strict = not typed.HasField("strict") or typed.strict
    return _STRICT_HEADERS.get(typed.well_known_regex, "true") if strict else _HEADER
