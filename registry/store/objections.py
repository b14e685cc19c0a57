"""Objections in PostgreSQL."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from msgspec import convert, to_builtins

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.objections import Decided, Objection, ObjectionState

COLUMNS = """
    o.id, o.version, o.change_id, c.number AS change_number, o.client_id, o.reason, o.state, o.made_at, o.made_on,
    o.made_by, o.resolved_at, o.resolved_on, o.resolved_by, o.resolution, o.decision
"""

INSERT = """
    INSERT INTO objection (change_id, client_id, reason, state, made_at, made_on, made_by)
    VALUES ($1, $2, $3, 'open', $4, $5, $6)
    RETURNING id
"""

SELECT = f"""
    SELECT {COLUMNS} FROM objection o JOIN change c ON c.id = o.change_id
    WHERE o.id = $1 AND ($2::uuid IS NULL OR o.client_id = $2)
"""

SELECT_PAGE = f"""
    SELECT {COLUMNS} FROM objection o JOIN change c ON c.id = o.change_id
    WHERE ($1::uuid IS NULL OR o.client_id = $1) AND ($2::uuid IS NULL OR o.change_id = $2)
        AND ($3::text IS NULL OR o.state = $3) AND ($4::uuid IS NULL OR o.id < $4)
    ORDER BY o.id DESC
    LIMIT $5
"""

RESOLVE = """
    UPDATE objection
    SET state = $2, resolved_at = $3, resolved_on = $4, resolved_by = $5, resolution = $6, version = version + 1
    WHERE id = $1 AND state = 'open'
    RETURNING id
"""

DECIDE = """
    UPDATE objection SET decision = $2, decided_on = $3, version = version + 1 WHERE id = $1
"""

RECEIVE = "UPDATE objection SET journal_number = $2 WHERE id = $1"

SELECT_RECEIPT = """
    SELECT j.number, j.digest FROM objection o JOIN journal j ON j.number = o.journal_number WHERE o.id = $1
"""


async def add(
    db: Connection, change_id: UUID, client_id: UUID, *, reason: str, at: datetime, on: date, made_by: str
) -> Objection:
    """Record an objection; of one client and change one at a time is open."""
    return await get(db, await db.fetchval(INSERT, change_id, client_id, reason, at, on, made_by))


async def get(db: Connection, objection_id: UUID, client_id: UUID | None = None) -> Objection:
    """One objection; with `client_id` only if it is that client's. Raises `NotFoundError`."""
    row = await db.fetchrow(SELECT, objection_id, client_id)
    if row is None:
        raise NotFoundError(
            f"There is no objection {objection_id}. Those that there are stand at /v1/objections."
        )
    return _objection(row)


async def page(
    db: Connection,
    limit: int | None,
    *,
    client_id: UUID | None = None,
    change_id: UUID | None = None,
    state: ObjectionState | None = None,
    before: UUID | None = None,
) -> list[Objection]:
    """The objections, the newest first; without a limit all."""
    rows = await db.fetch(SELECT_PAGE, client_id, change_id, state.value if state else None, before, limit)
    return [_objection(row) for row in rows]


async def resolve(
    db: Connection,
    objection_id: UUID,
    *,
    state: ObjectionState,
    at: datetime,
    on: date,
    by: str,
    resolution: str | None,
) -> bool:
    """Close an open objection; False when it is closed already."""
    return await db.fetchval(RESOLVE, objection_id, state.value, at, on, by, resolution) is not None


async def decide(db: Connection, objection_id: UUID, decision: Decided) -> None:
    """Record the decision to go on with the change against it."""
    await db.execute(DECIDE, objection_id, to_builtins(decision), decision.binds_from)


async def receive(db: Connection, objection_id: UUID, journal_number: int) -> None:
    """Note the row of the journal that received it."""
    await db.execute(RECEIVE, objection_id, journal_number)


async def receipt(db: Connection, objection_id: UUID) -> tuple[int, bytes]:
    """The number and the digest of the row of the journal that received it."""
    row = await db.fetchrow(SELECT_RECEIPT, objection_id)
    assert row is not None  # noqa: S101 - written in the transaction that made the objection.
    return row["number"], row["digest"]


def _objection(row: Record) -> Objection:
    values: dict[str, Any] = dict(row)
    values["state"] = ObjectionState(row["state"])
    values["decision"] = convert(row["decision"], Decided) if row["decision"] is not None else None
    return Objection(**values)
