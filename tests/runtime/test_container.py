"""The container builds a handler from its constructor's types."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Self

import asyncpg
import pytest
from protolith.container import Container, ContainerError
from protolith.database import Pool
from protolith.engines.grpcio.channel import GrpcioChannel
from protolith.generated import Channel, Client, Service
from pydantic_settings import BaseSettings

HERE = __name__
LIFE: list[str] = []
POOL: Any = object()


class OtherClient(Client):
    SERVICE = Service("tests.other.v1.OtherService", ())


class Settings(BaseSettings):
    size: int = 7


class Needed(BaseSettings):
    secret: str


class Store:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def __aenter__(self) -> Self:
        LIFE.append("store in")
        return self

    async def __aexit__(self, *_: object) -> None:
        LIFE.append("store out")


class Handler:
    def __init__(
        self, store: Store, again: "Store", other: OtherClient, settings: Settings, limit: int = 3, *rest: str
    ) -> None:
        self.parts = (store, again, other, settings, limit)

    async def __aenter__(self) -> Self:
        LIFE.append("handler in")
        return self

    async def __aexit__(self, *_: object) -> None:
        LIFE.append("handler out")


class Bare:
    pass


class Left:
    def __init__(self, right: "Right") -> None: ...


class Right:
    def __init__(self, left: Left) -> None: ...


class WantsStranger:
    def __init__(self, thing: asyncpg.Record) -> None: ...


class WantsUntyped:
    def __init__(self, thing) -> None: ...  # type: ignore[no-untyped-def]


class WantsUnion:
    def __init__(self, thing: int | str) -> None: ...


class WantsUnknown:
    def __init__(self, thing: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821


class WantsSecret:
    def __init__(self, settings: Needed) -> None: ...


class Fails:
    def __init__(self) -> None:
        raise ValueError("boom")


def container(channels: list[str] | None = None) -> Container:
    def channel(service: str) -> Channel:
        if channels is not None:
            channels.append(service)
        return GrpcioChannel("127.0.0.1:1", 1)

    @asynccontextmanager
    async def pool() -> AsyncIterator[Any]:
        LIFE.append("pool in")
        yield POOL
        LIFE.append("pool out")

    def provider() -> AbstractAsyncContextManager[Any]:
        return pool()

    return Container(HERE, channel, {asyncpg.Pool: provider})


async def test_parts_are_built_once_and_live_in_order() -> None:
    LIFE.clear()
    channels: list[str] = []
    async with container(channels) as built:
        handler = await built.build(Handler)
        assert await built.build(Handler) is handler
        store, again, other, settings, limit = handler.parts
        assert store is again
        assert store.pool is POOL
        assert isinstance(other, OtherClient)
        assert (settings.size, limit) == (7, 3)
        assert channels == [OtherClient.SERVICE.name]
        assert LIFE == ["pool in", "store in", "handler in"]
    assert LIFE[3:] == ["handler out", "store out", "pool out"]


async def test_a_class_without_constructor() -> None:
    async with container() as built:
        assert isinstance(await built.build(Bare), Bare)


@pytest.mark.parametrize(
    ("cls", "why"),
    [
        (WantsStranger, r"test_container\.py:\d+: WantsStranger\(… thing …\).*asyncpg.*Record, which is not of"),
        (WantsUntyped, r"test_container\.py:\d+: WantsUntyped\(… thing …\).*it has no type"),
        (WantsUnion, r"WantsUnion\(… thing …\).*has type int \| str, which is not a class"),
        (WantsUnknown, r"test_container\.py:\d+: the types of WantsUnknown's constructor.*'Nowhere'"),
        (WantsSecret, r"test_container\.py:\d+: SECRET: is not set"),
        (Left, r"test_container\.py:\d+: Left -> Right -> Left: these need each other in a circle"),
        (Fails, r"test_container\.py:\d+: Fails did not start: ValueError: boom"),
    ],
)
async def test_what_cannot_be_built_names_class_parameter_and_place(cls: type, why: str) -> None:
    async with container() as built:
        with pytest.raises(ContainerError, match=why):
            await built.build(cls)
