"""What a command that reads or writes the register needs: its database, a clock, and who writes."""

import asyncio
import os
import pwd
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

import migrations
from registry import database
from registry.actions import register as register_actions
from registry.clock import Clock
from registry.embedded import Postgres
from registry.errors import UnauthenticatedError
from registry.resources.actors import Actor, Role
from registry.settings import Settings
from registry.web.keyring import Keyring


class Session(Struct, frozen=True, kw_only=True):
    """One command's connection, and whom the journal names for what it writes."""

    settings: Settings
    clock: Clock
    connection: database.Connection
    actor: Actor


@asynccontextmanager
async def connected() -> AsyncIterator[Session]:
    """Open the register of the environment: that of ``DATABASE_URL``, or the embedded one.

    The embedded server is shared with a running ``onward serve``, or started for as long as the command runs.
    """
    settings = Settings.load(os.environ)
    if settings.database_url is not None:
        async with _session(settings, settings.database_url) as session:
            yield session
        return
    # It refuses a directory that is not ours, so whoever gets past it may write without a key.
    postgres = Postgres(settings.data_dir / "postgres")
    try:
        dsn = await asyncio.to_thread(postgres.start)
        async with _session(settings, dsn) as session:
            yield session
    finally:
        await asyncio.to_thread(postgres.stop)


@asynccontextmanager
async def _session(settings: Settings, dsn: str) -> AsyncIterator[Session]:
    clock = Clock(settings)
    async with await database.open_pool(dsn, max_size=2) as pool, pool.acquire() as connection:
        await database.check_server(connection)
        await migrations.apply(connection)
        await register_actions.ensure_owner(connection, clock, settings)
        keyring = Keyring(clock)
        keyring.pool = pool
        actor = await _actor(settings, keyring)
        yield Session(settings=settings, clock=clock, connection=connection, actor=actor)


async def _actor(settings: Settings, keyring: Keyring) -> Actor:
    if settings.key is not None:
        return await keyring.actor([f"Bearer {settings.key}".encode()])
    if settings.database_url is not None:
        raise UnauthenticatedError(
            "DATABASE_URL is set, so the register may be shared, and who writes must be known. Set ONWARD_KEY to "
            "your access key."
        )
    user = _user()
    return Actor(name=f"local:{user}", holder=user, role=Role.ADMIN)


def _user() -> str:
    """The name of who runs this, from the system: the environment says what one likes."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
