"""Regular expressions of rules: RE2's syntax, looked at when generating and not first when a service starts."""

import re
from typing import Any, Final

from protolith_codegen.source import Path
from protolith_codegen.translate.report import Report

_NOT_RE2: Final = re.compile(r"\(\?<?[=!]|(?<!\\)(\\\\)*\\[1-9]|\(\?P=|\(\?>")
_RE2_ONLY: Final = re.compile(r"\\[zCQEpP]|\[\[:|\(\?[a-zA-Z-]+[:)]|\\x\{|\(\?<[A-Za-z]")


def check_pattern(rules: Any, name: str, path: Path, report: Report) -> None:
    """Report a `pattern` that the engine would refuse. What only RE2 knows is left to it."""
    descriptor = rules.DESCRIPTOR.fields_by_name.get("pattern")
    if descriptor is None or not rules.HasField("pattern"):
        return
    at = (*path, descriptor.number)
    if _NOT_RE2.search(rules.pattern):
        report.problem(at, f"pattern of {name} uses look-around or back-references, which RE2 does not have")
    elif not _RE2_ONLY.search(rules.pattern):
        try:
            re.compile(rules.pattern)
        except re.error as error:
            report.problem(at, f"pattern of {name} is no regular expression: {error}")
