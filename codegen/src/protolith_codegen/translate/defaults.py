"""What PGV says of a field of proto2 or an edition that is not set: it looks at the default, the engine looks away."""

from typing import Any

from buf.validate import validate_pb2 as buf
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import (
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from protovalidate import Validator

_BUF_VALIDATE = buf.DESCRIPTOR.name


def default_is_refused(field: FieldDescriptorProto, rules: buf.FieldRules, enum: EnumDescriptorProto | None) -> bool:
    """Whether a scalar field's default breaks translated rules: then the field must be set."""
    message = _alone(field, rules, enum)
    only = message.DESCRIPTOR.fields[0]
    setattr(message, only.name, only.default_value)
    return bool(Validator().collect_violations(message))


def _alone(field: FieldDescriptorProto, rules: buf.FieldRules, enum: EnumDescriptorProto | None) -> Any:
    """An empty message with this one field and these rules."""
    file = FileDescriptorProto(name="alone.proto", package="alone", syntax="proto2", dependency=[_BUF_VALIDATE])
    copy = file.message_type.add(name="Alone").field.add()
    copy.CopyFrom(field)
    copy.ClearField("options")
    copy.ClearField("oneof_index")
    copy.ClearField("proto3_optional")
    copy.options.Extensions[buf.field].CopyFrom(rules)
    if enum is not None:
        file.enum_type.add().CopyFrom(enum)
        copy.type_name = f".alone.{enum.name}"
    pool = descriptor_pool.DescriptorPool()
    for each in (*buf.DESCRIPTOR.dependencies, buf.DESCRIPTOR):
        pool.AddSerializedFile(each.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("alone.Alone"))()
