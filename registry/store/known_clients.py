"""Clients whole, read in a handful of queries however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from registry.database import Connection
from registry.resources.bindings import KnownClient
from registry.store import authorisations, clients, instructions

V = TypeVar("V")


async def read(db: Connection, ids: Sequence[UUID] | None = None) -> list[KnownClient]:
    """The named clients, or all, in the order of their making."""
    rows = await clients.find(db, ids)
    terms = await clients.terms(db, ids)
    channels = await clients.with_channels(db, ids)
    decided = _grouped([(one.client_id, one) for one in await authorisations.decisions(db, ids)])
    instructed = _grouped([(one.client_id, one) for one in await instructions.of_clients(db, ids)])
    contested = _grouped(await authorisations.contested(db, ids))
    return [
        KnownClient(
            id=row.id,
            version=row.version,
            reference=row.reference,
            periods=tuple(terms.get(row.id, ())),
            has_channel=row.id in channels,
            by_mail_alone=channels.get(row.id, False),
            decisions=tuple(decided.get(row.id, ())),
            instructions=tuple(instructed.get(row.id, ())),
            contested=tuple(contested.get(row.id, ())),
        )
        for row in rows
    ]


def _grouped(pairs: Sequence[tuple[UUID, V]]) -> dict[UUID, list[V]]:
    found: defaultdict[UUID, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
