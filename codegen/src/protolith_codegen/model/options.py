"""What an rpc's options say when its service and protolith.yaml have had their say, and where each of it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message as ProtoMessage
from protolith.v1.method_pb2 import MethodOptions

from protolith_codegen.source import InContract, Path, Position, Source, Written

_OPTIONS: Final = {"ServiceOptions": 3, "MethodOptions": 4, "MessageOptions": 7, "EnumValueOptions": 3}
"""The number of `options` in the descriptors that carry them."""

_OF_BOTH: Final = ("errors",)
"""Options that add up. Of the others, the first place that says one decides."""


@dataclass(frozen=True, slots=True)
class Said:
    """Options as one place says them: a node of a contract, or an entry of protolith.yaml.

    `options` is the message of protolith.v1 that fits the node, such as MethodOptions.
    """

    options: Any
    written: Written

    def says(self, name: str) -> bool:
        """Whether an option is there, if only empty."""
        return any(field.name == name for field, _ in self.options.ListFields())

    def position(self, *path: str | int) -> Position:
        """Where a part is written, by names and indexes: `position("retry", "max_attempts")`."""
        return self.written.position(*path)


def said(options: Any, extension: Any, source: Source, path: Path) -> Said | None:
    """Our option of a node at a path, where it has one; `options` are the node's."""
    if not options.HasExtension(extension):
        return None
    value = options.Extensions[extension]
    numbers = (*path, _OPTIONS[extension.containing_type.name], extension.number)
    return Said(value, InContract(source, numbers, value.DESCRIPTOR))


@dataclass(frozen=True, slots=True)
class RpcOptions:
    """Options of one rpc. `places` are those who say something, the nearest first; `own` tells if the rpc itself does.

    `said` holds what counts: of each option the nearest place's, and the errors of all places.
    """

    places: tuple[Said, ...]
    own: bool
    said: MethodOptions

    def place(self, name: str) -> Said | None:
        """The place that decides an option, or None where nobody does."""
        return next(self.all_places(name), None)

    def all_places(self, name: str) -> Iterator[Said]:
        """Every place that says an option, the nearest first."""
        return (each for each in self.places if each.says(name))

    def position(self, name: str, *path: str | int) -> Position:
        """Where a part of an option that somebody says is written."""
        place = self.place(name) or self.places[0]
        return place.position(name, *path)

    @property
    def access(self) -> str:
        """The decision: public, authenticated, roles or internal. Empty where there is none, or a false one."""
        decision = self.said.access.WhichOneof("decision")
        return decision if decision and getattr(self.said.access, decision) else ""


def rpc_options(own: Said | None, others: tuple[Said, ...]) -> RpcOptions:
    """The options of an rpc; `others` are its service and the entries of protolith.yaml, the nearest first."""
    places = (own, *others) if own else others
    counts = MethodOptions()
    for field in MethodOptions.DESCRIPTOR.fields:
        saying = [each for each in places if each.says(field.name)]
        if field.name in _OF_BOTH:
            getattr(counts, field.name).extend(
                dict.fromkeys(e for each in saying for e in getattr(each.options, field.name))
            )
        elif saying:
            _copy(saying[0].options, counts, field.name, repeated=field.is_repeated)
    return RpcOptions(places, own is not None, counts)


def _copy(source: ProtoMessage, target: MethodOptions, name: str, *, repeated: bool) -> None:
    value = getattr(source, name)
    if repeated:
        getattr(target, name).extend(value)
    elif isinstance(value, ProtoMessage):
        getattr(target, name).CopyFrom(value)
    else:
        setattr(target, name, value)
