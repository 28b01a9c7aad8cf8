"""Additions to a Python file: what was there stays byte for byte, in its order; only text between it is new."""

import ast
import sys
from typing import Final, TypeAlias, TypeGuard

Key: TypeAlias = tuple[int, str]

WIDTH: Final = 120
"""Columns of a line, as the project's formatter has it."""


class Editor:
    """Collects additions to one source and applies them together. Offsets are bytes of the original."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self.newline = b"\r\n" if b"\r\n" in source else b"\n"
        self._additions: list[tuple[int, bytes]] = []
        self._imported: list[tuple[int, bytes]] = []
        self._starts = _line_starts(source)
        self._imports = [each for each in self.tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
        self._bound = _bound_names(self.tree)
        self._wanted: dict[str, list[str]] = {}

    def offset(self, line: int, column: int = 0) -> int:
        """Offset of a place as ast gives it: line from 1, column from 0 in bytes."""
        return self._starts[line - 1] + column

    def end_of_line(self, line: int) -> int:
        """Offset behind a line and its newline."""
        return self._starts[line] if line < len(self._starts) else len(self.source)

    def add(self, offset: int, text: str) -> None:
        """Add text at an offset, with the file's own newlines."""
        self._additions.append(self._addition(offset, text))

    def append(self, text: str) -> None:
        """Add text at the end of the file."""
        self.add(len(self.source), text)

    def bind(self, module: str, name: str) -> str:
        """The expression by which the file reaches a module's name, importing it where it does not yet."""
        for local, meaning in self._bound.items():
            if meaning == f"{module}.{name}":
                return local
            if meaning == module:
                return f"{local}.{name}"
        local = name if name not in self._bound else _other_name(module, name, self._bound)
        self._bound[local] = f"{module}.{name}"
        self._wanted.setdefault(module, []).append(name if local == name else f"{name} as {local}")
        return local

    def result(self) -> bytes:
        """The source with all additions."""
        for module in sorted(self._wanted, key=_key):
            self._import(module, sorted(self._wanted[module]))
        self._wanted.clear()
        parts, at = [], 0
        for offset, data in sorted((*self._imported, *self._additions), key=_offset):
            parts += [self.source[at:offset], self._line_end(offset), data]
            at = offset
        return b"".join((*parts, self.source[at:]))

    def _addition(self, offset: int, text: str) -> tuple[int, bytes]:
        return offset, text.encode().replace(b"\n", self.newline)

    def _line_end(self, offset: int) -> bytes:
        """The newline that a last line lacks, when something comes behind it."""
        if offset == len(self.source) and self.source and not self.source.endswith((b"\n", b"\r")):
            self.source += self.newline
            return self.newline
        return b""

    def _import(self, module: str, names: list[str]) -> None:
        same = next((each for each in self._imports if _imports_from(each, module)), None)
        if same:
            self._extend(same, names)
        else:
            self._new_import(module, _statement(module, names))

    def _add_import(self, offset: int, text: str) -> None:
        self._imported.append(self._addition(offset, text))

    def _extend(self, statement: ast.ImportFrom, names: list[str]) -> None:
        for name in names:
            later = next((alias for alias in statement.names if alias.name > name), None)
            alias = later or statement.names[-1]
            start = self.offset(alias.lineno)
            before = self.source[start : start + alias.col_offset]
            separator = "\n" + before.decode() if not before.strip() else " "
            if later:
                self._add_import(start + alias.col_offset, f"{name},{separator}")
            else:
                end = self.offset(alias.end_lineno or alias.lineno, alias.end_col_offset or 0)
                self._add_import(end, f",{separator}{name}")

    def _new_import(self, module: str, text: str) -> None:
        """A statement of its own, where isort would put it among the imports that are there."""
        smaller = [each for each in self._imports if _key(_module_of(each)) <= _key(module)]
        if smaller:
            last = max(smaller, key=lambda each: each.lineno)
            blank = "" if _key(_module_of(last))[0] == _key(module)[0] else "\n"
            self._add_import(self.end_of_line(last.end_lineno or last.lineno), blank + text)
        elif self._imports:
            first = self._imports[0]
            blank = "" if _key(_module_of(first))[0] == _key(module)[0] else "\n"
            self._add_import(self.offset(first.lineno), text + blank)
        else:
            self._first_import(module, text)

    def _first_import(self, module: str, text: str) -> None:
        """The first imports of a file go behind its docstring, or to its top; sections are kept apart."""
        others = [each for each in sorted(self._wanted, key=_key) if _key(each) < _key(module)]
        apart = bool(others) and _key(others[-1])[0] != _key(module)[0]
        first = self.tree.body[0] if self.tree.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            at = self.end_of_line(first.end_lineno or first.lineno)
            apart = apart or not others
        else:
            at = 0
        self._add_import(at, ("\n" if apart else "") + text)


def _statement(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}\n"
    if len(line) <= WIDTH + 1:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"


def _offset(addition: tuple[int, bytes]) -> int:
    return addition[0]


def _line_starts(source: bytes) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _bound_names(tree: ast.Module) -> dict[str, str]:
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


def _other_name(module: str, name: str, bound: dict[str, str]) -> str:
    """A name for what cannot have its own: with its package's version or last word behind it."""
    parent = module.split(".")[-2:][0]
    other = f"{name}{parent.title().replace('_', '')}"
    while other in bound:
        other += "_"
    return other


def _imports_from(statement: ast.stmt, module: str) -> TypeGuard[ast.ImportFrom]:
    """Whether a statement is a plain `from module import names`."""
    if not isinstance(statement, ast.ImportFrom) or statement.level or statement.module != module:
        return False
    return statement.names[0].name != "*"


def _module_of(statement: ast.Import | ast.ImportFrom) -> str:
    if isinstance(statement, ast.Import):
        return statement.names[0].name
    return "." * statement.level + (statement.module or "")


def _key(module: str) -> Key:
    """isort's order: the future, the standard library, other packages, the project's own."""
    root = module.partition(".")[0]
    if root == "__future__":
        return 0, module
    if root in sys.stdlib_module_names:
        return 1, module
    return 3 if root in ("", "handlers") else 2, module
