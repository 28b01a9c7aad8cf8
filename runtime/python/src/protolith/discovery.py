"""Finds the handler classes in `handlers/<service>/`: concrete servicers, one for each service of the contract."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from protolith.generated import Servicer
from protolith.origin import failed_at, origin, place
from protolith.startup import StartError


class DiscoveryError(StartError):
    """The handlers of a service cannot be found or imported; the text says which file to look at."""


def discover(service: str) -> list[type[Servicer]]:
    """The handler classes of `handlers.<service>`, by the name of the service they serve. Raises DiscoveryError."""
    package = f"handlers.{service}"
    _import_all(package)
    found: dict[str, type[Servicer]] = {}
    for cls in _most_derived(package):
        name = cls.SERVICE.name
        if name in found:
            raise DiscoveryError(
                f"{origin(cls)}: {cls.__name__} serves {name}, and so does {found[name].__name__} "
                f"({origin(found[name])}): keep one"
            )
        found[name] = cls
    if not found:
        raise DiscoveryError(f"handlers/{service} has no class that serves an rpc: run `make gen` to add it")
    for cls in found.values():
        _require_complete(cls)
    return [found[name] for name in sorted(found)]


def _most_derived(package: str) -> Iterator[type[Servicer]]:
    """Servicers written in the package, leaving out those that another one of it extends."""
    own = [cls for cls in _subclasses(Servicer) if f"{cls.__module__}.".startswith(f"{package}.")]
    return (cls for cls in own if not any(cls in other.__mro__[1:] for other in own))


def _subclasses(cls: type[Servicer]) -> Iterator[type[Servicer]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)


def _require_complete(cls: type[Servicer]) -> None:
    missing = sorted(getattr(cls, "__abstractmethods__", ()))
    if missing:
        raise DiscoveryError(f"{origin(cls)}: {cls.__name__} lacks {', '.join(missing)}: run `make gen` to add them")


def _import_all(package: str) -> None:
    name = package
    try:
        module = importlib.import_module(package)
        for each in pkgutil.walk_packages(module.__path__, f"{package}."):
            name = each.name
            importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{package}.".startswith(f"{error.name}."):
            raise DiscoveryError(_absent(package)) from None
        raise _import_error(error, name) from error
    except Exception as error:
        raise _import_error(error, name) from error


def _absent(package: str) -> str:
    """No such package: name those there are."""
    folder = Path(*package.split("."))
    known = sorted(each.parent.name for each in folder.parent.glob("*/__init__.py"))
    there = f"there are {', '.join(known)}" if known else "start it where the folder handlers/ is"
    return f"there is no package {folder}: {there}"


def _import_error(error: Exception, module: str) -> DiscoveryError:
    if isinstance(error, SyntaxError) and error.filename:
        return DiscoveryError(f"{place(error.filename, error.lineno or 1)}: {type(error).__name__}: {error.msg}")
    where = failed_at(error, "handlers") or module
    return DiscoveryError(f"{where}: {type(error).__name__}: {error}")
