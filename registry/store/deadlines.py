"""Which published changes have a day from some day on, and what was published about them since."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from registry.database import Connection

SELECT_FROM = """
    SELECT DISTINCT coalesce(a.number, c.number) AS number
    FROM change c
    JOIN change_part p ON p.change_id = c.id
    LEFT JOIN change a ON a.id = c.about AND c.kind IN ('withdrawal', 'postponement')
    WHERE c.number IS NOT NULL AND c.kind <> 'correction' AND p.effective_on >= $1
    ORDER BY number
"""

SELECT_ABOUT = """
    SELECT number FROM change
    WHERE about = ANY($1::uuid[]) AND kind IN ('withdrawal', 'postponement') AND number IS NOT NULL
    ORDER BY number
"""


async def numbers_from(db: Connection, day: date) -> Sequence[int]:
    """The numbers of changes with a part that takes effect on the day or later, or was announced to."""
    return [row["number"] for row in await db.fetch(SELECT_FROM, day)]


async def numbers_about(db: Connection, changes: Sequence[UUID]) -> Sequence[int]:
    """The numbers of the withdrawals and postponements of these changes, oldest first."""
    return [row["number"] for row in await db.fetch(SELECT_ABOUT, list(changes))]
