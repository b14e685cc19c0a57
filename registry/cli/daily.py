"""What a server process does once a day beside answering: it looks at the whole register again."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
from litestar import Litestar

from registry.actions import reassessments

AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""A database that is away for a moment is there again at the next look."""
GLANCE = 60
"""Seconds between two looks at the calendar."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def reassessing(app: Litestar) -> AsyncIterator[None]:
    """Reassess at the start and whenever a day has passed, for as long as the app runs."""
    task = asyncio.create_task(_every_day(app))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _every_day(app: Litestar) -> None:
    clock, law = app.state.clock, app.state.law
    done = None
    while True:
        today = clock.today()
        if today != done:
            try:
                async with app.state.pool.acquire() as db:
                    if await reassessments.is_due(db, clock, law):
                        await reassessments.reassess(db, reassessments.SYSTEM, clock, law)
                done = today
            except AWAY as error:
                log.warning("the transfers of %s could not be reassessed: %s; tried again soon", today, error)
        await asyncio.sleep(GLANCE)
