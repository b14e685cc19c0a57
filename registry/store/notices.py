"""Notices in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from msgspec import Raw, Struct, json

from registry.database import Connection
from registry.resources.changes import Notice
from registry.resources.notices import AuthorisationKind, StoredNotice


def _told(day: str) -> str:
    """Who was told by other means on a day, a parameter: whoever was a client by then. Nobody else can have been."""
    return f"""
    WITH told AS (
        SELECT DISTINCT client_id, {day}::date AS day FROM client_terms WHERE lower(valid) <= {day}::date
    )
    """


INSERT = f"""
    {_told("$9")}
    INSERT INTO notice (change_id, client_id, owed, authorisation, notice_days, objection_days, news, made_at,
        given_on, objection_until)
    SELECT $1, owing.client_id, owed, authorisation, notice_days, objection_days, news, $8,
        told.day, told.day + objection_days
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::integer[], $7::jsonb[])
        AS owing (client_id, owed, authorisation, notice_days, objection_days, news)
    LEFT JOIN told ON told.client_id = owing.client_id
    ON CONFLICT DO NOTHING
"""

# Why a notice stands as it does: the withdrawal of its change, the last objection, the client's own
# decision, which counts when it is about the whole change or all sub-processors of it.
COLUMNS = """
    n.change_id, c.number AS change_number, n.client_id, n.owed, n.authorisation, n.notice_days, n.objection_days,
    n.news, n.made_at, n.given_at, n.given_on, n.objection_until,
    (
        SELECT min(d.ended_at) FROM delivery d
        WHERE d.client_id = n.client_id AND d.change_id = n.change_id AND d.state = 'acknowledged'
    ) AS acknowledged_at,
    (
        SELECT w.id FROM change w
        WHERE w.about = n.change_id AND w.kind = 'withdrawal' AND w.number IS NOT NULL
    ) AS withdrawn_by,
    (
        SELECT CASE WHEN o.decision IS NULL THEN o.state ELSE 'rejected' END FROM objection o
        WHERE o.client_id = n.client_id AND o.change_id = n.change_id
        ORDER BY o.made_at DESC LIMIT 1
    ) AS objection,
    (
        SELECT CASE
            WHEN bool_or(last.state = 'refused') THEN 'refused'
            -- A change about organisations alone has no sub-processor, and is authorised as a whole.
            WHEN bool_or(last.sub_processor_id IS NULL) OR count(*) > 0 AND count(*) >= (
                SELECT count(*) FROM change_part p
                WHERE p.change_id = n.change_id AND p.sub_processor_id IS NOT NULL) THEN 'authorised'
        END
        FROM (
            SELECT DISTINCT ON (a.sub_processor_id) a.sub_processor_id, a.state FROM authorisation a
            WHERE a.client_id = n.client_id AND a.change_id = n.change_id
            ORDER BY a.sub_processor_id, a.decided_at DESC
        ) last
    ) AS decision
"""

SELECT = f"""
    SELECT {COLUMNS} FROM notice n JOIN change c ON c.id = n.change_id
    WHERE ($1::uuid IS NULL OR n.client_id = $1) AND ($2::uuid IS NULL OR n.change_id = $2)
        AND ($3::bigint IS NULL OR (c.number, n.client_id) < ($3, $4::uuid))
    ORDER BY c.number DESC, n.client_id DESC
    LIMIT $5
"""

# Whoever had a notice of a change is owed one of what becomes of it, under the same terms and without a new clock.
INSERT_FOR_TOLD = f"""
    {_told("$4")}
    INSERT INTO notice (change_id, client_id, owed, authorisation, notice_days, objection_days, news, made_at,
        given_on, objection_until)
    SELECT $1, n.client_id, 'at_once', authorisation, notice_days, 0, $5, $3, told.day, told.day
    FROM notice n LEFT JOIN told ON told.client_id = n.client_id
    WHERE change_id = $2
    ON CONFLICT DO NOTHING
"""

# The first accepted delivery decides; a later one moves nothing.
GIVE = """
    UPDATE notice n
    SET given_at = accepted.at, given_on = accepted.day, objection_until = accepted.day + n.objection_days
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::date[]) AS accepted (change_id, client_id, at, day)
    WHERE n.change_id = accepted.change_id AND n.client_id = accepted.client_id AND n.given_on IS NULL
    RETURNING n.change_id, n.client_id, n.owed, n.given_on, n.objection_until
"""

# Told by other means than ours: a day, and no moment at which any server accepted it.
TELL = """
    UPDATE notice SET given_on = $3, objection_until = $3::date + objection_days
    WHERE change_id = $1 AND client_id = $2 AND given_on IS NULL
    RETURNING change_id, client_id, owed, given_on, objection_until
"""

# A notice runs while its change stands and its day has not come, it was not given, or an objection is in time.
SELECT_RUNNING = """
    SELECT n.change_id, n.client_id, n.owed, n.given_on, n.objection_until
    FROM notice n JOIN change c ON c.id = n.change_id
    WHERE n.client_id = $1
        AND (c.already_told IS NULL OR n.given_on IS NULL)
        AND NOT EXISTS (
            SELECT FROM change w WHERE w.about = c.id AND w.kind = 'withdrawal' AND w.number IS NOT NULL)
        AND (
            n.given_on IS NULL OR n.objection_until >= $2
            OR EXISTS (
                SELECT FROM change_part p
                WHERE p.effective_on > $2
                    AND p.change_id IN (
                        SELECT c.id UNION ALL
                        SELECT m.id FROM change m
                        WHERE m.about = c.id AND m.kind = 'postponement' AND m.number IS NOT NULL)))
"""

SELECT_CONTRACTS = """
    SELECT client_id, document->>'contract_reference' AS contract
    FROM client_terms
    WHERE client_id = ANY($1::uuid[]) AND valid @> $2::date AND document->>'contract_reference' IS NOT NULL
"""

SELECT_EMERGENCIES = """
    SELECT id, emergency FROM change WHERE id = ANY($1::uuid[]) AND emergency IS NOT NULL
"""

SELECT_OF_CHANGE = "SELECT client_id FROM notice WHERE change_id = $1"


class Owing(Struct, frozen=True, kw_only=True):
    """What a client is owed for a change, under its contract as it is now."""

    client_id: UUID
    owed: Notice
    authorisation: AuthorisationKind
    notice_days: int
    objection_days: int
    news: Any


class Accepted(Struct, frozen=True, kw_only=True):
    """A receiving server accepted a delivery of a notice, at a moment and on the register's day of it."""

    change_id: UUID
    client_id: UUID
    at: datetime
    day: date


class Given(Struct, frozen=True, kw_only=True):
    """A notice with its day, where it has one."""

    change_id: UUID
    client_id: UUID
    owed: str
    given_on: date | None
    objection_until: date | None


async def add(
    db: Connection, change_id: UUID, owing: Sequence[Owing], at: datetime, told_on: date | None = None
) -> None:
    """Store what is owed; ``told_on`` where the clients were told by other means. One that is there stays.

    A day before a client's contract began tells that client nothing.
    """
    await db.execute(
        INSERT,
        change_id,
        [each.client_id for each in owing],
        [each.owed.value for each in owing],
        [each.authorisation.value for each in owing],
        [each.notice_days for each in owing],
        [each.objection_days for each in owing],
        # A list in a list would be read as one array of two dimensions.
        [Raw(json.encode(each.news)) for each in owing],
        at,
        told_on,
    )


async def add_for_told(
    db: Connection, change_id: UUID, about: UUID, *, news: Any, at: datetime, told_on: date | None = None
) -> None:
    """What is owed to those that have a notice of the change that this one is about."""
    await db.execute(INSERT_FOR_TOLD, change_id, about, at, told_on, news)


async def page(
    db: Connection,
    *,
    client_id: UUID | None,
    change_id: UUID | None,
    before: tuple[int, UUID] | None,
    limit: int,
) -> Sequence[StoredNotice]:
    """The notices, those of the newest change first."""
    number, last = before or (None, None)
    return [_stored(row) for row in await db.fetch(SELECT, client_id, change_id, number, last, limit)]


async def give(db: Connection, accepted: Sequence[Accepted]) -> Sequence[Given]:
    """Note that notices were accepted; those that were given by it are returned."""
    rows = await db.fetch(
        GIVE,
        [each.change_id for each in accepted],
        [each.client_id for each in accepted],
        [each.at for each in accepted],
        [each.day for each in accepted],
    )
    return [Given(**dict(row)) for row in rows]


async def tell(db: Connection, change_id: UUID, client_id: UUID, told_on: date) -> Given | None:
    """Note on which day the client was told by other means; None where the notice was given already."""
    row = await db.fetchrow(TELL, change_id, client_id, told_on)
    return None if row is None else Given(**dict(row))


async def running(db: Connection, client_id: UUID, day: date) -> Sequence[Given]:
    """The notices of a client that matter still."""
    return [Given(**dict(row)) for row in await db.fetch(SELECT_RUNNING, client_id, day)]


async def contracts(db: Connection, clients: Sequence[UUID], day: date) -> dict[UUID, str]:
    """What clients call their contracts, where that is known."""
    rows = await db.fetch(SELECT_CONTRACTS, list(clients), day)
    return {row["client_id"]: row["contract"] for row in rows}


async def emergencies(db: Connection, changes: Sequence[UUID]) -> dict[UUID, str]:
    """Why changes could not wait for their notice, of those that could not."""
    return {row["id"]: row["emergency"] for row in await db.fetch(SELECT_EMERGENCIES, list(changes))}


async def clients_of(db: Connection, change_id: UUID) -> set[UUID]:
    """The clients that have a notice of the change."""
    return {row["client_id"] for row in await db.fetch(SELECT_OF_CHANGE, change_id)}


def _stored(row: Record) -> StoredNotice:
    return StoredNotice(
        **{
            **dict(row),
            "owed": Notice(row["owed"]),
            "authorisation": AuthorisationKind(row["authorisation"]),
        }
    )
