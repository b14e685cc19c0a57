"""Transfers as a client has them: under the rules that come with its data, beside those that bind us."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from registry.actions import world as worlds
from registry.actions.client_lists import ClientView, contested_parts, view
from registry.database import Connection
from registry.errors import no_client
from registry.resources.bindings import KnownClient
from registry.rules.clients.binding import bound_world
from registry.rules.clients.carrying import Carrying
from registry.rules.clients.holding import Holding
from registry.rules.hops import Hop, hops
from registry.rules.spans import Span
from registry.rules.transfers import Judged, judge
from registry.store import known_clients
from transfers.law import Law


async def judged(
    db: Connection, client_id: UUID, *, day: date, law: Law, public_url: str
) -> tuple[int, list[Judged]]:
    """Every transfer of a client's data on the day, those to us included, in the order of their ids.

    With the change number used. The caller's transaction gives the snapshot.
    """
    seen = await view(db, client_id, day=day, law=law, public_url=public_url)
    found = [*seen.entrusted, *hops(seen.world, day, law, seen.entrusted)]
    return seen.world.change_no, sorted(_judged(seen, found, day, law), key=lambda one: one.hop.id)


async def one(
    db: Connection, client_id: UUID, transfer_id: UUID, *, day: date, law: Law, public_url: str
) -> tuple[int, Judged | None]:
    """A transfer of a client's data on the day, and the journal number used; None: there is none of this id."""
    seen = await view(db, client_id, day=day, law=law, public_url=public_url)
    found = [
        hop for hop in (*seen.entrusted, *hops(seen.world, day, law, seen.entrusted)) if hop.id == transfer_id
    ]
    return seen.world.journal_no, next(iter(_judged(seen, found, day, law)), None)


async def whose(db: Connection, transfer_id: UUID, *, day: date, law: Law) -> UUID | None:
    """The first client whose data take this way on the day; None: nobody's do."""
    world = await worlds.within(db)
    found = Carrying(world, transfer_id, law).on(await known_clients.read(db), day)
    return found.id if found is not None else None


async def spans(
    db: Connection, transfer_id: UUID, client_id: UUID | None, *, law: Law
) -> tuple[UUID | None, list[Span]]:
    """The spans of a transfer as a client has it, or else as the first whose data ever take this way; with the client.

    ``no_client`` is raised where there is no client of the id.
    """
    clients = await known_clients.read(db, None if client_id is None else [client_id])
    if client_id is not None and not clients:
        raise no_client(client_id)
    register = await worlds.within(db)
    client: KnownClient | None = Carrying(register, transfer_id, law).ever(clients)
    if client is None:
        return None, []
    bound, _ = bound_world(register, client, await contested_parts(db, client))
    return client.id, Carrying(bound, transfer_id, law).spans(client)


def _judged(seen: ClientView, found: list[Hop], day: date, law: Law) -> list[Judged]:
    """The hops judged, each with the day until which that holds, as far as it is known."""
    holding = Holding(seen.world, seen.entrusted, law)
    first = {hop.id for hop in seen.entrusted}
    answers = [judge(hop, day, law) for hop in found]
    return [
        answer if answer.hop.id in first else replace(answer, valid_until=holding.until(answer))
        for answer in answers
    ]
