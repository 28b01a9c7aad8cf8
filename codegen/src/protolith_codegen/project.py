"""A project: its root, its settings (protolith.yaml) and the folders that convention gives it."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from protolith_codegen.problems import ToolError
from protolith_codegen.selectors import Selector, read_selectors
from protolith_codegen.source import CONTRACTS

SETTINGS = "protolith.yaml"
GO_MODULE = re.compile(r"[a-z0-9][a-z0-9.-]*(/[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True, slots=True)
class Settings:
    """What protolith.yaml says: the Go module of the project, the title and version of its API, options of rpcs."""

    go_module: str
    title: str
    version: str
    selectors: tuple[Selector, ...] = ()

    @property
    def go_prefix(self) -> str:
        """Import path under which the contracts' Go packages are generated."""
        return f"{self.go_module}/generated/go"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with contracts, and what belongs to it."""

    root: Path
    settings: Settings

    @property
    def contracts(self) -> Path:
        return self.root / CONTRACTS

    @property
    def generated(self) -> Path:
        return self.root / "generated"

    @property
    def handlers(self) -> Path:
        return self.root / "handlers"

    @property
    def cache(self) -> Path:
        return self.root / ".cache" / "protolith"


def open_project(root: Path) -> Project:
    """The project at a folder. Raises ToolError for what is missing or misspelt."""
    for name, mend in ((SETTINGS, "go_module, title and version"), ("buf.yaml", "the modules, for buf")):
        if not (root / name).is_file():
            raise ToolError(f"{root / name} is missing: run in a project's root, or write one with {mend}")
    if not (root / CONTRACTS).is_dir():
        raise ToolError(f"{root / CONTRACTS} is missing: contracts live there, one folder a package")
    return Project(root, _settings(root / SETTINGS))


def _settings(path: Path) -> Settings:
    text = path.read_text(encoding="utf-8")
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ToolError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(found, dict) or set(found) - {"options"} != {"go_module", "title", "version"}:
        raise ToolError(f"{path} must give go_module, title and version, may give options, and nothing else")
    if not isinstance(found.pop("options", {}), dict):
        raise ToolError(f'{path}: options are a mapping from selectors, such as `"shop.*": {{access: public}}`')
    selectors = read_selectors(text, SETTINGS)
    settings = Settings(**{key: str(value) for key, value in found.items()}, selectors=selectors)
    if not GO_MODULE.fullmatch(settings.go_module):
        raise ToolError(f"{path}: go_module {settings.go_module!r} is no Go module path, such as example.com/shop")
    return settings
