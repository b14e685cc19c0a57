"""Watching what others publish: what differs from the last reading is told, and drafted for a person to decide.

Nothing is ever published by this. Whatever is asked of the network is asked before the transaction begins.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from registry.actions.watching import Look, Setting
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection, Pool
from registry.errors import Fault, InvalidError, NotFoundError, RegistryError
from registry.formats import news
from registry.formats.lists import read as read_list
from registry.formats.news import Item
from registry.resources.actors import Actor, Role
from registry.resources.lists import PublishedList
from registry.resources.watches import (
    Fetched,
    Watched,
    WatchedList,
    WatchState,
)
from registry.store import sub_processors as sub_processor_store
from registry.store import watches as store
from registry.store.watches import Looked

SYSTEM = Actor(name="system:watch", holder="Onward, watching lists", role=Role.PROCUREMENT)
EVERY = timedelta(days=1)
AGAIN = timedelta(hours=6)
"""After a failure."""
CLAIMED = timedelta(minutes=15)
"""A look that broke off is repeated after so long."""

Fetch = Callable[[Watched], Awaitable[Fetched]]


async def add(
    db: Connection,
    actor: Actor,
    clock: Clock,
    *,
    source: str,
    name: str | None,
    sub_processor_id: UUID | None,
) -> WatchedList:
    """Watch a list from now on; it is looked at as soon as anybody looks."""
    async with writing(db, actor, clock) as w:
        if sub_processor_id is not None:
            try:
                await sub_processor_store.get(db, sub_processor_id)
            except NotFoundError as error:
                raise InvalidError(
                    error.detail, [Fault(member="sub_processor_id", message=error.detail)]
                ) from error
        added = await store.add(
            db,
            name=name or source[:200],
            source=source,
            sub_processor_id=sub_processor_id,
            at=w.at,
            by=actor.holder,
        )
        told = {"source": source, "name": added.name, "sub_processor_id": sub_processor_id}
        await w.journal("created", "watched_list", added.id, told)
    return added


async def remove(db: Connection, actor: Actor, clock: Clock, watch_id: UUID) -> None:
    """Watch it no longer; what was drafted stays."""
    async with writing(db, actor, clock) as w:
        found = await store.get(db, watch_id)
        await store.remove(db, watch_id, w.at)
        await w.journal("removed", "watched_list", watch_id, {"source": found.source})


async def look_at_due(pool: Pool, fetch: Fetch, clock: Clock, setting: Setting) -> int:
    """Look at all that are due, each by one process only; how many there were."""
    count = 0
    while True:
        async with pool.acquire() as db:
            now = clock.now()
            watched = await store.claim(db, now, now + CLAIMED)
        if watched is None:
            return count
        fetched = await ask(watched, fetch, clock)
        async with pool.acquire() as db:
            await look(db, SYSTEM, clock, watched, fetched, setting)
        count += 1


async def ask(watched: Watched, fetch: Fetch, clock: Clock) -> Fetched:
    """Ask a source, unless its server asked to be left alone until later."""
    now = clock.now()
    if watched.wait_until is not None and watched.wait_until > now:
        left = int((watched.wait_until - now).total_seconds()) + 1
        until = watched.wait_until.isoformat(timespec="minutes")
        return Fetched(failure=f"Its server asks not to be asked again before {until}.", wait=left)
    return await fetch(watched)


async def look(  # noqa: PLR0917 - connection, person and clock first, as everywhere
    db: Connection, actor: Actor, clock: Clock, watched: Watched, fetched: Fetched, setting: Setting
) -> WatchedList:
    """What a source said compared with what it said before; what is to be drafted is, in one transaction."""
    now = clock.now()
    if fetched.body is None:
        await store.looked(db, watched.id, _without(fetched, now), now)
        return await store.get(db, watched.id)
    try:
        content = await asyncio.to_thread(_read, watched, fetched)
        async with writing(db, actor, clock) as w:
            found, reading, message = await Look(w, watched, setting).compare(content)
            state = WatchState.CHANGED if found else WatchState.UNCHANGED
            looked = Looked(
                state=state,
                message=message,
                due_at=now + EVERY,
                etag=fetched.etag,
                last_modified=fetched.last_modified,
                reading=reading,
                found=found,
            )
            await store.looked(db, watched.id, looked, now)
            if found:
                await w.journal(
                    "watched", "watched_list", watched.id, {"source": watched.source, "found": found}
                )
    except RegistryError as error:
        failed = Looked(state=WatchState.FAILED, message=error.detail, due_at=now + AGAIN)
        await store.looked(db, watched.id, failed, now)
    return await store.get(db, watched.id)


def _without(fetched: Fetched, now: datetime) -> Looked:
    if fetched.unchanged:
        return Looked(state=WatchState.UNCHANGED, message=None, due_at=now + EVERY)
    wait = timedelta(seconds=fetched.wait)
    return Looked(
        state=WatchState.FAILED,
        message=fetched.failure,
        due_at=now + max(AGAIN, wait),
        wait_until=now + wait if wait else None,
    )


def _read(watched: Watched, fetched: Fetched) -> PublishedList | list[Item]:
    body = fetched.body or b""
    if news.is_feed(body, fetched.media_type):
        items = news.read(body)
        if not items:
            raise InvalidError("The feed has no items, which says nothing of what was in it before.")
        return items
    name = watched.source.partition("?")[0].rpartition("/")[2] or None
    return read_list(body, media_type=fetched.media_type, name=name)
