"""Sub-processors as colleagues see them, and making an organisation one."""

from datetime import date
from uuid import UUID

from registry.actions import world as worlds
from registry.actions.writing import writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import Fault, InvalidError, NotFoundError
from registry.resources.actors import Actor
from registry.resources.organisations import OrganisationFacts
from registry.resources.sub_processors import Period, SubProcessor, SubProcessorDraft
from registry.resources.terms import Terms
from registry.resources.world import KnownSubProcessor, World
from registry.rules.documents import read
from registry.rules.status import shown, status
from registry.store import organisations as organisation_store
from registry.store import sub_processors as store


async def add(db: Connection, actor: Actor, clock: Clock, given: SubProcessorDraft) -> SubProcessor:
    """Nobody sees it on a list until a published change starts its terms."""
    async with writing(db, actor, clock) as w:
        try:
            organisation = await organisation_store.get(db, given.organisation_id)
        except NotFoundError as error:
            fault = Fault(member="organisation_id", message=error.detail)
            raise InvalidError(error.detail, [fault]) from error
        row = await store.add(db, organisation.id, w.at)
        await w.journal("created", "sub_processor", row.id, given)
        world = await worlds.within(db)
    return _seen(world, world.sub_processors[row.id], clock.today())


async def one(db: Connection, sub_processor_id: UUID, day: date) -> SubProcessor:
    """Every period of its terms, contacts and evidence included."""
    world = await worlds.read(db)
    known = world.sub_processors.get(sub_processor_id)
    if known is None:
        raise NotFoundError(f"There is no sub-processor {sub_processor_id} on the register.")
    return _seen(world, known, day)


def _seen(world: World, known: KnownSubProcessor, day: date) -> SubProcessor:
    period = shown(known.periods, day)
    organisation = world.organisations[known.organisation_id]
    return SubProcessor(
        id=known.id,
        organisation_id=known.organisation_id,
        status=status(known.periods, day),
        organisation=read(organisation.document_on(day), OrganisationFacts),
        terms=read(period.document, Terms) if period else None,
        periods=tuple(
            Period(
                valid_from=each.first,
                valid_until=each.last,
                changes=each.changes,
                terms=each.document,
            )
            for each in known.periods
        ),
    )
