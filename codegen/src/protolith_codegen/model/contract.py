"""The whole contract: packages with their services, and all messages and enums by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from protolith_codegen.model.errors import Error
from protolith_codegen.model.message import Enum, Field, Message
from protolith_codegen.model.names import room
from protolith_codegen.model.service import Idempotency, MessageRef, Method, Service
from protolith_codegen.selectors import Selector


@dataclass(frozen=True, slots=True)
class Package:
    """All files of one proto package together, services in the order of their files and of their places there."""

    name: str
    go_alias: str
    files: tuple[str, ...]
    services: tuple[Service, ...]
    errors: tuple[Error, ...]

    @property
    def folder(self) -> str:
        """Folder of its generated modules, under generated/python and generated/go."""
        return self.name.replace(".", "/")

    @property
    def room(self) -> str:
        """Folder of its handlers under handlers/, and name of its backend."""
        return room(self.name)

    @property
    def go_folder(self) -> str:
        """Folder of its Go package: that of its files."""
        return self.files[0].rpartition("/")[0]

    @property
    def methods(self) -> tuple[Method, ...]:
        return tuple(method for service in self.services for method in service.methods)

    @property
    def services_imports(self) -> tuple[str, ...]:
        """Import statements of its dispatch table, sorted."""
        names = ["Method", "Service", "require_api"] if self.methods else ["Service", "require_api"]
        if any(method.idempotency is not Idempotency.UNKNOWN for method in self.methods):
            names.append("Idempotency")
        errors = [f"from {self.name} import errors"] if any(method.errors for method in self.methods) else []
        return self._imports(_from_runtime(*names), *errors)

    @property
    def servicers_imports(self) -> tuple[str, ...]:
        """Import statements of its servicers, sorted."""
        names = ["Context", "Servicer"] if self.methods else ["Servicer"]
        return self._imports(_from_runtime(*names), f"from {self.name} import services")

    @property
    def clients_imports(self) -> tuple[str, ...]:
        """Import statements of its clients, sorted."""
        names = ["Client", "MetadataLike"] if self.methods else ["Client"]
        return self._imports(_from_runtime(*names), f"from {self.name} import services")

    def _imports(self, *statements: str) -> tuple[str, ...]:
        """The statements and those for the modules of its rpcs' messages."""
        refs = (ref for method in self.methods for ref in (method.request, method.response))
        return merge_imports((*statements, *(import_statement(ref) for ref in refs)))

    @property
    def servicer_collections(self) -> str:
        """What its servicers take from collections.abc."""
        return "AsyncIterator" if any(each.client_streaming or each.server_streaming for each in self.methods) else ""

    @property
    def client_collections(self) -> str:
        """What its clients take from collections.abc."""
        names = {
            "AsyncIterable": any(method.client_streaming for method in self.methods),
            "AsyncIterator": any(method.server_streaming for method in self.methods),
        }
        return ", ".join(name for name, used in names.items() if used)


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything that the contracts say. `messages` and `enums` hold the imported ones too, by full name.

    `selectors` are protolith.yaml's; `files` the descriptors, for rules that ask an engine.
    """

    packages: tuple[Package, ...]
    messages: Mapping[str, Message]
    enums: Mapping[str, Enum]
    selectors: tuple[Selector, ...]
    files: FileDescriptorSet = dataclass_field(repr=False, compare=False)

    @property
    def public_packages(self) -> tuple[Package, ...]:
        """Packages with a service that REST reaches."""
        return tuple(each for each in self.packages if any(service.public for service in each.services))

    @property
    def services(self) -> tuple[Service, ...]:
        """All services, sorted by full name."""
        return tuple(sorted((each for package in self.packages for each in package.services), key=_full_name))

    @property
    def methods(self) -> tuple[Method, ...]:
        """All rpcs, by service."""
        return tuple(method for service in self.services for method in service.methods)

    @property
    def own_messages(self) -> tuple[Message, ...]:
        """The messages of the contracts themselves, in no order that means anything."""
        return tuple(each for each in self.messages.values() if each.own and not each.is_map_entry)

    def find_field(self, path: str, message: str) -> Field | None:
        """The field that a dotted path names, from a message's full name on."""
        head, _, rest = path.partition(".")
        found = self.messages[message].field(head) if message in self.messages else None
        return self.find_field(rest, found.type_name) if found and rest else found

    def package(self, name: str) -> Package:
        return next(each for each in self.packages if each.name == name)


def import_statement(ref: MessageRef) -> str:
    """Python's statement that binds the module of a message to its alias."""
    parent, _, module = ref.module.rpartition(".")
    renamed = "" if ref.alias == module else f" as {ref.alias}"
    return f"from {parent} import {module}{renamed}" if parent else f"import {module}{renamed}"


def _from_runtime(*names: str) -> str:
    return f"from protolith.generated import {', '.join(sorted(names, key=_name_key))}"


def merge_imports(statements: tuple[str, ...]) -> tuple[str, ...]:
    """Statements sorted as isort does, plain ones from one package joined."""
    names: dict[str, set[str]] = {}
    alone = []
    for statement in statements:
        head, separator, tail = statement.partition(" import ")
        if separator and " as " not in tail:
            names.setdefault(head, set()).add(tail)
        else:
            alone.append(statement)
    joined = [f"{head} import {', '.join(sorted(tails))}" for head, tails in names.items()]
    return tuple(sorted({*alone, *joined}, key=_isort_key))


def _name_key(name: str) -> tuple[bool, str]:
    """Classes before functions, as isort has it."""
    return name.islower(), name


def _isort_key(statement: str) -> tuple[bool, str]:
    return not statement.startswith("import "), statement


def _full_name(service: Service) -> str:
    return service.full_name
