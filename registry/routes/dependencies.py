"""What handlers are handed by name: ``db``, ``clock``, ``settings``, ``actor`` and ``law``."""

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

from registry.clock import Clock
from registry.database import Connection
from registry.resources.actors import Actor
from registry.settings import Settings
from transfers.law import Law

Database: TypeAlias = NamedDependency[SkipValidation[Connection]]
"""A connection of the pool; a pool hands out a proxy, so its type is not checked again."""

TheClock: TypeAlias = NamedDependency[SkipValidation[Clock]]
TheSettings: TypeAlias = NamedDependency[SkipValidation[Settings]]
TheActor: TypeAlias = NamedDependency[SkipValidation[Actor]]
TheLaw: TypeAlias = NamedDependency[SkipValidation[Law]]
AnyRequest: TypeAlias = Request[Actor, Any, State]


async def provide_db(state: State) -> AsyncIterator[Connection]:
    """Lend a connection for as long as the handler runs."""
    async with state.pool.acquire() as connection:
        yield connection


async def provide_clock(state: State) -> Clock:
    clock: Clock = state.clock
    return clock


async def provide_settings(state: State) -> Settings:
    settings: Settings = state.settings
    return settings


async def provide_law(state: State) -> Law:
    law: Law = state.law
    return law


async def provide_actor(request: AnyRequest) -> Actor:
    """Who asks; the gate has found out."""
    return request.user


PROVIDERS = {
    "db": Provide(provide_db),
    "clock": Provide(provide_clock),
    "settings": Provide(provide_settings),
    "law": Provide(provide_law),
    "actor": Provide(provide_actor),
}
