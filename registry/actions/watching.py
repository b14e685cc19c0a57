"""One look at one watched list: what it says compared with what it said before, and drafted where it can be."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from registry.actions import world as worlds
from registry.actions.import_changes import Manner
from registry.actions.imports import open_drafts
from registry.actions.taking import Taking
from registry.actions.writing import Writing
from registry.database import Connection
from registry.errors import RegistryError
from registry.formats.news import Item
from registry.resources.changes import DraftKind
from registry.resources.lists import PublishedList
from registry.resources.watches import Watched, WatchedDifference, Weight
from registry.resources.world import World
from registry.rules.imports.identities import Identities, Identity
from registry.rules.imports.planning import PlannedDraft, Wanted, plan
from registry.rules.watching.chains import Chain, drafted
from registry.rules.watching.readings import Found, compare, reading_of
from registry.store import identities as identity_store
from registry.store import known_clients
from transfers.law import Law


class Setting(Struct, frozen=True, kw_only=True):
    """What drafting needs to know of the register."""

    law: Law
    notice_days: int


Outcome = tuple[tuple[WatchedDifference, ...], dict[str, Any], str | None]
"""What differs, the reading to be kept, and what is to be said of the look itself."""


class Look:
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
