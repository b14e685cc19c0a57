"""Whose register it is: named once, when it is first started."""

from registry.actions.parts import canonical_facts
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection
from registry.resources.actors import Actor, Role
from registry.resources.organisations import OrganisationFacts
from registry.settings import Settings
from registry.store import organisations as organisation_store
from registry.store import register as store
from registry.store.register import Register

SYSTEM = Actor(name="system", holder="system", role=Role.ADMIN)


async def ensure_owner(db: Connection, clock: Clock, settings: Settings) -> bool:
    """Make the register's own organisation, the exporter of its transfers, where there is none yet.

    True when it was made now. Two starters at once queue for the head row, so one is made. From then on
    `ONWARD_NAME` and `ONWARD_COUNTRY` alter nothing: the organisation is a record like any other.
    """
    if await _has_owner(db):
        return False
    async with writing(db, SYSTEM, clock) as w:
        if await _has_owner(db):
            return False
        facts = OrganisationFacts(legal_name=settings.name, country=settings.country)
        made = await organisation_store.add(db, own=True, document=canonical_facts(facts), at=w.at)
        await w.journal("created", "organisation", made.id, {"own": True, "facts": facts})
        await store.write(db, Register(name=settings.name, example=False))
    return True


async def _has_owner(db: Connection) -> bool:
    return any(organisation.own for organisation in await organisation_store.everything(db))
