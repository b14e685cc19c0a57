"""Clients in PostgreSQL: who they are, their terms by period, and all that decides what binds them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record, UniqueViolationError
from msgspec import Struct

from registry.database import Connection
from registry.errors import ConflictError, no_client
from registry.resources.clients import ClientPeriod, ClientTerms
from registry.store.spans import last_day, to_range

INSERT = """
    INSERT INTO client (reference, created_at, created_by) VALUES ($1, $2, $3)
    RETURNING id, version, reference, created_at
"""

SELECT = """
    SELECT id, version, reference, created_at FROM client
    WHERE ($1::uuid[] IS NULL OR id = ANY($1::uuid[])) AND ($2::text IS NULL OR reference = $2)
    ORDER BY id
"""

SELECT_FOR_UPDATE = "SELECT id FROM client WHERE id = $1 FOR UPDATE"

SELECT_REFERENCE = "SELECT reference FROM client WHERE id = $1"

RENAME = "UPDATE client SET reference = $2 WHERE id = $1"

TOUCH = "UPDATE client SET version = version + 1 WHERE id = $1"

SELECT_TERMS = """
    SELECT client_id, valid, document FROM client_terms
    WHERE $1::uuid[] IS NULL OR client_id = ANY($1::uuid[])
    ORDER BY client_id, valid
"""

FORGET_TERMS = "DELETE FROM client_terms WHERE client_id = $1"

INSERT_TERMS = "INSERT INTO client_terms (client_id, valid, document) VALUES ($1, $2, $3)"

# Where a contract notice can go: a channel that was confirmed and to which something is sent.
SELECT_CHANNELS = """
    SELECT client_id, bool_and(channel = 'email') AS by_mail FROM subscription
    WHERE client_id IS NOT NULL AND purpose = 'contract' AND state = 'confirmed' AND channel <> 'feed'
        AND ($1::uuid[] IS NULL OR client_id = ANY($1::uuid[]))
    GROUP BY client_id
"""

TAKEN = (
    "There is a client with the reference {} already. A reference names one contract; choose another,"
    " or alter the client that has it."
)


class ClientRow(Struct, frozen=True, kw_only=True):
    """A client as stored, without its terms."""

    id: UUID
    version: int
    reference: str
    created_at: datetime


async def add(db: Connection, reference: str, at: datetime, created_by: str) -> ClientRow:
    """Store a client; its reference must be free."""
    try:
        async with db.transaction():
            [row] = await db.fetch(INSERT, reference, at, created_by)
    except UniqueViolationError as error:
        raise ConflictError(TAKEN.format(reference)) from error
    return ClientRow(**dict(row))


async def get(db: Connection, client_id: UUID) -> ClientRow:
    rows = await db.fetch(SELECT, [client_id], None)
    if not rows:
        raise no_client(client_id)
    return ClientRow(**dict(rows[0]))


async def get_for_update(db: Connection, client_id: UUID) -> ClientRow:
    """The client, locked until the transaction ends."""
    await db.execute(SELECT_FOR_UPDATE, client_id)
    return await get(db, client_id)


async def reference(db: Connection, client_id: UUID) -> str | None:
    """How our contracts name the client."""
    found: str | None = await db.fetchval(SELECT_REFERENCE, client_id)
    return found


async def find(db: Connection, ids: Sequence[UUID] | None, named: str | None = None) -> list[ClientRow]:
    """The clients among these, or of this reference, in the order of their making; None: all."""
    rows = await db.fetch(SELECT, None if ids is None else list(ids), named)
    return [ClientRow(**dict(row)) for row in rows]


async def rename(db: Connection, client_id: UUID, named: str) -> None:
    try:
        async with db.transaction():
            await db.execute(RENAME, client_id, named)
    except UniqueViolationError as error:
        raise ConflictError(TAKEN.format(named)) from error


async def touch(db: Connection, client_id: UUID) -> None:
    """Something of the client was written: its version, and so its ETag, moves on."""
    await db.execute(TOUCH, client_id)


async def write_terms(db: Connection, client_id: UUID, periods: Sequence[ClientPeriod]) -> None:
    """Rewrite the periods of a client; PostgreSQL refuses any two that overlap."""
    await db.execute(FORGET_TERMS, client_id)
    await db.executemany(
        INSERT_TERMS,
        [
            (client_id, to_range(period.valid_from, period.valid_until), _document(period.terms))
            for period in periods
        ],
    )


async def terms(db: Connection, ids: Sequence[UUID] | None = None) -> dict[UUID, list[ClientPeriod]]:
    """The periods of the named clients, or of all, in the order of their days."""
    found: defaultdict[UUID, list[ClientPeriod]] = defaultdict(list)
    for row in await db.fetch(SELECT_TERMS, None if ids is None else list(ids)):
        found[row["client_id"]].append(_period(row))
    return found


async def with_channels(db: Connection, ids: Sequence[UUID] | None = None) -> dict[UUID, bool]:
    """The clients with a confirmed channel to which contract notices are sent, and whether mail is all they have."""
    rows = await db.fetch(SELECT_CHANNELS, None if ids is None else list(ids))
    return {row["client_id"]: row["by_mail"] for row in rows}


def _document(terms: ClientTerms) -> Any:
    return msgspec.to_builtins(terms)


def _period(row: Record) -> ClientPeriod:
    return ClientPeriod(
        valid_from=row["valid"].lower,
        valid_until=last_day(row["valid"]),
        terms=msgspec.convert(row["document"], ClientTerms),
    )
