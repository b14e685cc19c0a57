"""What reassessment last recorded, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from registry.database import Connection
from registry.resources.reassessments import SeenVerdict
from transfers.vocabulary import Verdict

COLUMNS = """
    transfer_id, sub_processor_id, verdict, conservative_verdict, facts_digest, law_edition, seen_on, since
"""

SELECT = f"SELECT {COLUMNS} FROM verdict_seen"

DELETE_OTHERS = "DELETE FROM verdict_seen WHERE NOT (transfer_id = ANY($1::uuid[]))"

WRITE = f"""
    INSERT INTO verdict_seen ({COLUMNS})
    SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::date[], $8::date[]
    )
    ON CONFLICT (transfer_id) DO UPDATE SET
        verdict = excluded.verdict,
        conservative_verdict = excluded.conservative_verdict,
        facts_digest = excluded.facts_digest,
        law_edition = excluded.law_edition,
        seen_on = excluded.seen_on,
        since = excluded.since
"""

SELECT_LAST = "SELECT seen_on, law_edition, at FROM reassessment"

WRITE_LAST = """
    INSERT INTO reassessment (seen_on, law_edition, at) VALUES ($1, $2, $3)
    ON CONFLICT (one) DO UPDATE SET
        seen_on = excluded.seen_on, law_edition = excluded.law_edition, at = excluded.at
"""


class LastLook(Struct, frozen=True, kw_only=True):
    """For which day and under which law the whole register was last looked at, and when."""

    seen_on: date
    law_edition: str
    at: datetime


async def seen(db: Connection) -> Mapping[UUID, SeenVerdict]:
    """What was last recorded of each transfer."""
    return {row["transfer_id"]: _row(row) for row in await db.fetch(SELECT)}


async def write(db: Connection, rows: Sequence[SeenVerdict]) -> None:
    """Record exactly these: what is not on the register any more is forgotten."""
    await db.execute(DELETE_OTHERS, [row.transfer_id for row in rows])
    await db.execute(
        WRITE,
        [row.transfer_id for row in rows],
        [row.sub_processor_id for row in rows],
        [row.verdict.value for row in rows],
        [row.conservative_verdict.value if row.conservative_verdict else None for row in rows],
        [row.facts_digest for row in rows],
        [row.law_edition for row in rows],
        [row.seen_on for row in rows],
        [row.since for row in rows],
    )


async def last(db: Connection) -> LastLook | None:
    """The last look over the whole register; None before the first."""
    row = await db.fetchrow(SELECT_LAST)
    return LastLook(**dict(row)) if row is not None else None


async def write_last(db: Connection, look: LastLook) -> None:
    await db.execute(WRITE_LAST, look.seen_on, look.law_edition, look.at)


def _row(row: Record) -> SeenVerdict:
    conservative = row["conservative_verdict"]
    return SeenVerdict(
        transfer_id=row["transfer_id"],
        sub_processor_id=row["sub_processor_id"],
        verdict=Verdict(row["verdict"]),
        conservative_verdict=Verdict(conservative) if conservative is not None else None,
        facts_digest=row["facts_digest"],
        law_edition=row["law_edition"],
        seen_on=row["seen_on"],
        since=row["since"],
    )
