"""Transfers and safeguards of a day: derived and judged when asked for."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from registry.actions import client_transfers
from registry.actions import world as worlds
from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.timelines import TransferInterval, TransferTimeline, TurningChange
from registry.resources.transfers import SafeguardRecord
from registry.resources.world import World
from registry.rules import timelines
from registry.rules.hops import Hop, hops
from registry.rules.safeguards import records
from registry.rules.spans import resting
from registry.rules.timelines import Turn
from registry.rules.transfers import Judged, judge
from registry.store import changes as store
from transfers.law import Law


async def judged(
    db: Connection, *, day: date, law: Law, known: int | None = None
) -> tuple[int, list[Judged]]:
    """Every transfer of the day, in the order of their ids, and the change number used."""
    world = await worlds.read(db, known)
    found = _judged(world, hops(world, day, law), day, law)
    return world.change_no, sorted(found, key=lambda one: one.hop.id)


async def one(
    db: Connection,
    transfer_id: UUID,
    *,
    day: date,
    law: Law,
    public_url: str,
    client_id: UUID | None = None,
) -> tuple[int, Judged, UUID | None]:
    """A transfer of the day by its permanent id, the journal number used, and the client that it is judged for.

    Without a client it is that of the register, or else of the first client under whose own rules there is one.
    """
    async with db.transaction(isolation="repeatable_read", readonly=True):
        if client_id is None:
            world = await worlds.within(db)
            for hop in hops(world, day, law):
                if hop.id == transfer_id:
                    [found] = _judged(world, [hop], day, law)
                    return world.journal_no, found, None
            client_id = await client_transfers.whose(db, transfer_id, day=day, law=law)
        if client_id is not None:
            number, of_client = await client_transfers.one(
                db, client_id, transfer_id, day=day, law=law, public_url=public_url
            )
            if of_client is not None:
                return number, of_client, client_id
    raise NotFoundError(
        f"There is no transfer {transfer_id} on {day}. A transfer is there on the days on which its use and"
        " place are in the terms; ask with `as_of` for another day, or for its timeline."
    )


async def timeline(
    db: Connection, transfer_id: UUID, *, law: Law, client_id: UUID | None = None
) -> tuple[int, TransferTimeline]:
    """Every past and coming verdict on a transfer, and the journal number used; of clients as for `one`."""
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world = await worlds.within(db)
        found = timelines.find(world, transfer_id, law) if client_id is None else []
        if not found:
            client_id, found = await client_transfers.spans(db, transfer_id, client_id, law=law)
        if not found:
            raise NotFoundError(f"There is no transfer {transfer_id} on any day from 1995 on.")
        turns = timelines.course(found, law)
        numbers = sorted({number for turn in turns for number in turn.changes})
        ids = {row.number: row.id for row in await store.numbered(db, numbers)}
    last = turns[-1].span.hop
    return world.journal_no, TransferTimeline(
        id=transfer_id,
        client_id=client_id,
        regime=last.regime,
        sub_processor_id=last.sub_processor_id,
        sub_processor=last.sub_processor,
        intervals=tuple(
            _interval(
                turn, law, tuple(TurningChange(number=number, id=ids[number]) for number in turn.changes)
            )
            for turn in turns
        ),
        law_edition=law.edition,
    )


async def safeguards(
    db: Connection, *, day: date, known: int | None = None
) -> tuple[int, list[SafeguardRecord]]:
    """Every instrument in the terms of the day, and the change number used."""
    world: World = await worlds.read(db, known)
    return world.change_no, records(world, day)


def _judged(world: World, found: Iterable[Hop], day: date, law: Law) -> list[Judged]:
    """The hops judged, each with the day until which that holds."""
    rests = {key: resting(world, sub_processor) for key, sub_processor in world.sub_processors.items()}
    answers = []
    for hop in found:
        answer = judge(hop, day, law)
        until = timelines.held_until(world, answer, rests[hop.sub_processor_id], law)
        answers.append(replace(answer, valid_until=until))
    return answers


def _interval(turn: Turn, law: Law, changes: tuple[TurningChange, ...]) -> TransferInterval:
    event, records = timelines.told(turn, law)
    read, _ = turn.said
    return TransferInterval(
        first_day=turn.first_day,
        until=turn.until,
        verdict=turn.verdict,
        valid_until=turn.valid_until,
        conservative_verdict=read.conservative_verdict,
        relied_on=turn.mechanism(law),
        event=event,
        changes=changes,
        law_records=records,
    )
