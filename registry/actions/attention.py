"""What needs somebody's attention: read in one snapshot, decided by rules."""

from datetime import timedelta

from msgspec import Struct

from registry.actions import world as worlds
from registry.clock import Clock
from registry.database import Connection
from registry.resources.attention import AttentionItem
from registry.rules.attention.cases import Case
from registry.rules.attention.listing import everything
from registry.store import acceptances
from transfers.law import Law


class Setting(Struct, frozen=True, kw_only=True):
    """What a look rests on besides the register."""

    law: Law
    notice_days: int
    within: timedelta
    """How far ahead what ends is told."""


async def items(
    db: Connection, clock: Clock, setting: Setting, known: int | None = None
) -> tuple[int, list[AttentionItem]]:
    """Everything that needs attention today, the most urgent first, and the change number used."""
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world = await worlds.within(db, known)
        accepted = await acceptances.standing(db, world.change_no)
    case = Case(
        world=world,
        law=setting.law,
        today=clock.today(),
        within=setting.within,
        notice_days=setting.notice_days,
        accepted=accepted,
    )
    return world.change_no, everything(case)
