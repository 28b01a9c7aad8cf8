"""Services and their rpcs, with every name that generated code gives them."""

from dataclasses import dataclass
from enum import Enum

from protolith.v1.service_pb2 import Use

from protolith_codegen.model.errors import Error
from protolith_codegen.model.http import Binding
from protolith_codegen.model.names import constant_case, go_camel_case, python_name, room, snake_case
from protolith_codegen.model.options import RpcOptions, Said
from protolith_codegen.source import Origin


class Idempotency(Enum):
    """protobuf's idempotency_level, named as the Python runtime names it."""

    UNKNOWN = 0
    NO_SIDE_EFFECTS = 1
    IDEMPOTENT = 2


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message as generated Python reaches it: `alias` is its module, as the services' modules import it."""

    full_name: str
    module: str
    alias: str
    local_name: str

    @property
    def python(self) -> str:
        """Expression for the class in generated modules, such as `user_pb2.User`."""
        return f"{self.alias}.{self.local_name}"


@dataclass(frozen=True, slots=True)
class Method:
    """One rpc. `constant` is its entry in the dispatch table, `attribute` the handler's method.

    `errors` are those that it lists; None where its package declares none at all.
    """

    name: str
    full_name: str
    service_constant: str
    request: MessageRef
    response: MessageRef
    client_streaming: bool
    server_streaming: bool
    idempotency: Idempotency
    bindings: tuple[Binding, ...]
    deprecated: bool
    options: RpcOptions
    origin: Origin
    errors: tuple[Error, ...] | None = None

    @property
    def attribute(self) -> str:
        return python_name(snake_case(self.name))

    @property
    def constant(self) -> str:
        return f"{self.service_constant}_{constant_case(self.name)}"

    @property
    def public(self) -> bool:
        """Whether the edge serves it: whether it has a REST route and is not for services only."""
        return bool(self.bindings) and self.options.access != "internal"

    @property
    def definition(self) -> str:
        """How base and client begin it: an answer stream is a plain def that returns the iterator."""
        return "def" if self.server_streaming else "async def"

    @property
    def client_return(self) -> str:
        """How a client answers: it waits for one answer, and hands a stream on."""
        return "return" if self.server_streaming else "return await"

    @property
    def docstring(self) -> str:
        """The contract's comment, or else what it is, and the errors."""
        words = self.origin.comment or f"{self.full_name}."
        names = ", ".join(error.class_name for error in self.errors or ())
        return f"{words}\n\nErrors: {names}." if names else words

    @property
    def request_parameter(self) -> str:
        """Name of the parameter that carries the request or the stream of them."""
        return "requests" if self.client_streaming else "request"

    @property
    def request_annotation(self) -> str:
        """Type of what a handler receives."""
        return f"AsyncIterator[{self.request.python}]" if self.client_streaming else self.request.python

    @property
    def client_annotation(self) -> str:
        """Type of what a client takes."""
        return f"AsyncIterable[{self.request.python}]" if self.client_streaming else self.request.python

    @property
    def response_annotation(self) -> str:
        """Type of what a handler answers and a client gives."""
        return f"AsyncIterator[{self.response.python}]" if self.server_streaming else self.response.python

    @property
    def channel_call(self) -> str:
        """The channel's method for this kind of rpc."""
        words = {False: "unary", True: "stream"}
        return f"{words[self.client_streaming]}_{words[self.server_streaming]}"

    @property
    def extra_arguments(self) -> str:
        """What its dispatch entry says beyond names and messages, as the end of a Python argument list."""
        said = {
            "client_streaming=True": self.client_streaming,
            "server_streaming=True": self.server_streaming,
            f"idempotency=Idempotency.{self.idempotency.name}": self.idempotency is not Idempotency.UNKNOWN,
            f"errors={self._error_classes}": self.errors is not None,
        }
        return "".join(f", {argument}" for argument, holds in said.items() if holds)

    @property
    def _error_classes(self) -> str:
        """Its errors as a Python tuple."""
        names = [f"errors.{each.class_name}" for each in self.errors or ()]
        return f"({', '.join(names)}{',' if len(names) == 1 else ''})"

    @property
    def go_fields(self) -> str:
        """Its entry in the host's table, as the inside of a Go literal."""
        said = {
            "Public: true": self.public,
            "ClientStreaming: true": self.client_streaming,
            "ServerStreaming: true": self.server_streaming,
            "Idempotency: host.NoSideEffects": self.idempotency is Idempotency.NO_SIDE_EFFECTS,
            "Idempotency: host.Idempotent": self.idempotency is Idempotency.IDEMPOTENT,
        }
        return ", ".join((f'Name: "{self.name}"', *(each for each, holds in said.items() if holds)))


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `go_alias` is its Go package's name in the host's table, told apart from all others.

    `options` are those that the contract gives it, if any.
    """

    name: str
    package: str
    go_alias: str
    methods: tuple[Method, ...]
    deprecated: bool
    options: Said | None
    origin: Origin

    @property
    def room(self) -> str:
        """Folder of its handlers under handlers/, and name of its backend."""
        return room(self.package)

    @property
    def go_name(self) -> str:
        """Its name in Go."""
        return go_camel_case(self.name)

    @property
    def full_name(self) -> str:
        return f"{self.package}.{self.name}"

    @property
    def uses(self) -> tuple[Use, ...]:
        """The services that it says it calls."""
        return tuple(self.options.options.uses) if self.options else ()

    @property
    def consumes(self) -> tuple[str, ...]:
        """The events that it says it receives, as the contract writes them."""
        return tuple(self.options.options.consumes) if self.options else ()

    @property
    def constant(self) -> str:
        return constant_case(self.name)

    @property
    def base_class(self) -> str:
        return f"{self.name}Base"

    @property
    def client_class(self) -> str:
        return f"{self.name}Client"

    @property
    def public(self) -> bool:
        """Whether any of its rpcs is."""
        return any(method.public for method in self.methods)

    @property
    def docstring(self) -> str:
        """The contract's comment, or else what it is."""
        return self.origin.comment or f"{self.full_name}."
