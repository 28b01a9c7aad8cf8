"""The HELLO of each side: JSON that agrees on protocol, limits and the tables of methods."""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from protolith.engines.host import frames
from protolith.engines.host.decoder import ProtocolViolation


@dataclass(frozen=True, slots=True)
class HostHello:
    """The host's terms: sizes in bytes, and the methods that may be called through it, by number."""

    max_message_bytes: int
    credit: int
    methods: tuple[str, ...]


def read(document: bytes) -> HostHello:
    """The host's HELLO; raises ProtocolViolation for anything but this protocol's."""
    try:
        fields: dict[str, Any] = json.loads(document)
        version = int(fields["protocol"])
    except (ValueError, KeyError, TypeError):
        raise ProtocolViolation("HELLO is not JSON with a protocol number") from None
    if version != frames.VERSION:
        older = "worker" if version > frames.VERSION else "host"
        raise ProtocolViolation(
            f"the host speaks protocol {version}, the worker {frames.VERSION}: the {older} is older, upgrade it"
        )
    try:
        sizes = int(fields["max_message_bytes"]), int(fields["credit"])
        return HostHello(*sizes, tuple(map(str, fields["methods"])))
    except (ValueError, KeyError, TypeError) as error:
        raise ProtocolViolation(f"HELLO lacks a field or has a wrong one: {error}") from None


def write(name: str, methods: Iterable[str]) -> bytes:
    """The worker's HELLO."""
    fields: dict[str, Any] = {"protocol": frames.VERSION, "name": name, "pid": os.getpid(), "methods": list(methods)}
    if debugged():
        fields["debug"] = True
    return json.dumps(fields).encode()


def debugged() -> bool:
    """Whether a debugger is attached, which may stop the process longer than a heartbeat waits."""
    return sys.gettrace() is not None or not {"pydevd", "debugpy"}.isdisjoint(sys.modules)
