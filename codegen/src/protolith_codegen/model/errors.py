"""Errors that a package declares: values of its error enums, with every name that generated code gives them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

from google.rpc.code_pb2 import Code
from protolith.v1.error_pb2 import ErrorOptions

from protolith_codegen.model.message import Enum, EnumValue
from protolith_codegen.model.names import camel_case, python_name, without_prefix
from protolith_codegen.model.options import Said
from protolith_codegen.source import Origin

RESERVED: Final = frozenset({"self", "args", "add_note", "with_traceback", "code", "message", "details", "received"})
"""What placeholders cannot be called: each error has it already."""


@dataclass(frozen=True, slots=True)
class Error:
    """One error. `said` is its option; where it has none, its code is OK and its message empty."""

    enum: str
    value: str
    domain: str
    said: Said | None
    origin: Origin
    code: str
    message: str

    @property
    def reason(self) -> str:
        """Its name in options and on the wire: without the enum's prefix."""
        return without_prefix(self.value, self.enum)

    @property
    def class_name(self) -> str:
        """`NICKNAME_TAKEN` -> `NicknameTaken`, `2FA_MISSING` -> `_2faMissing`."""
        name = camel_case(self.reason)
        return f"_{name}" if name[:1].isdigit() or name == "DeclaredError" else python_name(name)

    @property
    def number(self) -> int:
        """Its code's number, as google.rpc.Status carries it."""
        number: int = Code.Value(self.code)
        return number

    @property
    def code_class(self) -> str:
        """The runtime's class of its code, such as AlreadyExists."""
        return camel_case(self.code)

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What its message takes, each once, in order. Nothing where the message is no format at all."""
        try:
            return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(self.message) if name is not None))
        except ValueError:
            return ()

    @property
    def parameters(self) -> str:
        """What its constructor takes, behind self."""
        return ", *, " + ", ".join(f"{each}: str" for each in self.placeholders) if self.placeholders else ""

    @property
    def arguments(self) -> str:
        """What its constructor hands on."""
        return ", ".join(f"{each}={each}" for each in self.placeholders)

    @property
    def docstring(self) -> str:
        """The contract's comment, and what a caller gets."""
        return "\n\n".join(filter(None, (self.origin.comment, f"{self.code}: {self.message}")))


def read_errors(enums: Iterable[Enum]) -> Mapping[str, tuple[Error, ...]]:
    """The errors of each package: the values of its error enums, but for a zero that says nothing."""
    found: defaultdict[str, tuple[Error, ...]] = defaultdict(tuple)
    for enum in enums:
        if any(value.error for value in enum.values):
            found[enum.package] += tuple(_error(enum, value) for value in enum.values if value.error or value.number)
    return found


def _error(enum: Enum, value: EnumValue) -> Error:
    options: Any = value.error.options if value.error else ErrorOptions()
    name = enum.full_name.rpartition(".")[2]
    code = Code.Name(options.code) if options.code in Code.values() else "OK"
    return Error(name, value.name, enum.package, value.error, value.origin, code, options.message)
