"""What people decided about names that look alike, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from registry.database import Connection

SELECT_ALL = """
    SELECT registered, listed, same, decided_at, decided_by FROM import_identity ORDER BY one, other
"""

UPSERT = """
    INSERT INTO import_identity (one, other, same, registered, listed, decided_at, decided_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (one, other) DO UPDATE
    SET same = excluded.same, registered = excluded.registered, listed = excluded.listed,
        decided_at = excluded.decided_at, decided_by = excluded.decided_by
"""


class IdentityRow(NamedTuple):
    """A decision about two names, as it is stored."""

    registered: str
    listed: str
    same: bool
    decided_at: datetime
    decided_by: str


async def everything(db: Connection) -> Sequence[IdentityRow]:
    return [IdentityRow(**dict(row)) for row in await db.fetch(SELECT_ALL)]


async def remember(db: Connection, keys: frozenset[str], decided: IdentityRow) -> None:
    """Keep a decision in the place of an earlier one about the same names."""
    one, other = sorted(keys)
    await db.execute(
        UPSERT,
        one,
        other,
        decided.same,
        decided.registered,
        decided.listed,
        decided.decided_at,
        decided.decided_by,
    )
