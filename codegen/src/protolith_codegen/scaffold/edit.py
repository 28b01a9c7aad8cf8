"""Additions to a Python file: what was there stays byte for byte, in its order; only text between it is new."""

import ast

from protolith_codegen.scaffold.imports import (
    bound_names,
    import_statement,
    imports_from,
    isort_key,
    module_of,
    other_name,
)


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
        self._bound = bound_names(self.tree)
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
        local = name if name not in self._bound else other_name(module, name, self._bound)
        self._bound[local] = f"{module}.{name}"
        self._wanted.setdefault(module, []).append(name if local == name else f"{name} as {local}")
        return local

    def result(self) -> bytes:
        """The source with all additions."""
        for module in sorted(self._wanted, key=isort_key):
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
        same = next((each for each in self._imports if imports_from(each, module)), None)
        if same:
            self._extend(same, names)
        else:
            self._new_import(module, import_statement(module, names))

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
        smaller = [each for each in self._imports if isort_key(module_of(each)) <= isort_key(module)]
        if smaller:
            last = max(smaller, key=lambda each: each.lineno)
            blank = "" if isort_key(module_of(last))[0] == isort_key(module)[0] else "\n"
            self._add_import(self.end_of_line(last.end_lineno or last.lineno), blank + text)
        elif self._imports:
            first = self._imports[0]
            blank = "" if isort_key(module_of(first))[0] == isort_key(module)[0] else "\n"
            self._add_import(self.offset(first.lineno), text + blank)
        else:
            self._first_import(module, text)

    def _first_import(self, module: str, text: str) -> None:
        """The first imports of a file go behind its docstring, or to its top; sections are kept apart."""
        others = [each for each in sorted(self._wanted, key=isort_key) if isort_key(each) < isort_key(module)]
        apart = bool(others) and isort_key(others[-1])[0] != isort_key(module)[0]
        first = self.tree.body[0] if self.tree.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            at = self.end_of_line(first.end_lineno or first.lineno)
            apart = apart or not others
        else:
            at = 0
        self._add_import(at, ("\n" if apart else "") + text)


def _offset(addition: tuple[int, bytes]) -> int:
    return addition[0]


def _line_starts(source: bytes) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
