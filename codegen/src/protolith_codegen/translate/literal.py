"""Values of rules as CEL writes them."""

import json
import math
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

_UNSIGNED = frozenset({"uint32", "uint64", "fixed32", "fixed64"})


def literal(value: Any, kind: str) -> str:
    """One value of a rule of a kind (`int32`, `string`, …)."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return f"{value}u" if kind in _UNSIGNED else str(value)
        case float():
            return repr(value) if math.isfinite(value) else f"double('{value}')"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case bytes():
            return 'b"' + "".join(f"\\x{byte:02x}" for byte in value) + '"'
        case Duration():
            return f"duration('{_seconds(value)}s')"
        case Timestamp():
            return f"timestamp('{value.ToJsonString()}')"
    raise TypeError(f"no CEL literal for {type(value).__name__}")


def literals(values: Any, kind: str) -> str:
    """A list."""
    return f"[{', '.join(literal(each, kind) for each in values)}]"


def _seconds(value: Duration) -> str:
    text: str = value.ToJsonString()
    return text.removesuffix("s")
