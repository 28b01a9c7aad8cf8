"""Builds handlers from their constructors' types: clients, database pool, settings, and classes of their own package.

One instance each, built in the order they need each other; `__aenter__` of a part runs right after it is built,
`__aexit__` in reverse order when the container closes.
"""

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Any, Self, TypeVar, get_type_hints

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from protolith.generated import Channel, Client
from protolith.origin import failed_at, origin
from protolith.settings_errors import explain
from protolith.startup import StartError

T = TypeVar("T")
Provider = Callable[[], AbstractAsyncContextManager[Any]]


class ContainerError(StartError):
    """What cannot be provided: names class, parameter and file:line."""


class Container:
    """`package` is whose classes it may build, such as `handlers.user`; `providers` open shared things by type."""

    def __init__(self, package: str, channel: Callable[[str], Channel], providers: Mapping[type, Provider]) -> None:
        self._package = package
        self._channel = channel
        self._providers = dict(providers)
        self._built: dict[type, Any] = {}
        self._building: list[type] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def build(self, cls: type[T]) -> T:
        """The one instance of a class of the package. Raises ContainerError."""
        if cls in self._building:
            circle = " -> ".join(each.__name__ for each in (*self._building[self._building.index(cls) :], cls))
            raise ContainerError(f"{origin(cls)}: {circle}: these need each other in a circle")
        if cls not in self._built:
            self._building.append(cls)
            arguments = {each.name: await self._argument(cls, each, hint) for each, hint in _parameters(cls)}
            self._built[cls] = await self._started(cls, arguments)
            self._building.pop()
        instance: T = self._built[cls]
        return instance

    async def _argument(self, cls: type, parameter: inspect.Parameter, hint: Any) -> Any:
        if hint in self._providers:
            if hint not in self._built:
                self._built[hint] = await self._stack.enter_async_context(self._providers[hint]())
            return self._built[hint]
        if not isinstance(hint, type):
            return _default(cls, parameter, f"has type {_name(hint)}, which is not a class")
        if issubclass(hint, Client):
            return self._built.setdefault(hint, hint(self._channel(hint.SERVICE.name)))
        if issubclass(hint, BaseSettings):
            return self._built.get(hint) or self._built.setdefault(hint, _settings(hint))
        if not f"{hint.__module__}.".startswith(f"{self._package}."):
            return _default(cls, parameter, f"has type {_name(hint)}, which is not of {self._package}")
        if inspect.isabstract(hint):
            return _default(cls, parameter, f"has type {_name(hint)}, which is abstract: name the concrete class")
        return await self.build(hint)

    async def _started(self, cls: type, arguments: dict[str, Any]) -> Any:
        try:
            instance = cls(**arguments)
            if hasattr(instance, "__aenter__"):
                await self._stack.enter_async_context(instance)
        except StartError:
            raise
        except Exception as error:
            place = failed_at(error, self._package) or origin(cls)
            raise ContainerError(f"{place}: {cls.__name__} did not start: {type(error).__name__}: {error}") from error
        return instance


def _parameters(cls: type) -> list[tuple[inspect.Parameter, Any]]:
    """The constructor's parameters that can be given by name, with their evaluated hints."""
    constructor = _constructor(cls)
    if constructor is object.__init__:
        return []
    named = [
        each
        for each in inspect.signature(cls).parameters.values()
        if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
    ]
    try:
        hints = get_type_hints(constructor)
    except (NameError, TypeError) as error:
        raise ContainerError(
            f"{origin(constructor)}: the types of {cls.__name__}'s constructor cannot be read: {error}"
        ) from None
    return [(each, hints.get(each.name)) for each in named]


def _constructor(cls: type) -> Any:
    return inspect.getattr_static(cls, "__init__")


def _default(cls: type, parameter: inspect.Parameter, why: str) -> Any:
    """What cannot be provided keeps its default, or is an error."""
    if parameter.default is not parameter.empty:
        return parameter.default
    if parameter.annotation is parameter.empty:
        why = "has no type"
    raise ContainerError(
        f"{origin(_constructor(cls))}: {cls.__name__}(… {parameter.name} …) cannot be provided: it {why}. "
        "Provided are generated clients, asyncpg.Pool, settings classes and classes of the handler's own package"
    )


def _settings(cls: type[BaseSettings]) -> BaseSettings:
    try:
        return cls()
    except ValidationError as error:
        raise ContainerError(f"{origin(cls)}: {explain(cls, error)}") from None


def _name(hint: Any) -> str:
    return f"{hint.__module__}.{hint.__qualname__}" if isinstance(hint, type) else str(hint)
