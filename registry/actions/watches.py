"""Watching what others publish: what differs from the last reading is told, and drafted for a person to decide.

Nothing is ever published by this. Whatever is asked of the network is asked before the transaction begins.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.actions import world as worlds
from registry.actions.import_changes import Manner
from registry.actions.imports import open_drafts
from registry.actions.taking import Taking
from registry.actions.writing import Writing, writing
from registry.clock import Clock
from registry.database import Connection, Pool
from registry.errors import Fault, InvalidError, NotFoundError, RegistryError
from registry.formats import news
from registry.formats.lists import read as read_list
from registry.formats.news import Item
from registry.resources.actors import Actor, Role
from registry.resources.changes import DraftKind
from registry.resources.lists import PublishedList
from registry.resources.watches import (
    Fetched,
    Watched,
    WatchedDifference,
    WatchedList,
    WatchState,
    Weight,
)
from registry.resources.world import World
from registry.rules.imports.identities import Identities, Identity
from registry.rules.imports.planning import PlannedDraft, Wanted, plan
from registry.rules.watching.chains import Chain, drafted
from registry.rules.watching.readings import Found, compare, reading_of
from registry.store import identities as identity_store
from registry.store import known_clients
from registry.store import sub_processors as sub_processor_store
from registry.store import watches as store
from registry.store.watches import Looked
from transfers.law import Law

SYSTEM = Actor(name="system:watch", holder="Onward, watching lists", role=Role.PROCUREMENT)
EVERY = timedelta(days=1)
AGAIN = timedelta(hours=6)
"""After a failure."""
CLAIMED = timedelta(minutes=15)
"""A look that broke off is repeated after so long."""

Fetch = Callable[[Watched], Awaitable[Fetched]]


class Setting(Struct, frozen=True, kw_only=True):
    """What drafting needs to know of the register."""

    law: Law
    notice_days: int


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
            found, reading, message = await _Look(w, watched, setting).compare(content)
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


Outcome = tuple[tuple[WatchedDifference, ...], dict[str, Any], str | None]
"""What differs, the reading to be kept, and what is to be said of the look itself."""


class _Look:
    """One look at one list, in a writing transaction."""

    def __init__(self, w: Writing, watched: Watched, setting: Setting) -> None:
        self.w = w
        self.watched = watched
        self.setting = setting
        self.before: Mapping[str, Any] | None = (watched.reading or {}).get("entries")

    async def compare(self, content: PublishedList | list[Item]) -> Outcome:
        if isinstance(content, list):
            return self._feed(content)
        world = await worlds.within(self.w.db)
        if self.watched.sub_processor_id is None:
            return await self._own(content, world)
        return await self._theirs(content, world, self.watched.sub_processor_id)

    def _feed(self, items: Sequence[Item]) -> Outcome:
        """News is for a person to read: nobody can tell for certain what an item means for the register."""
        before = self.before
        found = [
            WatchedDifference(
                name=item.title, weight=Weight.MATERIAL, told=(f"It is new in their feed: {item.url}",)
            )
            for item in items
            if before is not None and item.id not in before
        ]
        found += [
            WatchedDifference(name=item.title, weight=Weight.COSMETIC, told=("Its title is another.",))
            for item in items
            if before is not None and item.id in before and before[item.id]["title"] != item.title
        ]
        entries = {item.id: {"title": item.title, "url": item.url} for item in items}
        return tuple(found), {"kind": "feed", "entries": entries}, _first(before, len(entries), "items")

    async def _theirs(self, read: PublishedList, world: World, vendor: UUID) -> Outcome:
        today = self.w.today
        reading = await asyncio.to_thread(reading_of, read, today)
        stored = reading.stored()
        message = _first(self.before, len(reading.listed), "sub-processors")
        if reading.rejected:
            message = f"{message or ''} {reading.rejected} of its rows cannot be read; import it to see why.".strip()
        if self.before is None or (self.watched.reading or {}).get("kind") != "list":
            return (), stored, message
        chain = Chain(
            vendor=world.sub_processors[vendor].organisation_id,
            day=today,
            reason=f"The list of {self.watched.name} has changed",
            identities=await _identities(self.w.db),
        )
        taking = await self._taking(world)
        told = []
        for found in compare(self.before, reading):
            draft = None if found.weight is Weight.COSMETIC else drafted(found, reading, world, chain)
            told.append(await self._drafted(taking, found, draft))
        return tuple(told), stored, message

    async def _own(self, read: PublishedList, world: World) -> Outcome:
        """Our own list, kept elsewhere: it is compared with the register itself, as an import is."""
        wanted = Wanted(
            day=self.w.today,
            reason=f"The list {self.watched.name} has changed",
            law=self.setting.law,
            identities=await _identities(self.w.db),
            drafts=await open_drafts(self.w.db),
        )
        planned = await asyncio.to_thread(plan, read, world, wanted)
        taking = await self._taking(world)
        await taking.services(planned.services)
        problems = {row.row or row.name: row.problems for row in planned.rows}
        told = []
        for item in planned.drafts:
            is_wording = item.draft is not None and item.draft.kind is DraftKind.CORRECTION
            found = Found(
                name=item.name,
                weight=Weight.CORRECTION if is_wording else Weight.MATERIAL,
                told=problems.get(item.row or item.name, ()) or ("It differs from the register.",),
                listed=None,
            )
            told.append(await self._drafted(taking, found, item))
        entries = {row.name: {"row": row.row} for row in planned.rows}
        return tuple(told), {"kind": "own", "entries": entries}, None

    async def _taking(self, world: World) -> Taking:
        manner = Manner(
            law=self.setting.law,
            clients=await known_clients.read(self.w.db),
            notice_days=self.setting.notice_days,
            publishes=False,
            reason=f"The list {self.watched.name} has changed",
            accept={},
            already_told=None,
            writes=True,
        )
        return Taking(self.w, world, manner)

    async def _drafted(
        self, taking: Taking, found: Found, draft: PlannedDraft | str | None
    ) -> WatchedDifference:
        """Draft what can be; what the register refuses is told beside what was found."""
        told, change_id = found.told, None
        if isinstance(draft, str):
            told = (*told, draft)
        elif draft is not None:
            head = self.w.head
            try:
                async with self.w.db.transaction():
                    await taking.chunk([draft])
                change_id = taking.made[-1].change.id
            except RegistryError as error:
                # What was written for it is taken back, and its journal numbers with it.
                self.w.head = head
                told = (*told, f"It cannot be drafted: {error.detail}")
        return WatchedDifference(name=found.name, weight=found.weight, told=told, change_id=change_id)


def _first(before: Mapping[str, Any] | None, count: int, what: str) -> str | None:
    if before is not None:
        return None
    return f"It was read for the first time, with {count} {what}; from now on it is told what differs."


async def _identities(db: Connection) -> Identities:
    return Identities([Identity(**row._asdict()) for row in await identity_store.everything(db)])
