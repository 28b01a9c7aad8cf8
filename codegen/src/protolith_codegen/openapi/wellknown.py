"""Well-known types, as proto3 JSON writes them."""

from typing import Any, Final

Schema = dict[str, Any]

DURATION_PATTERN: Final = r"^-?\d{1,12}(\.\d{1,9})?s$"

SCALARS: Final[dict[str, Schema]] = {
    "double": {"type": "number", "format": "double"},
    "float": {"type": "number", "format": "float"},
    "int32": {"type": "integer", "format": "int32"},
    "sint32": {"type": "integer", "format": "int32"},
    "sfixed32": {"type": "integer", "format": "int32"},
    "uint32": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 2**32 - 1},
    "fixed32": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 2**32 - 1},
    "int64": {"type": "string", "format": "int64"},
    "sint64": {"type": "string", "format": "int64"},
    "sfixed64": {"type": "string", "format": "int64"},
    "uint64": {"type": "string", "format": "uint64"},
    "fixed64": {"type": "string", "format": "uint64"},
    "bool": {"type": "boolean"},
    "string": {"type": "string"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
}
"""Plain values. 64-bit integers are strings in proto3 JSON."""

INLINE: Final[dict[str, Schema]] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": DURATION_PATTERN},
    "google.protobuf.FieldMask": {"type": "string"},
    "google.protobuf.DoubleValue": SCALARS["double"],
    "google.protobuf.FloatValue": SCALARS["float"],
    "google.protobuf.Int32Value": SCALARS["int32"],
    "google.protobuf.UInt32Value": SCALARS["uint32"],
    "google.protobuf.Int64Value": SCALARS["int64"],
    "google.protobuf.UInt64Value": SCALARS["uint64"],
    "google.protobuf.BoolValue": SCALARS["bool"],
    "google.protobuf.StringValue": SCALARS["string"],
    "google.protobuf.BytesValue": SCALARS["bytes"],
}
"""Messages that JSON writes as a plain value; query parameters take these too."""

COMPONENTS: Final[dict[str, Schema]] = {
    "google.protobuf.Any": {
        "type": "object",
        "description": "A message of any type: its fields, and the type's name in `@type`.",
        "properties": {"@type": {"type": "string"}},
        "additionalProperties": True,
    },
    "google.protobuf.Empty": {"type": "object", "description": "Nothing."},
    "google.protobuf.Struct": {"type": "object", "description": "Any JSON object.", "additionalProperties": True},
    "google.protobuf.Value": {"description": "Any JSON value."},
    "google.protobuf.ListValue": {"type": "array", "description": "Any JSON array.", "items": {}},
}
"""Messages that JSON writes in a way of their own, as components."""

NULL_VALUE: Final = "google.protobuf.NullValue"
HTTP_BODY: Final = "google.api.HttpBody"
