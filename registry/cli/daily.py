"""What a server process does once a day beside answering: it looks at the whole register again."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
from litestar import Litestar

from registry.actions import reassessments

AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""A database that is away for a moment is there again at the next look."""
GLANCE = 60
"""Seconds between two looks at the calendar."""
PATIENCE = 3
"""Seconds that a look has to end when the server stops."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def reassessing(app: Litestar) -> AsyncIterator[None]:
    """Reassess at the start and whenever a day has passed, for as long as the app runs."""
    stopped = asyncio.Event()
    task = asyncio.create_task(_every_day(app, stopped))
    try:
        yield
    finally:
        # Told twice: a database that is away may swallow the one, and nobody waits for it.
        stopped.set()
        task.cancel()
        await asyncio.wait({task}, timeout=PATIENCE)


async def _every_day(app: Litestar, stopped: asyncio.Event) -> None:
    clock, law = app.state.clock, app.state.law
    done = None
    while not stopped.is_set():
        today = clock.today()
        if today != done:
            try:
                async with app.state.pool.acquire() as db:
                    if await reassessments.is_due(db, clock, law):
                        await reassessments.reassess(db, reassessments.SYSTEM, clock, law)
                done = today
            except AWAY as error:
                log.warning("the transfers of %s could not be reassessed: %s; tried again soon", today, error)
            except Exception:  # A fault of ours must not end every look to come.
                log.exception("the transfers of %s could not be reassessed", today)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), GLANCE)
