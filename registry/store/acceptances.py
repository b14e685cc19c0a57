"""Blocks that were accepted when a change was published, in PostgreSQL."""

from collections.abc import Mapping

from registry.database import Connection
from registry.resources.attention import AcceptedBlock

STANDING = """
    SELECT
        c.id AS change_id, c.number, c.published_by_holder AS by,
        given ->> 'code' AS code, given ->> 'subject' AS subject, given ->> 'reason' AS reason
    FROM change c
    CROSS JOIN LATERAL jsonb_array_elements(c.accepted) AS given
    WHERE c.number <= $1
        AND NOT EXISTS (
            SELECT 1 FROM change w WHERE w.about = c.id AND w.kind = 'withdrawal' AND w.number <= $1
        )
    ORDER BY c.number
"""


async def standing(db: Connection, known: int) -> Mapping[tuple[str, str], AcceptedBlock]:
    """By code and subject, of changes published up to a number and not withdrawn by then; of several the last."""
    return {
        (row["code"], row["subject"]): AcceptedBlock(
            change_id=row["change_id"], number=row["number"], by=row["by"], reason=row["reason"]
        )
        for row in await db.fetch(STANDING, known)
    }
