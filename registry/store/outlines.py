"""Published changes in outline, for whoever looks for some among many."""

from collections.abc import Sequence

from msgspec import Struct

from registry.database import Connection

SELECT_BEFORE = """
    SELECT c.number, c.kind, a.kind AS about_kind
    FROM change c LEFT JOIN change a ON a.id = c.about
    WHERE c.number <= $1
    ORDER BY c.number DESC
    LIMIT $2
"""


class Outline(Struct, frozen=True, kw_only=True):
    """A published change by its number, its kind, and the kind of the change that it is about."""

    number: int
    kind: str
    about_kind: str | None


async def until(db: Connection, number: int, limit: int) -> Sequence[Outline]:
    """The changes up to a number, newest first."""
    return [Outline(**dict(row)) for row in await db.fetch(SELECT_BEFORE, number, limit)]
