"""Errors that a contract declares: generated classes that handlers raise and clients raise again."""

from string import Formatter
from typing import ClassVar, Final, TypeAlias

from google.rpc import error_details_pb2

from protolith.codes import Code
from protolith.errors import RpcError

_VALUE_CHARS: Final = 500


class DeclaredError(RpcError):
    """Base of the generated errors, each of which is also the class of its code, such as AlreadyExists.

    The caller gets the code, the message with its placeholders filled in, and a google.rpc.ErrorInfo with domain,
    reason and the placeholders' values as metadata, each of at most 500 characters. The values are attributes too.
    """

    DOMAIN: ClassVar[str]
    """The proto package, such as `messenger.user.v1`."""
    REASON: ClassVar[str]
    """The name in the contract without its enum's prefix, such as `NICKNAME_TAKEN`."""
    TEMPLATE: ClassVar[str]
    """The message in str.format's notation, such as `the nickname {nickname} is taken`."""

    def __init__(self, **metadata: str) -> None:
        told = {name: _short(value) for name, value in metadata.items()}
        info = error_details_pb2.ErrorInfo(reason=self.REASON, domain=self.DOMAIN, metadata=told)
        super().__init__(self.TEMPLATE.format_map(told), (info,))
        self.__dict__.update(metadata)


def _short(value: str) -> str:
    """An error travels in metadata, of which gRPC clients take 8 KiB: a long value must not cost the whole error."""
    return value if len(value) <= _VALUE_CHARS else value[: _VALUE_CHARS - 1] + "…"


Declared: TypeAlias = tuple[type[DeclaredError], ...]

_OWN_ANSWERS: Final = frozenset(
    {Code.INVALID_ARGUMENT, Code.RESOURCE_EXHAUSTED, Code.DEADLINE_EXCEEDED, Code.CANCELLED, Code.UNAVAILABLE}
)
"""What decoding, rules, sizes, deadlines, cancellation and overload answer; no rpc needs to list them."""

_ABOUT_THE_REQUEST: Final = frozenset({Code.INVALID_ARGUMENT, Code.RESOURCE_EXHAUSTED})
"""Said by another service they are about the request that the handler made, not about the one that it got."""


def is_declared(error: Exception, errors: Declared | None) -> bool:
    """Whether an rpc that lists `errors` may answer with this one; None: its package declares none at all."""
    if not isinstance(error, RpcError):
        return False
    if isinstance(error, DeclaredError):
        return isinstance(error, errors or ())
    if errors is None:
        return True
    return error.code in _OWN_ANSWERS and not (error.received and error.code in _ABOUT_THE_REQUEST)


def received(error: RpcError, errors: Declared | None) -> RpcError:
    """What a client raises for an error from the wire: the class that the rpc lists for it, else `error` itself."""
    error.received = True
    for detail in error.details:
        if isinstance(detail, error_details_pb2.ErrorInfo):
            for kind in errors or ():
                if (kind.REASON, kind.DOMAIN, kind.code) == (detail.reason, detail.domain, error.code):
                    return _again(kind, error, detail)
    return error


def _again(kind: type[DeclaredError], error: RpcError, info: error_details_pb2.ErrorInfo) -> DeclaredError:
    """The typed error, with message and details as its server sent them; a value that it left out is empty."""
    made = kind(**{name: info.metadata.get(name, "") for name in _placeholders(kind.TEMPLATE)})
    made.message, made.details, made.received = error.message, error.details, True
    return made


def _placeholders(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]
