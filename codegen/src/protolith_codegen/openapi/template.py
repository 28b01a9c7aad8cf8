"""Path templates of google.api.http: `/v1/{name=shelves/*}/books:list`, taken apart once."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\{(?P<field>[A-Za-z_][\w.]*)(=(?P<pattern>[^{}]*))?\}|(?P<literal>[^/{}]+)")
_LITERAL = re.compile(r"[\w.~!$&'()+,;=@%*-]+")


class TemplateError(ValueError):
    """A path template that is none; the text says why."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: the field that it fills, and its pattern's segments (`*` when it has none)."""

    field_path: str
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """Segments in order, each a literal or a variable, and the verb behind the colon."""

    segments: tuple[str | Variable, ...]
    verb: str

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(each for each in self.segments if isinstance(each, Variable))

    @property
    def shape(self) -> str:
        """The path with each variable as its pattern: equal for templates that match the same paths."""
        parts = ("/".join(each.segments) if isinstance(each, Variable) else each for each in self.segments)
        return "/" + "/".join(parts) + (f":{self.verb}" if self.verb else "")


def parse_template(text: str) -> PathTemplate:
    """Take a template apart. Raises TemplateError."""
    if not text.startswith("/"):
        raise TemplateError("must begin with `/`")
    path, verb = _split_verb(text[1:])
    segments = tuple(_segment(each) for each in _split(path)) if path else ()
    fields = [each.field_path for each in segments if isinstance(each, Variable)]
    if len(set(fields)) < len(fields):
        raise TemplateError("has one field twice")
    return PathTemplate(segments, verb)


def _split_verb(text: str) -> tuple[str, str]:
    """Everything behind the last colon outside braces is the verb."""
    colon = text.rfind(":")
    if colon < 0 or colon < text.rfind("}") or colon < text.rfind("/"):
        return text, ""
    return text[:colon], text[colon + 1 :]


def _split(path: str) -> list[str]:
    return re.split(r"/(?![^{]*\})", path)


def _segment(text: str) -> str | Variable:
    match = _TOKEN.fullmatch(text)
    if match is None:
        raise TemplateError(f"`{text}` is neither a literal nor a {{field}}")
    if match["field"] is None:
        if not _LITERAL.fullmatch(text):
            raise TemplateError(f"`{text}` holds a character that a path cannot")
        return text
    return Variable(match["field"], tuple((match["pattern"] or "*").split("/")))
