"""The one contract between generated code and the runtime: generated modules import from here and nowhere else."""

from abc import ABC
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from google.protobuf.message import Message

from protolith import errors as rpc_errors
from protolith.context import Context
from protolith.declared import DeclaredError
from protolith.metadata import Metadata, MetadataLike, MetadataValue

__all__ = [
    "API",
    "Channel",
    "Client",
    "Context",
    "DeclaredError",
    "Idempotency",
    "Metadata",
    "MetadataLike",
    "MetadataValue",
    "Method",
    "Service",
    "Servicer",
    "require_api",
    "rpc_errors",
]

API: Final = 1
"""Version of this module's contract; generated code calls require_api with the version it was made for."""

Req = TypeVar("Req", bound=Message)
Resp = TypeVar("Resp", bound=Message)


def require_api(version: int) -> None:
    """Refuse generated code that was made for another version of the runtime, saying which side is newer."""
    if version > API:
        raise ImportError(
            f"the generated code is newer (API {version}) than the runtime (API {API}): upgrade protolith"
        )
    if version < API:
        raise ImportError(f"the runtime is newer (API {API}) than the generated code (API {version}): run `make gen`")


class Idempotency(Enum):
    """protobuf's `idempotency_level`: whether repeating a call is harmless."""

    UNKNOWN = 0
    NO_SIDE_EFFECTS = 1
    IDEMPOTENT = 2


@dataclass(frozen=True, slots=True)
class Method(Generic[Req, Resp]):
    """One rpc: its full service name, its own name, the servicer's attribute, its messages and its kind.

    `errors` are those that it may answer; None where its package declares none at all, so that any may pass.
    """

    service: str
    name: str
    attribute: str
    request: type[Req]
    response: type[Resp]
    client_streaming: bool = False
    server_streaming: bool = False
    idempotency: Idempotency = Idempotency.UNKNOWN
    errors: tuple[type[DeclaredError], ...] | None = None
    path: str = field(init=False)
    """`/package.Service/Method`, as on the wire."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", f"/{self.service}/{self.name}")


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its full name and its rpcs in the contract's order."""

    name: str
    methods: tuple[Method[Any, Any], ...]


class Servicer(ABC):
    """Base of generated servicers. Handwritten handlers subclass the generated class, never this one."""

    SERVICE: ClassVar[Service]


class Channel(Protocol):
    """Carries calls to one service. Failures are raised as protolith.errors.RpcError.

    `timeout` is in seconds; the call never outlives the deadline of the handler that makes it.
    Streams of responses end the call when they are closed (`aclose`) or dropped.
    """

    async def unary_unary(
        self,
        method: Method[Req, Resp],
        request: Req,
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> Resp: ...

    def unary_stream(
        self,
        method: Method[Req, Resp],
        request: Req,
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> AsyncIterator[Resp]: ...

    async def stream_unary(
        self,
        method: Method[Req, Resp],
        requests: AsyncIterable[Req],
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> Resp: ...

    def stream_stream(
        self,
        method: Method[Req, Resp],
        requests: AsyncIterable[Req],
        *,
        timeout: float | None = None,
        metadata: MetadataLike | None = None,
    ) -> AsyncIterator[Resp]: ...

    async def close(self) -> None: ...


class Client:
    """Base of generated clients. A generated client sets SERVICE, as its servicer does, and calls `self._channel`."""

    SERVICE: ClassVar[Service]

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
