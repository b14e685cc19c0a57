"""The list on a day, with what is planned: read in one snapshot."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from registry.actions import world as worlds
from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.sub_processors import PlannedChange, PublicSubProcessor, Status
from registry.resources.world import World
from registry.rules import news
from registry.rules.fold import standing
from registry.rules.listing import by_name, planned_by_subject, public_view
from registry.rules.views import public_view as public_change
from registry.store import changes as store
from registry.store import subjects
from registry.store.subjects import Subject
from transfers.law import Law

ON_THE_LIST = frozenset({Status.ACTIVE, Status.ENDING})
"""What is true on a day: the list in the strict sense."""


async def everything(
    db: Connection,
    *,
    day: date,
    law: Law,
    public_url: str,
    wanted: Collection[Status] = ON_THE_LIST,
    known: int | None = None,
) -> tuple[int, list[PublicSubProcessor]]:
    """The sub-processors with one of the wanted statuses on the day, by name, and the change number used."""
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world = await worlds.within(db, known)
        coming = await planned(db, world, day, public_url)
    views = [
        view
        for sub_processor in world.sub_processors.values()
        if (
            view := public_view(
                world,
                sub_processor,
                day=day,
                law=law,
                planned=coming.get(sub_processor.id, ()),
                public_url=public_url,
            )
        )
        is not None
        and view.status in wanted
    ]
    return world.change_no, by_name(views)


async def one(
    db: Connection, sub_processor_id: UUID, *, day: date, law: Law, public_url: str
) -> tuple[int, PublicSubProcessor]:
    """One sub-processor on the day, and the journal number used.

    The same 404 whether it does not exist or is not published.
    """
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world = await worlds.within(db)
        coming = await planned(db, world, day, public_url)
    known = world.sub_processors.get(sub_processor_id)
    view = known and public_view(
        world, known, day=day, law=law, planned=coming.get(sub_processor_id, ()), public_url=public_url
    )
    if not view:
        raise NotFoundError(f"There is no sub-processor {sub_processor_id} on the register.")
    return world.journal_no, view


async def planned(
    db: Connection, world: World, day: date, public_url: str
) -> Mapping[UUID, Sequence[PlannedChange]]:
    """What is published and not yet true on the day, for each sub-processor; withdrawn is not planned."""
    coming: list[tuple[UUID, date, int]] = []
    of_organisation = {known.organisation_id: key for key, known in world.sub_processors.items()}
    parts = await subjects.parts(db, Subject.SUB_PROCESSOR, list(world.sub_processors))
    for key, of_one in parts.items():
        coming += [
            (key, part.effective_on, part.number)
            for part in standing(of_one, world.change_no)
            if part.effective_on > day
        ]
    parts = await subjects.parts(db, Subject.ORGANISATION, list(of_organisation))
    for key, of_one in parts.items():
        coming += [
            (of_organisation[key], part.effective_on, part.number)
            for part in standing(of_one, world.change_no)
            if part.effective_on > day
        ]
    rows = {row.number: row for row in await store.numbered(db, sorted({number for _, _, number in coming}))}
    return planned_by_subject(
        [
            (
                subject,
                PlannedChange(
                    id=rows[number].id,
                    number=number,
                    effective_on=effective_on,
                    title=news.planned_title(
                        public_change(rows[number], public_url),
                        (subject, world.sub_processors[subject].organisation_id),
                        effective_on,
                    ),
                ),
            )
            for subject, effective_on, number in coming
        ]
    )
