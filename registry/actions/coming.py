"""What is announced when somebody becomes a client, or takes more: it is owed its notice then."""

from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from registry.actions import world as worlds
from registry.actions.notices import catch_up, owe
from registry.actions.writing import Writing
from registry.resources.changes import ChangeKind
from registry.resources.proposals import Proposed
from registry.resources.stored import ChangeRow
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.audience import audience
from registry.rules.fold import fold
from registry.rules.proposals import Proposal
from registry.rules.views import published_parts
from registry.store import changes as change_store
from registry.store import coming, known_clients, subjects
from registry.store.subjects import Subject


async def owe_what_comes(w: Writing, client_id: UUID, time_zone: ZoneInfo) -> None:
    """Make the notices of published changes that are yet to come and touch the client, where it has none.

    They are the changes of which a client of today would have been told. Each is told on the channels that work now.
    """
    [client] = await known_clients.read(w.db, [client_id])
    if not client.runs_from(w.today):
        return
    world = await worlds.within(w.db)
    for row in await change_store.numbered(w.db, await coming.numbers(w.db, w.today)):
        proposal = await _as_published(w, world, row)
        touched = audience(proposal, [client], w.today)
        if touched:
            await owe(w, row.id, touched)
    await catch_up(w, client_id, time_zone)


async def _as_published(w: Writing, world: World, row: ChangeRow) -> Proposal:
    """The change with the register before and after it, as far as its subjects go."""
    number = row.number or 0
    of_sub_processors = [part.sub_processor_id for part in row.parts if part.sub_processor_id]
    of_organisations = [part.organisation_id for part in row.parts if part.organisation_id]
    published = await subjects.parts(w.db, Subject.SUB_PROCESSOR, of_sub_processors)
    facts = await subjects.parts(w.db, Subject.ORGANISATION, of_organisations)

    def at(known: int) -> World:
        organisations: dict[UUID, KnownOrganisation] = {}
        for key, parts in facts.items():
            organisation = world.organisations[key]
            periods = tuple(fold(parts, organisation.document, known))
            organisations[key] = replace(organisation, periods=periods)
        sub_processors: dict[UUID, KnownSubProcessor] = {
            key: replace(world.sub_processors[key], periods=tuple(fold(parts, known=known)))
            for key, parts in published.items()
        }
        return world.altered(organisations, sub_processors)

    return Proposal(
        proposed=Proposed(kind=ChangeKind(row.kind), number=number, about=row.about_number, parts=row.parts),
        before=at(number - 1),
        after=at(number),
        parts=published_parts(row),
    )
