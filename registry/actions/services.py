"""Adding and renaming services."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import UNSET

from registry.actions import world as worlds
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection
from registry.resources.actors import Actor
from registry.resources.services import Service, ServiceDraft, ServicePatch
from registry.rules.references import used_on
from registry.store import services as store


async def add(db: Connection, actor: Actor, clock: Clock, given: ServiceDraft) -> Service:
    async with writing(db, actor, clock) as w:
        added = await store.add(db, given, w.at)
        await w.journal("created", "service", added.id, given)
    return added


async def rename(
    db: Connection,
    actor: Actor,
    clock: Clock,
    service_id: UUID,
    *,
    given: ServicePatch,
    seen: Callable[[Service], None],
) -> Service:
    """`seen` raises when the asker looked at an older version."""
    async with writing(db, actor, clock) as w:
        found = await store.get(db, service_id)
        seen(found)
        renamed = await store.update(
            db,
            service_id,
            found.name if given.name is UNSET else given.name,
            found.description if given.description is UNSET else given.description,
        )
        await w.journal("edited", "service", service_id, given)
    return renamed


async def on_day(db: Connection, day: date | None, time_zone: ZoneInfo) -> Sequence[Service]:
    """The services made by a day, or in the terms of that day: history may be older than its record."""
    services = await store.everything(db)
    if day is None:
        return services
    used = used_on(await worlds.read(db), day)
    return [
        service
        for service in services
        if service.key in used or service.created_at.astimezone(time_zone).date() <= day
    ]
