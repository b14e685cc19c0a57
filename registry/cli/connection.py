"""What a command that reads or writes the register needs: its database, a clock, and who writes."""

import asyncio
import os
import pwd
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

import migrations
from registry import database, embedded
from registry.actions import register as register_actions
from registry.clock import Clock
from registry.errors import NotFoundError, UnauthenticatedError
from registry.resources.actors import Actor, Role
from registry.settings import Settings
from registry.store import access_keys as access_key_store
from registry.store import register as register_store
from registry.web.keyring import Keyring


class Session(Struct, frozen=True, kw_only=True):
    """One command's connection, and whom the journal names for what it writes."""

    settings: Settings
    clock: Clock
    pool: database.Pool
    """Has one more connection beside the command's own."""
    connection: database.Connection
    actor: Actor


@asynccontextmanager
async def connected(*, begins: bool = False, recovers: bool = False) -> AsyncIterator[Session]:
    """Open the register of the environment: that of ``DATABASE_URL``, or the embedded one.

    The embedded server is shared with a running ``onward serve``, or started for as long as the command runs.
    A register that is not there yet is made only where the command ``begins`` one, and then it is said.
    ``recovers`` is for the making of an admin's key: while none is good, whoever has the database needs none.
    """
    settings = Settings.load(os.environ)
    tell_clock(settings)
    if settings.database_url is not None:
        async with _session(settings, settings.database_url, begins=begins, recovers=recovers) as session:
            yield session
        return
    if not begins:
        require_begun(settings)
    # It refuses a directory that is not ours, so whoever gets past it may write without a key.
    postgres = embedded.Postgres(settings.data_dir / "postgres")
    try:
        dsn = await asyncio.to_thread(postgres.start)
        async with _session(settings, dsn, begins=begins, recovers=recovers) as session:
            yield session
    finally:
        await asyncio.to_thread(postgres.stop)


@asynccontextmanager
async def _session(settings: Settings, dsn: str, *, begins: bool, recovers: bool) -> AsyncIterator[Session]:
    clock = Clock(settings)
    async with await database.open_pool(dsn, max_size=2) as pool, pool.acquire() as connection:
        await database.check_server(connection)
        if not begins and not await register_store.is_there(connection):
            raise NotFoundError(none_yet(settings))
        await migrations.apply(connection)
        keyring = Keyring(clock)
        keyring.pool = pool
        if settings.key is not None:
            actor = await keyring.actor([f"Bearer {settings.key}".encode()])
        else:
            good = await access_key_store.is_good_admin_there(connection, clock.now())
            actor = _without_key(settings, recovers=recovers and not good)
        if begins and await register_actions.ensure_owner(connection, clock, settings):
            whose = f"{settings.name}, established in {settings.country} (ONWARD_NAME, ONWARD_COUNTRY)"
            print(f"A new register is begun in {_where(settings)}: that of {whose}.", file=sys.stderr)
        yield Session(settings=settings, clock=clock, pool=pool, connection=connection, actor=actor)


def tell_clock(settings: Settings) -> None:
    """Say loudly that the clock is set, since whatever is written bears its days."""
    if settings.now is not None:
        said = f"*** THE CLOCK IS SET: ONWARD_NOW starts it at {settings.now.isoformat()} ***"
        print(said, file=sys.stderr, flush=True)


def require_begun(settings: Settings) -> None:
    """Refuse where an embedded database would be begun only to find nothing in it."""
    if settings.database_url is None and not embedded.is_initialised(settings.data_dir / "postgres"):
        raise NotFoundError(none_yet(settings))


def _without_key(settings: Settings, *, recovers: bool) -> Actor:
    if settings.database_url is not None and not recovers:
        raise UnauthenticatedError(
            "DATABASE_URL is set, so the register may be shared, and who asks must be known. Set ONWARD_KEY to "
            "your access key. Only while no admin's key is good does `onward keys create --role admin` need none."
        )
    user = _user()
    return Actor(name=f"local:{user}", holder=user, role=Role.ADMIN)


def _where(settings: Settings) -> str:
    return str(settings.data_dir) if settings.database_url is None else "the database of DATABASE_URL"


def none_yet(settings: Settings) -> str:
    """That there is no register here, and how one is begun or found."""
    if settings.database_url is not None:
        return f"There is no register in {_where(settings)} yet. Start `onward serve` with it first."
    example = settings.data_dir / "demo"
    found = f"; the example's is {example}" if embedded.is_initialised(example / "postgres") else ""
    return (
        f"There is no register in {settings.data_dir} yet. Start `onward serve` to begin one there, or set "
        f"ONWARD_DATA_DIR to the directory of yours{found}."
    )


def _user() -> str:
    """The name of who runs this, from the system: the environment says what one likes."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
