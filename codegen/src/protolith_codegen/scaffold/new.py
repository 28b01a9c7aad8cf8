"""New handler files and classes, before their methods are added."""

from typing import Final

from protolith_codegen.model import Service
from protolith_codegen.model.names import is_version
from protolith_codegen.render.environment import docstring
from protolith_codegen.scaffold.edit import Editor

INIT: Final = "__init__.py"


def new_package(purpose: str) -> str:
    """Text of a package's __init__.py."""
    return f"{docstring(purpose)}\n"


def new_module(service: Service) -> str:
    """Text of a service's first module: only its docstring yet."""
    text = f"Handlers of {service.package}. Edit freely: `make gen` only adds methods that are missing."
    return f"{docstring(text)}\n"


def class_name(service: Service, *, unique: bool) -> str:
    """The service's name, with its version where the room has several of that name."""
    return service.name if unique else f"{service.name}{_version(service.package)}"


def with_class(source: bytes, service: Service, name: str) -> bytes:
    """The module with a class for a service at its end, still without methods."""
    editor = Editor(source)
    base = editor.bind(f"{service.package}.servicers", service.base_class)
    comment = docstring(service.docstring).replace("\n", "\n    ")
    editor.append(f"\n\nclass {name}({base}):\n    {comment}\n")
    return editor.result()


def _version(package: str) -> str:
    last = package.rpartition(".")[2]
    return last.upper() if is_version(last) else last.title()
