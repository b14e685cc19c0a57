"""Changes in PostgreSQL: drafts can be edited, published ones never."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.changes import Operation
from registry.resources.proposals import ProposedPart
from registry.resources.stored import ChangeRow

COLUMNS = """
    c.id, c.version, c.kind, c.reason, c.note, c.about, a.number AS about_number, a.kind AS about_kind,
    c.drafted_at, c.drafted_by, c.drafted_by_holder, c.number, c.published_at, c.published_by,
    c.published_by_holder, c.published_on, c.late, c.already_told, c.accepted, c.news,
    c.emergency, c.published_alone,
    (
        SELECT w.id FROM change w
        WHERE w.about = c.id AND w.kind = 'withdrawal' AND w.number IS NOT NULL
    ) AS withdrawn_by,
    (
        SELECT p.id FROM change p
        WHERE p.about = c.id AND p.kind = 'postponement' AND p.number IS NOT NULL
        ORDER BY p.number DESC LIMIT 1
    ) AS postponed_by,
    (SELECT count(*)::integer FROM objection o WHERE o.change_id = c.id AND o.state = 'open') AS open_objections
"""

SELECT_ONE = f"SELECT {COLUMNS} FROM change c LEFT JOIN change a ON a.id = c.about WHERE c.id = $1"

SELECT_BY_NUMBER = f"""
    SELECT {COLUMNS} FROM change c LEFT JOIN change a ON a.id = c.about WHERE c.number = $1
"""

SELECT_NUMBERED = f"""
    SELECT {COLUMNS} FROM change c LEFT JOIN change a ON a.id = c.about
    WHERE c.number = ANY($1::bigint[])
    ORDER BY c.number
"""

SELECT_FOR_UPDATE = "SELECT id FROM change WHERE id = $1 FOR UPDATE"

SELECT_PUBLISHED = f"""
    SELECT {COLUMNS} FROM change c LEFT JOIN change a ON a.id = c.about
    WHERE c.number > $1 AND c.number <= $2
    ORDER BY c.number
    LIMIT $3
"""

SELECT_NEWEST = f"""
    SELECT {COLUMNS} FROM change c LEFT JOIN change a ON a.id = c.about
    WHERE c.number IS NOT NULL
    ORDER BY c.number DESC
    LIMIT $1
"""

SELECT_DRAFTS = f"""
    SELECT {COLUMNS} FROM change c LEFT JOIN change a ON a.id = c.about
    WHERE c.number IS NULL AND ($1::uuid IS NULL OR c.id > $1)
    ORDER BY c.id
    LIMIT $2
"""

SELECT_PARTS = """
    SELECT p.change_id, p.position, p.sub_processor_id, p.organisation_id, p.operation, p.effective_on, p.patch,
        o.document->>'legal_name' AS name
    FROM change_part p
    LEFT JOIN sub_processor s ON s.id = p.sub_processor_id
    JOIN organisation o ON o.id = coalesce(p.organisation_id, s.organisation_id)
    WHERE p.change_id = ANY($1::uuid[])
    ORDER BY p.change_id, p.position
"""

INSERT = """
    INSERT INTO change (id, kind, reason, note, about, drafted_at, drafted_by, drafted_by_holder)
    VALUES (coalesce($1, uuidv7()), $2, $3, $4, $5, $6, $7, $8)
    RETURNING id
"""

INSERT_PART = """
    INSERT INTO change_part (change_id, position, sub_processor_id, organisation_id, operation, effective_on, patch)
    SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::text[], $6::date[], $7::jsonb[])
"""

UPDATE_DRAFT = """
    UPDATE change
    SET kind = $2, reason = $3, note = $4, drafted_by = $5, drafted_by_holder = $6, version = version + 1
    WHERE id = $1 AND number IS NULL
"""

DELETE_PARTS = "DELETE FROM change_part WHERE change_id = $1"

DELETE_DRAFT = "DELETE FROM change WHERE id = $1 AND number IS NULL"

PUBLISH = """
    UPDATE change
    SET number = $2, published_at = $3, published_by = $4, published_by_holder = $5, published_on = $6,
        late = $7, already_told = $8, accepted = $9, news = $10, emergency = $11, published_alone = $12,
        version = version + 1
    WHERE id = $1 AND number IS NULL
"""

LAST_PUBLISHED_AT = "SELECT published_at FROM change WHERE number = $1"


class Author(Struct, frozen=True, kw_only=True):
    """Who drafted or published: the key as the journal names it, and its holder."""

    name: str
    holder: str


class Publishing(Struct, frozen=True, kw_only=True):
    """What a draft gets when it is published."""

    id: UUID
    number: int
    on: date
    late: bool
    already_told: dict[str, Any] | None
    accepted: list[dict[str, Any]]
    news: list[dict[str, Any]]
    emergency: str | None
    alone: bool
    """By the person who drafted it."""


async def add(
    db: Connection,
    *,
    kind: str,
    reason: str,
    note: str | None,
    about: UUID | None,
    parts: Sequence[ProposedPart],
    author: Author,
    at: datetime,
) -> ChangeRow:
    [row] = await db.fetch(INSERT, None, kind, reason, note, about, at, author.name, author.holder)
    await _add_parts(db, {row["id"]: parts})
    return await get(db, row["id"])


async def add_all(db: Connection, rows: Sequence[ChangeRow]) -> None:
    """Store drafts that have their ids already."""
    await db.executemany(
        INSERT,
        [
            (
                row.id,
                row.kind,
                row.reason,
                row.note,
                row.about,
                row.drafted_at,
                row.drafted_by,
                row.drafted_by_holder,
            )
            for row in rows
        ],
    )
    await _add_parts(db, {row.id: row.parts for row in rows})


async def edit(
    db: Connection,
    change_id: UUID,
    *,
    kind: str,
    reason: str,
    note: str | None,
    parts: Sequence[ProposedPart],
    author: Author,
) -> ChangeRow:
    """Rewrite a draft; whoever edited it last counts as its drafter."""
    await db.execute(UPDATE_DRAFT, change_id, kind, reason, note, author.name, author.holder)
    await db.execute(DELETE_PARTS, change_id)
    await _add_parts(db, {change_id: parts})
    return await get(db, change_id)


async def discard(db: Connection, change_id: UUID) -> None:
    await db.execute(DELETE_DRAFT, change_id)


async def publish(db: Connection, published: Sequence[Publishing], author: Author, at: datetime) -> None:
    await db.executemany(
        PUBLISH,
        [
            (
                one.id,
                one.number,
                at,
                author.name,
                author.holder,
                one.on,
                one.late,
                one.already_told,
                one.accepted,
                one.news,
                one.emergency,
                one.alone,
            )
            for one in published
        ],
    )


async def get(db: Connection, change_id: UUID) -> ChangeRow:
    rows = await _with_parts(db, await db.fetch(SELECT_ONE, change_id))
    if not rows:
        raise NotFoundError(f"There is no change {change_id} on the register.")
    return rows[0]


async def get_for_update(db: Connection, change_id: UUID) -> ChangeRow:
    """The change, locked until the transaction ends."""
    await db.execute(SELECT_FOR_UPDATE, change_id)
    return await get(db, change_id)


async def by_number(db: Connection, number: int) -> ChangeRow:
    rows = await _with_parts(db, await db.fetch(SELECT_BY_NUMBER, number))
    if not rows:
        raise NotFoundError(f"There is no published change number {number} on the register.")
    return rows[0]


async def numbered(db: Connection, numbers: Sequence[int]) -> Sequence[ChangeRow]:
    """The published changes with these numbers, oldest first."""
    return await _with_parts(db, await db.fetch(SELECT_NUMBERED, list(numbers)))


async def published(db: Connection, *, after: int, until: int, limit: int) -> Sequence[ChangeRow]:
    """Published changes after one number up to another, oldest first."""
    return await _with_parts(db, await db.fetch(SELECT_PUBLISHED, after, until, limit))


async def newest(db: Connection, limit: int) -> Sequence[ChangeRow]:
    """The newest published changes, newest first."""
    return await _with_parts(db, await db.fetch(SELECT_NEWEST, limit))


async def drafts(db: Connection, *, after: UUID | None, limit: int) -> Sequence[ChangeRow]:
    return await _with_parts(db, await db.fetch(SELECT_DRAFTS, after, limit))


async def last_published_at(db: Connection, number: int) -> datetime | None:
    """When the change with this number was published; None for number 0, the empty register."""
    moment: datetime | None = await db.fetchval(LAST_PUBLISHED_AT, number)
    return moment


async def _add_parts(db: Connection, parts: Mapping[UUID, Sequence[ProposedPart]]) -> None:
    rows = [
        (
            change_id,
            position,
            part.sub_processor_id,
            part.organisation_id,
            part.operation.value,
            part.effective_on,
            part.patch,
        )
        for change_id, of_one in parts.items()
        for position, part in enumerate(of_one)
    ]
    if rows:
        await db.execute(INSERT_PART, *map(list, zip(*rows, strict=True)))


async def _with_parts(db: Connection, rows: Sequence[Record]) -> list[ChangeRow]:
    parts: dict[UUID, list[ProposedPart]] = {row["id"]: [] for row in rows}
    for row in await db.fetch(SELECT_PARTS, list(parts)):
        parts[row["change_id"]].append(
            ProposedPart(
                sub_processor_id=row["sub_processor_id"],
                organisation_id=row["organisation_id"],
                operation=Operation(row["operation"]),
                effective_on=row["effective_on"],
                patch=row["patch"],
                name=row["name"],
            )
        )
    return [ChangeRow(**dict(row), parts=tuple(parts[row["id"]])) for row in rows]
