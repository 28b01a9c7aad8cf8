"""protolith.yaml's `options`: what rpcs say that one cannot, or need not, say in a contract. Selector -> options."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml
from google.protobuf.json_format import ParseDict, ParseError
from protolith.v1.method_pb2 import MethodOptions

from protolith_codegen.source import Position

_UNKNOWN: Final = f"rpcs have no option {{}}: they have {', '.join(MethodOptions.DESCRIPTOR.fields_by_name)}"
_SHORT_ACCESS: Final = ("public", "authenticated", "internal")


@dataclass(frozen=True, slots=True)
class InSettings:
    """Options in a YAML file, below one of its nodes."""

    file: str
    node: yaml.Node

    def position(self, *path: str | int) -> Position:
        """The place of a part (of its key, where it has one), or else of what is around it."""
        node, mark = self.node, self.node.start_mark
        for part in path:
            found = _inside(node, part)
            if found is None:
                break
            mark, node = found
        return _position(self.file, mark)


@dataclass(frozen=True, slots=True)
class Selector:
    """One entry: which rpcs it is about, what it says of them, and what is wrong with it, each with its place."""

    pattern: str
    options: MethodOptions
    written: InSettings
    position: Position
    wrong: tuple[tuple[Position, str], ...] = ()

    def selects(self, full_name: str) -> bool:
        """Whether it is about an rpc: `*` is about all, `a.b.*` about all below a.b, else the name is the rpc's own."""
        if self.pattern == "*":
            return True
        if self.pattern.endswith(".*"):
            return full_name.startswith(self.pattern[:-1])
        return full_name == self.pattern


def read_selectors(text: str, file: str) -> tuple[Selector, ...]:
    """The entries below `options` of a YAML text, in their order."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, node in _items(root):
        if key.value == "options":
            return tuple(_selector(name, entry, file) for name, entry in _items(node))
    return ()


def _selector(key: yaml.Node, node: yaml.Node, file: str) -> Selector:
    options, written = MethodOptions(), InSettings(file, node)
    wrong = [(_position(file, name.start_mark), _UNKNOWN.format(name.value)) for name in _unknown(node)]
    try:
        ParseDict(_with_long_access(_value(node)), options, ignore_unknown_fields=True)
    except (ParseError, TypeError, AttributeError) as error:
        wrong.append((written.position(), " ".join(str(error).split())))
    return Selector(str(key.value), options, written, _position(file, key.start_mark), tuple(wrong))


def _unknown(node: yaml.Node) -> Iterator[yaml.Node]:
    """Keys that are no option of an rpc."""
    return (key for key, _ in _items(node) if key.value not in MethodOptions.DESCRIPTOR.fields_by_name)


def _position(file: str, mark: yaml.Mark) -> Position:
    return Position(file, mark.line + 1, mark.column + 1)


def _with_long_access(said: Any) -> Any:
    """`access: public` is short for `access: {public: true}`."""
    if isinstance(said, dict) and said.get("access") in _SHORT_ACCESS:
        return {**said, "access": {said["access"]: True}}
    return said


def _value(node: yaml.Node) -> Any:
    if not isinstance(node, yaml.MappingNode):
        raise TypeError("options are a mapping, such as {access: public}")
    return yaml.SafeLoader("").construct_document(node)


def _items(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from node.value


def _inside(node: yaml.Node, part: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(part, str):
        return next(((key.start_mark, value) for key, value in _items(node) if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part < len(node.value):
        return node.value[part].start_mark, node.value[part]
    return None
