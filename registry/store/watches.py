"""Watched lists in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record, UniqueViolationError
from msgspec import Struct, convert, to_builtins

from registry.database import Connection
from registry.errors import ConflictError, NotFoundError
from registry.resources.watches import Watched, WatchedDifference, WatchedList, WatchState

COLUMNS = """
    id, name, source, sub_processor_id, created_at, created_by, state, message, asked_at, read_at, due_at, found_at,
    found, (SELECT count(*) FROM jsonb_object_keys(reading -> 'entries')) AS entries, reading IS NULL AS is_unread
"""

WATCHED = "id, name, source, sub_processor_id, etag, last_modified, due_at, wait_until, reading"

INSERT = f"""
    INSERT INTO watched_list (name, source, sub_processor_id, created_at, created_by, due_at, state)
    VALUES ($1, $2, $3, $4, $5, $4, 'new')
    RETURNING {COLUMNS}
"""

SELECT_ONE = f"SELECT {COLUMNS} FROM watched_list WHERE id = $1 AND removed_at IS NULL"

SELECT_ALL = f"SELECT {COLUMNS} FROM watched_list WHERE removed_at IS NULL ORDER BY id"

SELECT_WATCHED = f"SELECT {WATCHED} FROM watched_list WHERE removed_at IS NULL ORDER BY id"

REMOVE = "UPDATE watched_list SET removed_at = $2, reading = NULL WHERE id = $1 AND removed_at IS NULL"

# Whoever claims moves the day on, so that no two look at the same; a look that broke off is repeated then.
CLAIM = f"""
    UPDATE watched_list SET due_at = $2
    WHERE id = (
        SELECT id FROM watched_list
        WHERE removed_at IS NULL AND due_at <= $1
        ORDER BY due_at LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING {WATCHED}
"""

LOOKED = """
    UPDATE watched_list
    SET state = $2, message = $3, asked_at = $4, due_at = $5, wait_until = $11,
        etag = CASE WHEN $6 THEN $7 ELSE etag END, last_modified = CASE WHEN $6 THEN $8 ELSE last_modified END,
        read_at = CASE WHEN $6 THEN $4 ELSE read_at END, reading = CASE WHEN $6 THEN $9 ELSE reading END,
        found_at = CASE WHEN $10::jsonb IS NULL THEN found_at ELSE $4 END, found = coalesce($10, found)
    WHERE id = $1
"""


class Looked(Struct, frozen=True, kw_only=True):
    """What a look came to; with a `reading`, its content was read."""

    state: WatchState
    message: str | None
    due_at: datetime
    wait_until: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    reading: dict[str, Any] | None = None
    found: Sequence[WatchedDifference] = ()


async def add(
    db: Connection, *, name: str, source: str, sub_processor_id: UUID | None, at: datetime, by: str
) -> WatchedList:
    try:
        async with db.transaction():
            [row] = await db.fetch(INSERT, name, source, sub_processor_id, at, by)
    except UniqueViolationError as error:
        raise ConflictError(f"{source} is watched already. Remove that first, or watch another.") from error
    return _list(row)


async def get(db: Connection, watch_id: UUID) -> WatchedList:
    row = await db.fetchrow(SELECT_ONE, watch_id)
    if row is None:
        raise NotFoundError(f"There is no watched list {watch_id}.")
    return _list(row)


async def everything(db: Connection) -> Sequence[WatchedList]:
    """In the order of their making."""
    return [_list(row) for row in await db.fetch(SELECT_ALL)]


async def watched(db: Connection) -> Sequence[Watched]:
    """All of them, with what was last read."""
    return [Watched(**dict(row)) for row in await db.fetch(SELECT_WATCHED)]


async def claim(db: Connection, now: datetime, until: datetime) -> Watched | None:
    """One that is due, which nobody else gets before `until`; None where none is."""
    row = await db.fetchrow(CLAIM, now, until)
    return None if row is None else Watched(**dict(row))


async def remove(db: Connection, watch_id: UUID, at: datetime) -> None:
    await db.execute(REMOVE, watch_id, at)


async def looked(db: Connection, watch_id: UUID, looked: Looked, at: datetime) -> None:
    await db.execute(
        LOOKED,
        watch_id,
        looked.state.value,
        looked.message,
        at,
        looked.due_at,
        looked.reading is not None,
        looked.etag,
        looked.last_modified,
        looked.reading,
        to_builtins(list(looked.found)) if looked.found else None,
        looked.wait_until,
    )


def _list(row: Record) -> WatchedList:
    values = dict(row)
    is_unread = values.pop("is_unread")
    found = convert(values.pop("found") or [], tuple[WatchedDifference, ...])
    entries = None if is_unread else values.pop("entries")
    values.pop("entries", None)
    return WatchedList(**{**values, "state": WatchState(values["state"])}, found=found, entries=entries)
