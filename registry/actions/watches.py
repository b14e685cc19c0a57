"""Watching what others publish: what differs from the last reading is told, and drafted for a person to decide.

Nothing is ever published by this. Whatever is asked of the network is asked before the transaction begins.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from registry.actions.watching import DoubtfulError, Look, Setting
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection, Pool
from registry.errors import ConflictError, Fault, InvalidError, NotFoundError, RegistryError
from registry.formats import news
from registry.formats.lists import read as read_list
from registry.formats.news import Item
from registry.resources.actors import Actor, Role
from registry.resources.lists import Column, PublishedList
from registry.resources.watches import Fetched, Watched, WatchedList, WatchState
from registry.store import sub_processors as sub_processor_store
from registry.store import watches as store
from registry.store.watches import Looked

SYSTEM = Actor(name="system:watch", holder="Onward, watching lists", role=Role.PROCUREMENT)
AGAIN = timedelta(hours=1)
"""After a first failure; each further one doubles it."""
AGAIN_MOST = timedelta(days=2)
CLAIMED = timedelta(minutes=15)
"""A look that broke off is repeated after so long."""

DATABASE = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)
"""What ends the whole round, which begins again."""

log = logging.getLogger(__name__)

Fetch = Callable[[Watched], Awaitable[Fetched]]


async def add(
    db: Connection,
    actor: Actor,
    clock: Clock,
    *,
    source: str,
    name: str | None,
    sub_processor_id: UUID | None,
    columns: Mapping[str, str] = MappingProxyType({}),
    table: str | None = None,
    every_hours: int = 24,
) -> WatchedList:
    """Watch a list from now on; it is looked at as soon as anybody looks."""
    _refuse_unknown(columns)
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
            host=urlsplit(source).netloc if "://" in source else None,
            sub_processor_id=sub_processor_id,
            columns=columns,
            table=table,
            every_hours=every_hours,
            at=w.at,
            by=actor.holder,
        )
        told = {"source": source, "name": added.name, "sub_processor_id": sub_processor_id}
        await w.journal("created", "watched_list", added.id, told)
    return added


def _refuse_unknown(columns: Mapping[str, str]) -> None:
    known = ", ".join(Column)
    faults = [
        Fault(member=f"columns.{heading}", message=f"“{column}” is no column; there are {known}.")
        for heading, column in columns.items()
        if column not in set(Column)
    ]
    if faults:
        raise InvalidError(faults[0].message, faults)


async def remove(
    db: Connection,
    actor: Actor,
    clock: Clock,
    watch_id: UUID,
    seen: Callable[[WatchedList], None] | None = None,
) -> None:
    """Watch it no longer; what was drafted stays. `seen` refuses for who has not seen it as it is."""
    async with writing(db, actor, clock) as w:
        found = await store.get(db, watch_id, lock=True)
        if seen is not None:
            seen(found)
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
        await _look_at(pool, fetch, clock, watched, setting)
        count += 1


async def _look_at(pool: Pool, fetch: Fetch, clock: Clock, watched: Watched, setting: Setting) -> None:
    """A fault of ours in one look counts as a failure of that look, and keeps nobody from the others."""
    fetched = await ask(watched, fetch, clock)
    async with pool.acquire() as db:
        try:
            await look(db, SYSTEM, clock, watched, fetched, setting)
        except DATABASE:
            raise
        except Exception:
            log.exception("the watched list %s could not be compared", watched.id)
            now = clock.now()
            failed = _failed(watched, fetched, now, "Something went wrong on our side; the log has more.")
            await store.looked(db, watched.id, failed, now)


async def claim(db: Connection, clock: Clock, watch_id: UUID) -> Watched:
    """A list to look at now, due or not; nobody else looks at it or asks its host meanwhile."""
    await store.get(db, watch_id)
    now = clock.now()
    watched = await store.claim_one(db, watch_id, now, now + CLAIMED)
    if watched is None:
        raise ConflictError(
            "Somebody is looking at it, or at another list of its host, at this moment. Try again in a minute."
        )
    return watched


async def ask(watched: Watched, fetch: Fetch, clock: Clock) -> Fetched:
    """Ask a source, unless its host asked to be left alone until later."""
    now = clock.now()
    if watched.wait_until is not None and watched.wait_until > now:
        left = int((watched.wait_until - now).total_seconds()) + 1
        until = watched.wait_until.isoformat(timespec="minutes")
        return Fetched(later=f"Its host asks not to be asked again before {until}.", wait=left)
    return await fetch(watched)


async def look(  # noqa: PLR0917 - connection, person and clock first, as everywhere
    db: Connection,
    actor: Actor,
    clock: Clock,
    watched: Watched,
    fetched: Fetched,
    setting: Setting,
    *,
    take: bool = False,
) -> WatchedList:
    """What a source said compared with what it said before; what is to be drafted is, in one transaction."""
    now = clock.now()
    if fetched.host is not None and fetched.wait:
        await store.hold(db, fetched.host, now + timedelta(seconds=fetched.wait))
    if fetched.later is not None:
        await store.postponed(db, watched.id, fetched.later, now + timedelta(seconds=fetched.wait))
    elif fetched.unchanged:
        unchanged = Looked(state=WatchState.UNCHANGED, message=None, due_at=_next(watched, fetched, now))
        await store.looked(db, watched.id, unchanged, now)
    elif fetched.body is None:
        await store.looked(db, watched.id, _failed(watched, fetched, now, fetched.failure), now)
    else:
        try:
            content = await asyncio.to_thread(_read, watched, fetched)
            await _compare(db, actor, clock, watched, fetched, Content(content, setting, take))
        except DoubtfulError as doubt:
            failed = _failed(watched, fetched, now, str(doubt), doubtful=True)
            await store.looked(db, watched.id, failed, now)
        except RegistryError as error:
            await store.looked(db, watched.id, _failed(watched, fetched, now, error.detail), now)
    return await store.get(db, watched.id)


class Content(NamedTuple):
    """What was read, and how it is to be compared."""

    read: PublishedList | list[Item]
    setting: Setting
    take: bool


async def _compare(  # noqa: PLR0917 - as above
    db: Connection, actor: Actor, clock: Clock, watched: Watched, fetched: Fetched, content: Content
) -> None:
    now = clock.now()
    async with writing(db, actor, clock) as w:
        outcome = await Look(w, watched, content.setting, take=content.take).compare(content.read)
        looked = Looked(
            state=WatchState.CHANGED if outcome.found else WatchState.UNCHANGED,
            message=outcome.message,
            due_at=_next(watched, fetched, now),
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            reading=outcome.reading,
            found=outcome.found,
            drafted=outcome.drafted,
        )
        await store.looked(db, watched.id, looked, now)
        if outcome.found or content.take:
            told = {"source": watched.source, "found": outcome.found, "take": content.take}
            await w.journal("watched", "watched_list", watched.id, told)


def _next(watched: Watched, fetched: Fetched, now: datetime) -> datetime:
    return now + max(timedelta(hours=watched.every_hours), timedelta(seconds=fetched.wait))


def _failed(
    watched: Watched, fetched: Fetched, now: datetime, message: str | None, *, doubtful: bool = False
) -> Looked:
    """The more often it fails, the longer the pause."""
    again = min(AGAIN * 2 ** min(watched.failures, 10), AGAIN_MOST)
    return Looked(
        state=WatchState.FAILED,
        message=message,
        due_at=now + max(again, timedelta(seconds=fetched.wait)),
        doubtful=doubtful,
    )


def _read(watched: Watched, fetched: Fetched) -> PublishedList | list[Item]:
    body = fetched.body or b""
    if news.is_feed(body, fetched.media_type):
        items = news.read(body)
        if not items:
            raise InvalidError(
                "The feed has no items, which says nothing of what was in it before. Look whether it has moved."
            )
        return items
    name = watched.source.partition("?")[0].rpartition("/")[2] or None
    return read_list(
        body, dict(watched.columns), media_type=fetched.media_type, name=name, table=watched.table
    )
