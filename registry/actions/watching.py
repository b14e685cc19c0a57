"""One look at one watched list: what it says compared with what it said before, and drafted where it can be."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from registry.actions import world as worlds
from registry.actions.import_changes import Manner
from registry.actions.imports import open_drafts
from registry.actions.taking import Taking
from registry.actions.writing import Writing
from registry.errors import RegistryError
from registry.formats.news import Item
from registry.resources.imports import ImportAction
from registry.resources.lists import PublishedList
from registry.resources.stored import ChangeRow
from registry.resources.watches import Pending, Watched, WatchedDifference, Weight
from registry.resources.world import World
from registry.rules.fold import on
from registry.rules.imports.identities import Identities, Identity
from registry.rules.imports.planning import PlannedDraft, Wanted, plan
from registry.rules.watching.chains import Chain, drafted
from registry.rules.watching.doubts import columns_of, doubt, shrunk
from registry.rules.watching.memory import NOTHING_MORE, Memory, fingerprint, otherwise
from registry.rules.watching.own import found_of
from registry.rules.watching.readings import Found, compare, reading_of
from registry.store import identities as identity_store
from registry.store import known_clients
from transfers.law import Law


class Setting(Struct, frozen=True, kw_only=True):
    """What drafting needs to know of the register."""

    law: Law
    notice_days: int


class Outcome(Struct, frozen=True, kw_only=True):
    """What a look came to."""

    found: tuple[WatchedDifference, ...] = ()
    reading: dict[str, Any]
    """What is kept of it until the next look."""
    message: str | None = None
    drafted: Mapping[str, Pending]


class DoubtfulError(Exception):
    """The list lost so much that a person must say whether it is to be taken as it is; kept with the watched list."""


class Look:
    """One look at one list, in a writing transaction; with `take`, it is believed whatever it has lost."""

    def __init__(self, w: Writing, watched: Watched, setting: Setting, *, take: bool) -> None:
        self.w = w
        self.watched = watched
        self.setting = setting
        self.take = take
        self.last = watched.reading
        self.before: Mapping[str, Any] | None = None
        self.reason = f"The list {watched.name} has changed"
        self.memory = Memory(watched.drafted, ())

    async def compare(self, content: PublishedList | list[Item]) -> Outcome:
        """Raises `DoubtfulError` where the content is not believed beside what was last read."""
        if isinstance(content, list):
            return self._feed(content)
        drafts = await open_drafts(self.w.db)
        self.memory = Memory(self.watched.drafted, drafts)
        world = await worlds.within(self.w.db)
        identities = Identities(
            [Identity(**row._asdict()) for row in await identity_store.everything(self.w.db)]
        )
        if self.watched.sub_processor_id is None:
            return await self._own(content, world, identities, drafts)
        return await self._theirs(content, world, self.watched.sub_processor_id, identities)

    def _believe(self, reading: Mapping[str, Any]) -> None:
        reason = doubt(self.last, reading) if self.last is not None and not self.take else None
        if reason is not None:
            raise DoubtfulError(reason)
        if self.last is not None and self.last["kind"] == reading["kind"]:
            self.before = self.last["entries"]

    def _feed(self, items: Sequence[Item]) -> Outcome:
        """News is for a person to read: nobody can tell for certain what an item means for the register."""
        entries = {item.id: {"title": item.title, "url": item.url} for item in items}
        reading = {"kind": "feed", "entries": entries}
        self._believe(reading)
        before = self.before
        found = [
            WatchedDifference(
                name=item.title,
                weight=Weight.MATERIAL,
                told=(f"It is new in their feed: {item.url or item.title}",),
            )
            for item in items
            if before is not None and item.id not in before
        ]
        found += [
            WatchedDifference(
                name=item.title,
                weight=Weight.COSMETIC,
                told=(f"Its title is another; it was “{before[item.id]['title']}”.",),
            )
            for item in items
            if before is not None and item.id in before and before[item.id]["title"] != item.title
        ]
        return Outcome(
            found=tuple(found),
            reading=reading,
            message=_first(before, len(entries), "items"),
            drafted=self.watched.drafted,
        )

    async def _theirs(
        self, read: PublishedList, world: World, vendor: UUID, identities: Identities
    ) -> Outcome:
        today = self.w.today
        reading = await asyncio.to_thread(reading_of, read, today)
        stored = reading.stored()
        self._believe(stored)
        message = _first(self.before, len(reading.listed), "sub-processors")
        if reading.rejected:
            message = f"{message or ''} {reading.rejected} of its rows cannot be read; import it to see why.".strip()
        told = []
        if self.before is not None:
            chain = Chain(
                vendor=world.sub_processors[vendor].organisation_id,
                day=today,
                reason=self.reason,
                identities=identities,
            )
            for found in compare(self.before, reading):
                draft = None if found.weight is Weight.COSMETIC else drafted(found, reading, world, chain)
                told.append(await self._drafted(world, found, draft))
        return Outcome(found=tuple(told), reading=stored, message=message, drafted=self.memory.kept())

    async def _own(
        self, read: PublishedList, world: World, identities: Identities, drafts: tuple[ChangeRow, ...]
    ) -> Outcome:
        """Our own list, kept elsewhere: it is compared with the register itself, as an import is."""
        wanted = Wanted(
            day=self.w.today,
            reason=self.reason,
            law=self.setting.law,
            identities=identities,
            drafts=drafts,
        )
        planned = await asyncio.to_thread(plan, read, world, wanted)
        listed = [
            row for row in planned.rows if row.row is not None and row.action is not ImportAction.REJECT
        ]
        reading = {
            "kind": "own",
            "columns": columns_of(read),
            "entries": {row.name: {"row": row.row} for row in listed},
        }
        self._believe(reading)
        gone = sum(1 for row in planned.rows if row.action is ImportAction.REMOVE)
        known = sum(1 for one in world.sub_processors.values() if on(one.periods, self.w.today) is not None)
        reason = None if self.take else shrunk(known, known - gone)
        if reason is not None:
            raise DoubtfulError(f"It does not have most of what is on the register. {reason}")
        await (await self._taking(world)).services(planned.services)
        world = replace(world, services={**world.services, **planned.services})
        problems = {row.row or row.name: row.problems for row in planned.rows}
        told = []
        for item in planned.drafts:
            found = found_of(item, world, self.w.today, problems.get(item.row or item.name, ()))
            told.append(await self._drafted(world, found, item))
        return Outcome(found=tuple(told), reading=reading, drafted=self.memory.kept())

    async def _taking(self, world: World) -> Taking:
        manner = Manner(
            law=self.setting.law,
            clients=await known_clients.read(self.w.db),
            notice_days=self.setting.notice_days,
            publishes=False,
            reason=self.reason,
            accept={},
            already_told=None,
            writes=True,
        )
        return Taking(self.w, world, manner)

    async def _drafted(
        self, world: World, found: Found, draft: PlannedDraft | str | None
    ) -> WatchedDifference:
        """Draft what can be, once; what the register refuses is told beside what was found."""
        item = draft if isinstance(draft, PlannedDraft) else None
        key = fingerprint(found.name, item.draft) if item is not None and item.draft is not None else None
        told, change_id = (*found.told, *otherwise(self.memory.waiting(found.name, key))), None
        known = self.memory.known(key) if key is not None else None
        if isinstance(draft, str):
            told = (*told, draft)
        elif known is not None and self.memory.waits(known.change_id):
            told, change_id = (*told, "It was drafted before, and the draft still waits."), known.change_id
        elif known is not None:
            told = (*told, f"Draft {known.change_id} of it has been decided. {NOTHING_MORE}")
        elif item is not None:
            head = self.w.head
            # One of its own for each: what one that failed had begun is none of the next one's.
            taking = await self._taking(world)
            try:
                async with self.w.db.transaction():
                    await taking.chunk([item])
                made = taking.made[-1].change.id
                if key is not None and made is not None:
                    self.memory.remember(key, made, found.name)
                change_id = made
            except RegistryError as error:
                # What was written for it is taken back, and its journal numbers with it.
                self.w.head = head
                told = (*told, f"It cannot be drafted: {error.detail}")
        return WatchedDifference(name=found.name, weight=found.weight, told=told, change_id=change_id)


def _first(before: Mapping[str, Any] | None, count: int, what: str) -> str | None:
    if before is not None:
        return None
    return f"It was read for the first time, with {count} {what}; from now on it is told what differs."
