"""The contract as frozen values: built once from descriptors, read by everything else. No I/O, no templates."""

from protolith_codegen.model.build import build
from protolith_codegen.model.contract import Contract, Package
from protolith_codegen.model.errors import Error
from protolith_codegen.model.http import Binding
from protolith_codegen.model.message import Enum, EnumValue, Field, Kind, Message, Oneof
from protolith_codegen.model.service import Idempotency, MessageRef, Method, Service

__all__ = [
    "Binding",
    "Contract",
    "Enum",
    "EnumValue",
    "Error",
    "Field",
    "Idempotency",
    "Kind",
    "Message",
    "MessageRef",
    "Method",
    "Oneof",
    "Package",
    "Service",
    "build",
]
