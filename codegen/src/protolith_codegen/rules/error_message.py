"""error-message: an error says what a person reads, and its placeholders are names."""

from collections.abc import Iterator
from keyword import iskeyword
from string import Formatter

from protolith_codegen.model import Contract
from protolith_codegen.model.errors import RESERVED
from protolith_codegen.problems import Problem


def check(contract: Contract) -> Iterator[Problem]:
    """Errors without a message, or with one that is no format."""
    for package in contract.packages:
        for error in package.errors:
            if error.said is None:
                continue  # error-code has told it
            wrong = _wrong(error.message)
            if wrong:
                yield Problem(error.said.position("message"), f"message of {error.value} {wrong}")


def _wrong(message: str) -> str:
    """What is wrong with a message."""
    if not message.strip():
        return 'is empty: add `message: "…"`, which a person reads'
    try:
        parts = list(Formatter().parse(message))
    except ValueError as error:
        return f"is no format ({error}): write {{{{ and }}}} for braces"
    for _, name, form, conversion in parts:
        if name is not None and (not name.isidentifier() or form or conversion):
            return f"has a placeholder {{{name}}} that is no plain name, such as {{nickname}}"
        if name in RESERVED or (name and iskeyword(name)):
            return f"has a placeholder {{{name}}}, a name that Python or each error keeps for itself: choose another"
    return ""
