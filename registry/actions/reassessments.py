"""Looking at the whole register again, because a day has passed or the law has moved."""

import asyncio

from registry.actions import world as worlds
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection
from registry.resources.actors import Actor, Role
from registry.resources.reassessments import Reassessment
from registry.rules.reassessments import look
from registry.store import reassessments as store
from registry.store.reassessments import LastLook
from transfers.law import Law

SYSTEM = Actor(name="system", holder="system", role=Role.ADMIN)


async def reassess(db: Connection, actor: Actor, clock: Clock, law: Law) -> Reassessment:
    """Record every verdict of the day, and journal those that turned since it was last recorded.

    Whoever comes second, in whatever process, queues for the head row and finds all of it recorded. The register
    is looked at before, so that writers wait only where somebody has written meanwhile.
    """
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world, known, before = await worlds.within(db), await store.seen(db), await store.last(db)
    today = clock.today()
    # Beside the loop, since a large register takes a while: a server answers meanwhile.
    found = await asyncio.to_thread(look, world, law, known, today)
    async with writing(db, actor, clock) as w:
        if (w.head.journal_no, w.today, await store.last(db)) != (world.journal_no, today, before):
            found = look(await worlds.within(db), law, await store.seen(db), w.today)
        for turned in found.turned:
            await w.journal("turned", "transfer", turned.transfer_id, turned)
        await store.write(db, found.seen)
        await store.write_last(db, LastLook(seen_on=w.today, law_edition=law.edition, at=w.at))
    return Reassessment(
        day=w.today, law_edition=law.edition, looked_at=len(found.seen), turned=tuple(found.turned)
    )


async def is_due(db: Connection, clock: Clock, law: Law) -> bool:
    """Whether nobody has looked at the register on this day and under this law."""
    before = await store.last(db)
    return before is None or (before.seen_on, before.law_edition) != (clock.today(), law.edition)
