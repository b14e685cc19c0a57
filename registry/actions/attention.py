"""What needs somebody's attention: read in one snapshot, decided by rules."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from registry.actions import world as worlds
from registry.clock import Clock
from registry.database import Connection
from registry.resources.attention import AttentionItem
from registry.rules.attention.cases import SECOND_LOOK, Case
from registry.rules.attention.listing import everything
from registry.store import acceptances, known_clients
from registry.store import attention as store
from registry.store import watches as watch_store
from transfers.law import Law


class Setting(Struct, frozen=True, kw_only=True):
    """What a look rests on besides the register."""

    law: Law
    notice_days: int
    time_zone: ZoneInfo
    within: timedelta
    """How far ahead what ends is told."""


async def items(
    db: Connection, clock: Clock, setting: Setting, known: int | None = None
) -> tuple[int, list[AttentionItem]]:
    """Everything that needs attention today, the most urgent first, and the change number used."""
    today = clock.today()
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world = await worlds.within(db, known)
        clients = await known_clients.read(db)
        contested = {one.change_id for client in clients for one in client.contested}
        case = Case(
            world=world,
            law=setting.law,
            today=today,
            within=setting.within,
            time_zone=setting.time_zone,
            notice_days=setting.notice_days,
            accepted=await acceptances.standing(db, world.change_no),
            clients=clients,
            notices=await store.notices(db, today),
            channels=await store.channels(db),
            watches=await watch_store.failing(db),
            irregular=await store.irregular(db, today, today - SECOND_LOOK),
            effective=await store.effective(db, sorted(contested)),
        )
    return world.change_no, everything(case)
