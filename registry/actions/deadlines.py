"""The days that matter, read from the register in one snapshot."""

from datetime import date, datetime, timedelta

from feeds.calendar import Event
from registry.actions import world as worlds
from registry.database import Connection
from registry.rules.deadlines import of_changes, of_expiries
from registry.rules.expiries import expiries
from registry.rules.views import public_view
from registry.store import changes, deadlines
from transfers.law import Law

RECENT = timedelta(days=90)
"""For how long a day that is past stays in the calendar."""


async def public(db: Connection, *, today: date, law: Law, public_url: str, told_at: datetime) -> list[Event]:
    """What everybody may know: the days of published changes, and the ends of what the list rests on."""
    since = today - RECENT
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world = await worlds.within(db)
        rows = await changes.numbered(db, await deadlines.numbers_from(db, since))
        about = await changes.numbered(db, await deadlines.numbers_about(db, [row.id for row in rows]))
    told = [public_view(row, public_url) for row in rows]
    later = [public_view(row, public_url) for row in about]
    return [
        *of_changes(told, later, since),
        *of_expiries(expiries(world, law, today), told_at, public_url),
    ]
