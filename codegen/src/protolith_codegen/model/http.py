"""google.api.http: how an rpc is reached over REST."""

from dataclasses import dataclass

from google.api.annotations_pb2 import http
from google.api.http_pb2 import HttpRule
from google.protobuf.descriptor_pb2 import MethodOptions

from protolith_codegen.source import Path, Position, Source

_OPTIONS, _HTTP, _ADDITIONAL_BINDINGS = 4, 72295728, 11


@dataclass(frozen=True, slots=True)
class Binding:
    """One route of an rpc: verb, path template, what the body fills ("" nothing, "*" the request, or a field)."""

    verb: str
    path: str
    body: str
    response_body: str
    position: Position


def read_bindings(options: MethodOptions, source: Source, path: Path) -> tuple[Binding, ...]:
    """The routes of an rpc, its own first, then the additional ones. Empty for an internal rpc."""
    if not options.HasExtension(http):
        return ()
    rule = options.Extensions[http]
    at = (*path, _OPTIONS, _HTTP)
    more = [
        _binding(each, source.position((*at, _ADDITIONAL_BINDINGS, index)))
        for index, each in enumerate(rule.additional_bindings)
    ]
    return (_binding(rule, source.position(at)), *more)


def _binding(rule: HttpRule, position: Position) -> Binding:
    kind = rule.WhichOneof("pattern")
    if kind == "custom":
        verb, path = rule.custom.kind, rule.custom.path
    else:
        verb, path = (kind or "").upper(), getattr(rule, kind) if kind else ""
    return Binding(verb, path, rule.body, rule.response_body, position)
