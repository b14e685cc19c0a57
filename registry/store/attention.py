"""What the ledger of notices says that somebody must look at, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from registry.database import Connection
from registry.resources.attention import FailingChannel, IrregularChange, RunningNotice

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


# With those of its clients that may still object to what widened something for them.
SELECT_IRREGULAR = """
    SELECT c.id AS change_id, c.number, c.published_on, c.published_by_holder AS published_by,
        coalesce(c.late, false) AND c.already_told IS NULL AS late, c.emergency,
        c.published_alone AND c.published_on > $2 AS alone,
        coalesce(array_agg(k.reference ORDER BY k.reference) FILTER (WHERE k.id IS NOT NULL), '{}') AS clients,
        CASE WHEN bool_and(n.given_on IS NOT NULL) THEN max(n.objection_until) END AS until
    FROM change c
    LEFT JOIN notice n ON n.change_id = c.id AND n.owed = 'full_period'
        AND (n.given_on IS NULL OR n.objection_until >= $1)
    LEFT JOIN client k ON k.id = n.client_id
    WHERE c.number IS NOT NULL AND (c.late OR c.emergency IS NOT NULL OR c.published_alone)
        AND (n.client_id IS NOT NULL OR c.published_alone AND c.published_on > $2)
        AND NOT EXISTS (
            SELECT FROM change w WHERE w.about = c.id AND w.kind = 'withdrawal' AND w.number IS NOT NULL)
    GROUP BY c.id
    ORDER BY c.number
"""


async def effective(db: Connection, changes: Sequence[UUID]) -> Mapping[UUID, date]:
    """The first day of each change."""
    rows = await db.fetch(SELECT_EFFECTIVE, list(changes))
    return {row["change_id"]: row["effective_on"] for row in rows}


async def notices(db: Connection, day: date) -> list[RunningNotice]:
    """The notices that are not given, or whose change has not taken effect by the day."""
    return [RunningNotice(**dict(row)) for row in await db.fetch(SELECT_NOTICES, day)]


async def irregular(db: Connection, day: date, looked_at_since: date) -> list[IrregularChange]:
    """Changes that were published otherwise than they should be, as long as that matters on the day."""
    rows = await db.fetch(SELECT_IRREGULAR, day, looked_at_since)
    return [IrregularChange(**{**dict(row), "clients": tuple(row["clients"])}) for row in rows]


async def channels(db: Connection) -> list[FailingChannel]:
    """The channels of clients that are suspended, or to which deliveries failed."""
    return [FailingChannel(**dict(row)) for row in await db.fetch(SELECT_CHANNELS)]
