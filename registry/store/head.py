"""The head row: the queue of all writers, and what readers compare their caches with."""

from datetime import datetime

from msgspec import Struct

from registry.database import Connection

LOCK = """
    UPDATE head SET at = greatest($1, at + interval '1 microsecond')
    RETURNING change_no, journal_no, digest, at, feed_at
"""

WRITE = """
    UPDATE head
    SET change_no = $1, journal_no = $2, digest = $3,
        feed_at = CASE
            WHEN $1 > change_no THEN greatest(date_trunc('second', at), feed_at + interval '1 second')
            ELSE feed_at
        END
"""

READ = "SELECT change_no, journal_no, digest, at, feed_at FROM head"


class Head(Struct, frozen=True, kw_only=True):
    """How far the register has come: the last change number, journal number and its digest."""

    change_no: int
    journal_no: int
    digest: bytes
    at: datetime
    feed_at: datetime | None = None
    """The date of the feed: another second for each transaction that published; none before the first."""


async def lock(db: Connection, at: datetime) -> Head:
    """Wait for every writer before, and take the one moment that this transaction writes."""
    [row] = await db.fetch(LOCK, at)
    return Head(**dict(row))


async def write(db: Connection, head: Head) -> None:
    """Move the head on; the row is locked by `lock` in the same transaction."""
    await db.execute(WRITE, head.change_no, head.journal_no, head.digest)


async def read(db: Connection) -> Head:
    [row] = await db.fetch(READ)
    return Head(**dict(row))
