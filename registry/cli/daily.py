"""What a server process does beside answering: once a day it looks at the whole register, and at watched lists."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import asyncpg
from litestar import Litestar

from registry.actions import reassessments, watches
from registry.actions.watching import Setting
from registry.delivery.fetching import Fetcher, agent
from registry.delivery.guard import Guard

AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""A database that is away for a moment is there again at the next look."""
GLANCE = 60
"""Seconds between two looks at the calendar."""
PATIENCE = 3
"""Seconds that a look has to end when the server stops."""

log = logging.getLogger(__name__)


def reassessing(app: Litestar) -> AbstractAsyncContextManager[None]:
    """Reassess at the start and whenever a day has passed, for as long as the app runs."""
    return _beside(app, _every_day)


def watching(app: Litestar) -> AbstractAsyncContextManager[None]:
    """Look at each watched list when it is due, for as long as the app runs; of several processes one does."""
    return _beside(app, _whenever_due)


@asynccontextmanager
async def _beside(
    app: Litestar, look: Callable[[Litestar, asyncio.Event], Coroutine[None, None, None]]
) -> AsyncIterator[None]:
    stopped = asyncio.Event()
    task = asyncio.create_task(look(app, stopped))
    try:
        yield
    finally:
        # Told twice: a database that is away may swallow the one, and nobody waits for it.
        stopped.set()
        task.cancel()
        await asyncio.wait({task}, timeout=PATIENCE)


async def _whenever_due(app: Litestar, stopped: asyncio.Event) -> None:
    state = app.state
    settings = state.settings
    setting = Setting(law=state.law, notice_days=settings.notice_days)
    guard = Guard(settings.webhook_allow, settings.webhook_timeout, agent=agent(settings.public_url))
    async with guard:
        # One for as long as the server runs: what hosts ask for is kept in mind.
        fetch = Fetcher(guard, state.clock, files=True)
        await _look_on(app, fetch, setting, stopped)


async def _look_on(app: Litestar, fetch: Fetcher, setting: Setting, stopped: asyncio.Event) -> None:
    state = app.state
    while not stopped.is_set():
        try:
            await watches.look_at_due(state.pool, fetch, state.clock, setting)
        except AWAY as error:
            log.warning("watched lists could not be looked at: %s; tried again soon", error)
        except Exception:  # As above.
            log.exception("watched lists could not be looked at")
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), GLANCE)


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
