"""The contract's rules on google.protobuf messages, as the peers check them: one validator, all violations."""

from google.protobuf.message import Message
from protovalidate import Validator

_collect = Validator().collect_violations


def broken(message: Message) -> str:
    """Every broken rule as `field: text`, or nothing."""
    found = _collect(message)
    if not found:
        return ""
    return "; ".join(f"{each.proto.field.elements[0].field_name}: {each.proto.message}" for each in found)
