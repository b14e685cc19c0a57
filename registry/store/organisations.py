"""Organisations in PostgreSQL: one function per question, its SQL beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from registry.database import Connection
from registry.errors import NotFoundError

INSERT = """
    INSERT INTO organisation (own, document, created_at) VALUES ($1, $2, $3)
    RETURNING id, version, own, document, created_at
"""

INSERT_ALL = """
    INSERT INTO organisation (id, own, document, created_at)
    SELECT id, false, document, $3 FROM unnest($1::uuid[], $2::jsonb[]) AS new (id, document)
"""

COLUMNS = "id, version, own, document, created_at"

# A published change rests on it, so that from then on only changes alter it. Our own legal entities
# are exporters of every transfer, so any published change fixes them.
IS_FIXED = """
    SELECT EXISTS (SELECT FROM change_part p JOIN change c ON c.id = p.change_id
                   WHERE p.organisation_id = $1 AND c.number IS NOT NULL)
        OR EXISTS (SELECT FROM sub_processor s JOIN sub_processor_terms t ON t.sub_processor_id = s.id
                   WHERE s.organisation_id = $1)
        OR EXISTS (SELECT FROM sub_processor_terms t WHERE t.document::text LIKE '%' || $1::uuid::text || '%')
        OR EXISTS (SELECT FROM organisation o WHERE o.id = $1 AND o.own
                   AND EXISTS (SELECT FROM change c WHERE c.number IS NOT NULL))
"""

SELECT_ONE = f"SELECT {COLUMNS} FROM organisation WHERE id = $1"

SELECT_ALL = f"SELECT {COLUMNS} FROM organisation ORDER BY id"

SELECT_MANY = f"SELECT {COLUMNS} FROM organisation WHERE id = ANY($1::uuid[]) ORDER BY id"

SELECT_FOR_UPDATE = "SELECT id FROM organisation WHERE id = $1 FOR UPDATE"

UPDATE = """
    UPDATE organisation SET own = $2, document = $3, version = version + 1 WHERE id = $1
"""

TOUCH = "UPDATE organisation SET version = version + 1 WHERE id = ANY($1::uuid[])"


class OrganisationRow(Struct, frozen=True, kw_only=True):
    """An organisation as stored: `document` is what it was created with."""

    id: UUID
    version: int
    own: bool
    document: dict[str, Any]
    created_at: datetime


async def add(db: Connection, *, own: bool, document: dict[str, Any], at: datetime) -> OrganisationRow:
    [row] = await db.fetch(INSERT, own, document, at)
    return _row(row)


async def add_all(db: Connection, documents: Mapping[UUID, dict[str, Any]], at: datetime) -> None:
    """Store organisations of others that have their ids already."""
    if documents:
        await db.execute(INSERT_ALL, list(documents), list(documents.values()), at)


async def get(db: Connection, organisation_id: UUID) -> OrganisationRow:
    row = await db.fetchrow(SELECT_ONE, organisation_id)
    if row is None:
        raise NotFoundError(f"There is no organisation {organisation_id} on the register.")
    return _row(row)


async def get_for_update(db: Connection, organisation_id: UUID) -> OrganisationRow:
    """The organisation, locked until the transaction ends."""
    await db.execute(SELECT_FOR_UPDATE, organisation_id)
    return await get(db, organisation_id)


async def is_fixed(db: Connection, organisation_id: UUID) -> bool:
    """Whether a published change rests on the organisation."""
    fixed: bool = await db.fetchval(IS_FIXED, organisation_id)
    return fixed


async def everything(db: Connection) -> Sequence[OrganisationRow]:
    return [_row(row) for row in await db.fetch(SELECT_ALL)]


async def many(db: Connection, ids: Sequence[UUID]) -> Sequence[OrganisationRow]:
    return [_row(row) for row in await db.fetch(SELECT_MANY, list(ids))]


async def update(db: Connection, organisation_id: UUID, *, own: bool, document: dict[str, Any]) -> None:
    await db.execute(UPDATE, organisation_id, own, document)


async def touch(db: Connection, ids: Sequence[UUID]) -> None:
    """A published change altered them: their version, and so their ETag, moves on."""
    await db.execute(TOUCH, list(ids))


def _row(row: Record) -> OrganisationRow:
    return OrganisationRow(**dict(row))
