"""What clients decided themselves, and what they have still to decide, in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from registry.database import Connection
from registry.resources.authorisations import Decision, DecisionState
from registry.resources.bindings import Contested

INSERT = """
    INSERT INTO authorisation (
        client_id, sub_processor_id, use_key, change_id, state, effective_on, reason, seen, decided_at, decided_by
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

SELECT = """
    SELECT client_id, sub_processor_id, use_key, change_id, state, effective_on, reason, seen, decided_at, decided_by
    FROM authorisation
    WHERE $1::uuid[] IS NULL OR client_id = ANY($1::uuid[])
    ORDER BY id
"""

# Notices of what the client authorises itself; ending and narrowing need nobody's authorisation.
SELECT_SPECIFIC = """
    SELECT n.client_id, n.change_id, c.number, EXISTS (
        SELECT FROM change w WHERE w.about = c.id AND w.kind = 'withdrawal' AND w.number IS NOT NULL
    ) AS withdrawn, ARRAY(
        SELECT coalesce(p.sub_processor_id, p.organisation_id) FROM change_part p WHERE p.change_id = c.id
    ) AS subjects
    FROM notice n JOIN change c ON c.id = n.change_id
    WHERE n.authorisation = 'specific' AND n.owed = 'full_period'
        AND ($1::uuid[] IS NULL OR n.client_id = ANY($1::uuid[]))
    ORDER BY c.number
"""

SELECT_OBJECTED = """
    SELECT o.client_id, o.change_id, c.number, o.state, o.decided_on, o.resolved_on, EXISTS (
        SELECT FROM change w WHERE w.about = c.id AND w.kind = 'withdrawal' AND w.number IS NOT NULL
    ) AS withdrawn, ARRAY(
        SELECT coalesce(p.sub_processor_id, p.organisation_id) FROM change_part p WHERE p.change_id = c.id
    ) AS subjects
    FROM objection o JOIN change c ON c.id = o.change_id
    WHERE $1::uuid[] IS NULL OR o.client_id = ANY($1::uuid[])
    ORDER BY o.id
"""


async def add(db: Connection, decision: Decision) -> None:
    """Record a decision; of one subject the last holds."""
    await db.execute(
        INSERT,
        decision.client_id,
        decision.sub_processor_id,
        decision.use_key,
        decision.change_id,
        decision.state.value,
        decision.effective_on,
        decision.reason,
        decision.seen,
        decision.decided_at,
        decision.decided_by,
    )


async def decisions(db: Connection, ids: Sequence[UUID] | None = None) -> list[Decision]:
    """What the named clients, or all, decided, oldest first."""
    return [_decision(row) for row in await db.fetch(SELECT, _ids(ids))]


async def contested(db: Connection, ids: Sequence[UUID] | None = None) -> list[tuple[UUID, Contested]]:
    """The changes that a client authorises itself, or objects to, with the client."""
    found = [
        (row["client_id"], _contested(row, None, None)) for row in await db.fetch(SELECT_SPECIFIC, _ids(ids))
    ]
    for row in await db.fetch(SELECT_OBJECTED, _ids(ids)):
        binds_from: date | None = row["decided_on"]
        if binds_from is None and row["state"] in ("rejected", "retracted"):
            binds_from = row["resolved_on"]
        found.append((row["client_id"], _contested(row, row["state"], binds_from)))
    return found


def _contested(row: Record, objection: str | None, binds_from: date | None) -> Contested:
    return Contested(
        change_id=row["change_id"],
        number=row["number"],
        subjects=tuple(row["subjects"]),
        withdrawn=row["withdrawn"],
        objection=objection,
        binds_from=binds_from,
    )


def _decision(row: Record) -> Decision:
    values: dict[str, Any] = dict(row)
    moment: datetime = row["decided_at"]
    return Decision(**{**values, "state": DecisionState(row["state"]), "decided_at": moment})


def _ids(ids: Sequence[UUID] | None) -> list[UUID] | None:
    return None if ids is None else list(ids)
