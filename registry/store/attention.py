"""What the ledger of notices says that somebody must look at, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from registry.database import Connection
from registry.resources.attention import FailingChannel, RunningNotice

# The first day of a change: that of each part, or the later one to which it was moved last.
EFFECTIVE = """
    SELECT p.change_id, min(coalesce(moved.effective_on, p.effective_on)) AS effective_on
    FROM change_part p
    LEFT JOIN LATERAL (
        SELECT l.effective_on FROM change m JOIN change_part l ON l.change_id = m.id
        WHERE m.about = p.change_id AND m.kind = 'postponement' AND m.number IS NOT NULL
            AND l.sub_processor_id IS NOT DISTINCT FROM p.sub_processor_id
            AND l.organisation_id IS NOT DISTINCT FROM p.organisation_id
        ORDER BY m.number DESC LIMIT 1
    ) moved ON true
    GROUP BY p.change_id
"""

SELECT_EFFECTIVE = f"SELECT change_id, effective_on FROM ({EFFECTIVE}) e WHERE change_id = ANY($1::uuid[])"

# Of changes that stand and have not taken effect, and any that was not given, while the client is one.
SELECT_NOTICES = f"""
    SELECT n.change_id, c.number, n.client_id, k.reference, n.owed = 'full_period' AS needs_period,
        n.notice_days, n.made_at, n.given_on, e.effective_on
    FROM notice n
    JOIN change c ON c.id = n.change_id
    JOIN client k ON k.id = n.client_id
    JOIN ({EFFECTIVE}) e ON e.change_id = n.change_id
    WHERE (n.given_on IS NULL OR e.effective_on > $1)
        AND NOT EXISTS (
            SELECT FROM change w WHERE w.about = c.id AND w.kind = 'withdrawal' AND w.number IS NOT NULL)
        AND EXISTS (
            SELECT FROM client_terms t WHERE t.client_id = n.client_id AND coalesce(upper(t.valid) > $1, true))
    ORDER BY c.number, k.reference
"""

SELECT_CHANNELS = """
    SELECT s.id AS subscription_id, s.client_id, k.reference, s.channel, s.purpose,
        CASE WHEN s.state = 'suspended' THEN s.suspended_at END AS suspended_at, s.suspended_reason,
        count(d.id)::integer AS failed, min(d.ended_at) AS failed_at,
        (array_agg(d.last_status ORDER BY d.ended_at DESC NULLS LAST))[1] AS last_status
    FROM subscription s
    JOIN client k ON k.id = s.client_id
    LEFT JOIN delivery d ON d.subscription_id = s.id AND d.state = 'failed'
    WHERE s.state <> 'ended'
    GROUP BY s.id, k.reference
    HAVING s.state = 'suspended' OR count(d.id) > 0
    ORDER BY k.reference, s.id
"""


async def effective(db: Connection, changes: Sequence[UUID]) -> Mapping[UUID, date]:
    """The first day of each change."""
    rows = await db.fetch(SELECT_EFFECTIVE, list(changes))
    return {row["change_id"]: row["effective_on"] for row in rows}


async def notices(db: Connection, day: date) -> list[RunningNotice]:
    """The notices that are not given, or whose change has not taken effect by the day."""
    return [RunningNotice(**dict(row)) for row in await db.fetch(SELECT_NOTICES, day)]


async def channels(db: Connection) -> list[FailingChannel]:
    """The channels of clients that are suspended, or to which deliveries failed."""
    return [FailingChannel(**dict(row)) for row in await db.fetch(SELECT_CHANNELS)]
