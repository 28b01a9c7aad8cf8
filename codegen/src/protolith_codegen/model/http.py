"""google.api.http: how an rpc is reached over REST."""

from dataclasses import dataclass

from google.api.annotations_pb2 import http
from google.api.http_pb2 import HttpRule
from google.protobuf.descriptor_pb2 import MethodOptions

from protolith_codegen.source import InContract, Path, Position, Source, Written

_OPTIONS, _HTTP, _ADDITIONAL_BINDINGS = 4, 72295728, 11
_VERBS = frozenset({"GET", "PUT", "POST", "DELETE", "PATCH"})


@dataclass(frozen=True, slots=True)
class Binding:
    """One route of an rpc: verb, path template, what the body fills ("" nothing, "*" the request, or a field)."""

    verb: str
    path: str
    body: str
    response_body: str
    written: Written

    @property
    def position(self) -> Position:
        """Where its path stands."""
        return self.written.position("custom" if self.verb not in _VERBS else self.verb.lower())


def read_bindings(options: MethodOptions, source: Source, path: Path) -> tuple[Binding, ...]:
    """The routes of an rpc, its own first, then the additional ones. Empty for an internal rpc."""
    if not options.HasExtension(http):
        return ()
    rule = options.Extensions[http]
    at = (*path, _OPTIONS, _HTTP)
    more = [
        _binding(each, InContract(source, (*at, _ADDITIONAL_BINDINGS, index), HttpRule.DESCRIPTOR))
        for index, each in enumerate(rule.additional_bindings)
    ]
    return (_binding(rule, InContract(source, at, HttpRule.DESCRIPTOR)), *more)


def _binding(rule: HttpRule, written: Written) -> Binding:
    kind = rule.WhichOneof("pattern")
    if kind == "custom":
        verb, path = rule.custom.kind, rule.custom.path
    else:
        verb, path = (kind or "").upper(), getattr(rule, kind) if kind else ""
    return Binding(verb, path, rule.body, rule.response_body, written)
