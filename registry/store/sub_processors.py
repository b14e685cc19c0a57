"""Sub-processors in PostgreSQL: who is one; what they do stands in their terms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import UniqueViolationError
from msgspec import Struct

from registry.database import Connection
from registry.errors import ConflictError, NotFoundError

INSERT = """
    INSERT INTO sub_processor (organisation_id, created_at) VALUES ($1, $2)
    RETURNING id, organisation_id
"""

INSERT_ALL = """
    INSERT INTO sub_processor (id, organisation_id, created_at)
    SELECT id, organisation_id, $3 FROM unnest($1::uuid[], $2::uuid[]) AS new (id, organisation_id)
"""

FRESH_IDS = "SELECT uuidv7() FROM generate_series(1, $1::integer)"

SELECT_ONE = "SELECT id, organisation_id FROM sub_processor WHERE id = $1"

SELECT_ALL = "SELECT id, organisation_id FROM sub_processor ORDER BY id"

SELECT_CONCERNED = """
    SELECT id, organisation_id FROM sub_processor
    WHERE id = ANY($1::uuid[]) OR organisation_id = ANY($2::uuid[])
"""

SELECT_OF_ORGANISATION = "SELECT id, organisation_id FROM sub_processor WHERE organisation_id = $1"

SELECT_REGIONS = """
    SELECT DISTINCT r.region FROM sub_processor_terms t,
        jsonb_each(coalesce(t.document->'uses', '{}')) u,
        jsonb_each(coalesce(u.value->'places', '{}')) p,
        jsonb_object_keys(coalesce(p.value->'regions', '{}')) AS r (region)
    ORDER BY r.region
"""


class SubProcessorRow(Struct, frozen=True, kw_only=True):
    """An organisation engaged for our services."""

    id: UUID
    organisation_id: UUID


async def add(db: Connection, organisation_id: UUID, at: datetime) -> SubProcessorRow:
    """Make an organisation a sub-processor; one organisation is at most one."""
    try:
        async with db.transaction():
            [row] = await db.fetch(INSERT, organisation_id, at)
    except UniqueViolationError as error:
        raise ConflictError(
            f"Organisation {organisation_id} is a sub-processor already. It has one record for good,"
            " through all periods; use that one, also for a return after an end."
        ) from error
    return SubProcessorRow(**dict(row))


async def fresh_ids(db: Connection, count: int) -> list[UUID]:
    """Ids for records that are yet to be stored, of whatever kind, in their order."""
    return [row[0] for row in await db.fetch(FRESH_IDS, count)]


async def add_all(db: Connection, organisations: Mapping[UUID, UUID], at: datetime) -> None:
    """Make organisations sub-processors, each under an id that it has already."""
    if organisations:
        await db.execute(INSERT_ALL, list(organisations), list(organisations.values()), at)


async def get(db: Connection, sub_processor_id: UUID) -> SubProcessorRow:
    row = await db.fetchrow(SELECT_ONE, sub_processor_id)
    if row is None:
        raise NotFoundError(f"There is no sub-processor {sub_processor_id} on the register.")
    return SubProcessorRow(**dict(row))


async def everything(db: Connection) -> Sequence[SubProcessorRow]:
    return [SubProcessorRow(**dict(row)) for row in await db.fetch(SELECT_ALL)]


async def concerned(
    db: Connection, ids: Sequence[UUID], organisations: Sequence[UUID]
) -> Sequence[SubProcessorRow]:
    """Those with these ids, and those that are these organisations."""
    rows = await db.fetch(SELECT_CONCERNED, list(ids), list(organisations))
    return [SubProcessorRow(**dict(row)) for row in rows]


async def of_organisation(db: Connection, organisation_id: UUID) -> SubProcessorRow | None:
    row = await db.fetchrow(SELECT_OF_ORGANISATION, organisation_id)
    return SubProcessorRow(**dict(row)) if row is not None else None


async def regions(db: Connection) -> list[str]:
    """The regions that places serve, in any published terms."""
    return [row["region"] for row in await db.fetch(SELECT_REGIONS)]
