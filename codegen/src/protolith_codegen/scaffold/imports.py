"""Import statements of a module: what they bind, and where isort would put a new one."""

import ast
import sys
from typing import Final, TypeAlias, TypeGuard

Key: TypeAlias = tuple[int, str]

WIDTH: Final = 120
"""Columns of a line, as the project's formatter has it."""


def import_statement(module: str, names: list[str]) -> str:
    """A statement with its newline; names below each other where one line is too short."""
    line = f"from {module} import {', '.join(names)}\n"
    if len(line) <= WIDTH + 1:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"


def bound_names(tree: ast.Module) -> dict[str, str]:
    """Names of the module's top level; those that imports bind with what they mean."""
    bound: dict[str, str] = {}
    for each in tree.body:
        if isinstance(each, ast.ImportFrom):
            source = "." * each.level + (each.module or "")
            bound |= {alias.asname or alias.name: f"{source}.{alias.name}" for alias in each.names}
        elif isinstance(each, ast.Import):
            bound |= {alias.asname or alias.name: alias.name for alias in each.names}
        elif isinstance(each, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            bound[each.name] = ""
        elif isinstance(each, ast.Assign):
            bound |= {target.id: "" for target in each.targets if isinstance(target, ast.Name)}
    return bound


def other_name(module: str, name: str, bound: dict[str, str]) -> str:
    """A name for what cannot have its own: with its package's version or last word behind it."""
    parent = module.split(".")[-2:][0]
    other = f"{name}{parent.title().replace('_', '')}"
    while other in bound:
        other += "_"
    return other


def imports_from(statement: ast.stmt, module: str) -> TypeGuard[ast.ImportFrom]:
    """Whether a statement is a plain `from module import names`."""
    if not isinstance(statement, ast.ImportFrom) or statement.level or statement.module != module:
        return False
    return statement.names[0].name != "*"


def module_of(statement: ast.Import | ast.ImportFrom) -> str:
    if isinstance(statement, ast.Import):
        return statement.names[0].name
    return "." * statement.level + (statement.module or "")


def isort_key(module: str) -> Key:
    """isort's order: the future, the standard library, other packages, the project's own."""
    root = module.partition(".")[0]
    if root == "__future__":
        return 0, module
    if root in sys.stdlib_module_names:
        return 1, module
    return 3 if root in ("", "handlers") else 2, module
