"""A package of handlers as its syntax trees tell it: which classes serve which service, and what they define."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from protolith_codegen.model import Service
from protolith_codegen.problems import HandlerError


class Module:
    """One file: its bytes, its tree, and what its names mean."""

    def __init__(self, path: Path, root: Path, source: bytes) -> None:
        self.path, self.source = path, source
        self.shown = path.relative_to(root).as_posix()
        self.dotted = path.relative_to(root).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        try:
            self.tree = ast.parse(source, filename=self.shown)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            what = getattr(error, "msg", str(error))
            raise HandlerError(f"{self.shown}:{line}: {what}: mend it, no handler was written") from error

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Dotted meaning of each name that the module's imports and classes bind."""
        bound = {}
        for statement in self.tree.body:
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    bound[name] = alias.name if alias.asname else name
            elif isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    bound[alias.asname or alias.name] = f"{self._source_of(statement)}.{alias.name}"
            elif isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                bound[statement.name] = f"{self.dotted}.{statement.name}"
            else:
                bound |= {name: f"{self.dotted}.{name}" for name in assigned(statement)}
        return bound

    def meaning(self, expression: ast.expr) -> str:
        """Dotted meaning of a base class's expression; empty where it is no plain name."""
        if isinstance(expression, ast.Subscript):
            return self.meaning(expression.value)
        if isinstance(expression, ast.Attribute):
            return f"{self.meaning(expression.value)}.{expression.attr}"
        return self.names.get(expression.id, "") if isinstance(expression, ast.Name) else ""

    def _source_of(self, statement: ast.ImportFrom) -> str:
        if not statement.level:
            return statement.module or ""
        is_package = self.path.name == "__init__.py"
        parts = self.dotted.split(".")
        parts = parts[: len(parts) - statement.level + is_package]
        return ".".join([*parts, *([statement.module] if statement.module else [])])


@dataclass(frozen=True)
class HandlerClass:
    """One class of a handler package."""

    module: Module
    node: ast.ClassDef

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def dotted(self) -> str:
        return f"{self.module.dotted}.{self.node.name}"

    @property
    def place(self) -> str:
        """`file:line` of the class."""
        return f"{self.module.shown}:{self.node.lineno}"

    @property
    def bases(self) -> tuple[str, ...]:
        return tuple(self.module.meaning(base) for base in self.node.bases)

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Methods written in the class, those inside an `if` too."""
        for each in _statements(self.node.body):
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                yield each

    @property
    def attributes(self) -> frozenset[str]:
        """Everything that the class's body binds."""
        found = {each.name for each in self.functions}
        return frozenset(found.union(*(assigned(each) for each in _statements(self.node.body))))


@dataclass(frozen=True)
class HandlerPackage:
    """All classes of a package, in the order of files and lines."""

    folder: Path
    root: Path
    classes: tuple[HandlerClass, ...]

    def named(self, name: str) -> HandlerClass | None:
        """A class of a name."""
        return next((each for each in self.classes if each.name == name), None)

    def classes_of(self, service: Service) -> list[HandlerClass]:
        """Classes that derive from the service's generated base, through each other or straight."""
        known = {f"{service.package}.servicers.{service.base_class}"}
        while True:
            found = [each for each in self.classes if known.intersection(each.bases)]
            names = {each.dotted for each in found}
            if names <= known:
                return found
            known |= names

    def family_of(self, service: Service) -> list[HandlerClass]:
        """The service's classes and, of this package, everything they inherit from."""
        wanted = {each.dotted for each in self.classes_of(service)}
        while True:
            family = [each for each in self.classes if each.dotted in wanted]
            more = wanted.union(*(each.bases for each in family))
            if more == wanted:
                return family
            wanted = more

    def attributes_for(self, service: Service, others: list[Service]) -> frozenset[str]:
        """What the package defines that may be the service's: all but classes of other services alone."""
        own = self.classes_of(service)
        foreign = [each for other in others for each in self.classes_of(other) if each not in own]
        return frozenset().union(*(each.attributes for each in self.classes if each not in foreign))

    def leaf(self, service: Service) -> HandlerClass:
        """The class that is served: one that no other class derives from."""
        found = self.classes_of(service)
        inherited = {base for each in found for base in each.bases}
        return next((each for each in found if each.dotted not in inherited), found[0])


def read_package(folder: Path, root: Path, planned: Mapping[Path, bytes]) -> HandlerPackage:
    """The package in a folder; planned texts count as written. Raises HandlerError for what is no Python."""
    paths = set(folder.rglob("*.py")) | {path for path in planned if path.is_relative_to(folder)}
    classes = []
    for path in sorted(paths):
        source = planned[path] if path in planned else path.read_bytes()
        module = Module(path, root, source)
        classes += [HandlerClass(module, node) for node in module.tree.body if isinstance(node, ast.ClassDef)]
    return HandlerPackage(folder, root, tuple(classes))


def assigned(statement: ast.stmt) -> frozenset[str]:
    """Names that an assignment binds."""
    match statement:
        case ast.Assign(targets=targets):
            return frozenset(each.id for each in targets if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return frozenset({name})
    return frozenset()


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            yield from _statements(statement.body)
            yield from _statements(getattr(statement, "orelse", []))
