"""Published changes that are not yet true, by their numbers."""

from datetime import date

from registry.database import Connection

# A postponed change still has its first day in its parts; what moved it has the later one.
SELECT = """
    SELECT DISTINCT number FROM (
        SELECT c.number FROM change c JOIN change_part p ON p.change_id = c.id
        WHERE c.number IS NOT NULL AND p.effective_on > $1
        UNION ALL
        SELECT a.number FROM change c
        JOIN change a ON a.id = c.about
        JOIN change_part p ON p.change_id = c.id
        WHERE c.number IS NOT NULL AND c.kind = 'postponement' AND p.effective_on > $1
    ) found
    WHERE NOT EXISTS (
        SELECT FROM change w JOIN change o ON o.id = w.about
        WHERE o.number = found.number AND w.kind = 'withdrawal' AND w.number IS NOT NULL
    )
    ORDER BY number
"""


async def numbers(db: Connection, day: date) -> list[int]:
    """Those with a part that takes effect after the day and that stand, oldest first."""
    return [row["number"] for row in await db.fetch(SELECT, day)]
