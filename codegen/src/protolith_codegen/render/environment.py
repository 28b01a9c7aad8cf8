"""The jinja2 environment: undefined names are errors, block lines leave no trace."""

import json
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from protolith_codegen import API, VERSION


@cache
def environment() -> Environment:
    """The one environment of all templates."""
    made = Environment(
        loader=PackageLoader("protolith_codegen"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  Python and Go come out, not HTML
    )
    made.filters.update(docstring=docstring, string=_string)
    made.globals.update(version=VERSION, api=API)
    return made


def docstring(text: str) -> str:
    """Text as a docstring: quotes that would end it are escaped, more lines get the closing quotes on their own."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = f'{escaped[:-1]}\\"'
    return f'"""{escaped}\n"""' if "\n" in escaped else f'"""{escaped}"""'


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
