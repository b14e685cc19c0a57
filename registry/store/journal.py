"""The journal in PostgreSQL: appended to, never altered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import astuple

from registry.database import Connection

APPEND = """
    INSERT INTO journal (number, at, actor, operation, noun, noun_id, payload, salt, payload_digest, digest)
    SELECT * FROM unnest(
        $1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[],
        $9::bytea[], $10::bytea[])
"""

PAGE = """
    SELECT number, at, actor, operation, noun, noun_id, payload, salt, payload_digest, digest
    FROM journal
    WHERE number > $1 AND number <= $2
    ORDER BY number
    LIMIT $3
"""


# The newest rows first: who asks does so soon after the publication.
SELECT_PUBLICATION = """
    SELECT number, digest FROM journal
    WHERE noun = 'change' AND noun_id = $1 AND operation IN ('published', 'published_alone')
    ORDER BY number DESC
    LIMIT 1
"""


class JournalRow(Struct, frozen=True, kw_only=True):
    """One write to the register; `payload` and `salt` may have been purged."""

    number: int
    at: datetime
    actor: str
    operation: str
    noun: str
    noun_id: str
    payload: bytes | None
    salt: bytes | None
    payload_digest: bytes
    digest: bytes


async def append(db: Connection, rows: Sequence[JournalRow]) -> None:
    """Append rows in their order, by one statement however many they are."""
    if rows:
        await db.execute(APPEND, *map(list, zip(*map(astuple, rows), strict=True)))


async def page(db: Connection, after: int, until: int, limit: int) -> Sequence[JournalRow]:
    """The rows after one number up to another, oldest first."""
    return [JournalRow(**dict(row)) for row in await db.fetch(PAGE, after, until, limit)]


async def publication(db: Connection, change_id: UUID) -> tuple[int, bytes] | None:
    """Number and digest of the row that recorded the publication of a change."""
    row = await db.fetchrow(SELECT_PUBLICATION, str(change_id))
    return None if row is None else (row["number"], row["digest"])
