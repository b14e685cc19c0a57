"""Transfers and safeguards of a day: derived and judged when asked for."""

from datetime import date
from uuid import UUID

from registry.actions import world as worlds
from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.transfers import SafeguardRecord
from registry.resources.world import World
from registry.rules.hops import hops
from registry.rules.safeguards import records
from registry.rules.transfers import Judged, judge
from transfers.law import Law


async def judged(
    db: Connection, *, day: date, law: Law, known: int | None = None
) -> tuple[int, list[Judged]]:
    """Every transfer of the day, in the order of their ids, and the change number used."""
    world = await worlds.read(db, known)
    found = [judge(hop, day, law) for hop in hops(world, day, law)]
    return world.change_no, sorted(found, key=lambda one: one.hop.id)


async def one(db: Connection, transfer_id: UUID, *, day: date, law: Law) -> tuple[int, Judged]:
    """A transfer of the day by its permanent id."""
    world = await worlds.read(db)
    for hop in hops(world, day, law):
        if hop.id == transfer_id:
            return world.change_no, judge(hop, day, law)
    raise NotFoundError(
        f"There is no transfer {transfer_id} on {day}. A transfer is there on the days on which its use and"
        " place are in the terms; ask with `as_of` for another day."
    )


async def safeguards(
    db: Connection, *, day: date, known: int | None = None
) -> tuple[int, list[SafeguardRecord]]:
    """Every instrument in the terms of the day, and the change number used."""
    world: World = await worlds.read(db, known)
    return world.change_no, records(world, day)
