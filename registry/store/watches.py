"""Watched lists in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record, UniqueViolationError
from msgspec import UNSET, Struct, convert, to_builtins

from registry.database import Connection
from registry.errors import ConflictError, NotFoundError
from registry.resources.attention import FailingWatch
from registry.resources.watches import (
    PastLook,
    Pending,
    Watched,
    WatchedDifference,
    WatchedList,
    WatchState,
)

CLAIMING = 7_230_118
"""Claims are made one after the other, so that no two are of one host."""

COLUMNS = """
    id, version, name, source, sub_processor_id, columns, table_name AS table, every_hours, created_at, created_by,
    state, message, doubtful, failures, failing_since, asked_at, read_at, due_at, found_at, found, looks,
    (SELECT count(*) FROM jsonb_object_keys(reading -> 'entries')) AS entries, reading IS NULL AS is_unread
"""

WATCHED = """
    id, name, source, sub_processor_id, columns, table_name AS table, every_hours, failures, etag, last_modified,
    due_at, reading, drafted,
    (SELECT not_before FROM watched_host h WHERE h.host = watched_list.host) AS wait_until
"""

INSERT = f"""
    INSERT INTO watched_list (
        name, source, host, sub_processor_id, columns, table_name, every_hours, created_at, created_by, due_at, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, 'new')
    RETURNING {COLUMNS}
"""

SELECT_ONE = f"SELECT {COLUMNS} FROM watched_list WHERE id = $1 AND removed_at IS NULL"

SELECT_ALL = f"SELECT {COLUMNS} FROM watched_list WHERE removed_at IS NULL ORDER BY id"

SELECT_WATCHED = f"SELECT {WATCHED} FROM watched_list WHERE removed_at IS NULL ORDER BY id"

REMOVE = "UPDATE watched_list SET removed_at = $2, reading = NULL WHERE id = $1 AND removed_at IS NULL"

# Whoever claims a list has it, and its host, for themselves until then; a look that broke off is repeated.
FREE = """
    removed_at IS NULL AND coalesce(claimed_until <= $1, true) AND NOT EXISTS (
        SELECT FROM watched_list o
        WHERE o.host = watched_list.host AND o.removed_at IS NULL AND o.claimed_until > $1)
"""

CLAIM = f"""
    UPDATE watched_list SET claimed_until = $2
    WHERE id = (SELECT id FROM watched_list WHERE due_at <= $1 AND {FREE} ORDER BY due_at LIMIT 1)
    RETURNING {WATCHED}
"""

CLAIM_ONE = f"UPDATE watched_list SET claimed_until = $2 WHERE id = $3 AND {FREE} RETURNING {WATCHED}"

LOOKED = """
    UPDATE watched_list
    SET version = version + 1, claimed_until = NULL, state = $2, message = $3, asked_at = $4, due_at = $5,
        etag = CASE WHEN $6 THEN $7 ELSE etag END, last_modified = CASE WHEN $6 THEN $8 ELSE last_modified END,
        read_at = CASE WHEN $6 THEN $4 ELSE read_at END, reading = CASE WHEN $6 THEN $9 ELSE reading END,
        found_at = CASE WHEN $10::jsonb IS NULL THEN found_at ELSE $4 END, found = coalesce($10, found),
        doubtful = $11, drafted = coalesce($12, drafted),
        failures = CASE WHEN $2 = 'failed' THEN failures + 1 ELSE 0 END,
        failing_since = CASE WHEN $2 = 'failed' THEN coalesce(failing_since, $4) END,
        looks = jsonb_path_query_array(jsonb_build_array($13::jsonb) || looks, '$[0 to 19]')
    WHERE id = $1
"""

POSTPONED = """
    UPDATE watched_list SET version = version + 1, claimed_until = NULL, message = $2, due_at = $3 WHERE id = $1
"""

HOLD = """
    INSERT INTO watched_host (host, not_before) VALUES ($1, $2)
    ON CONFLICT (host) DO UPDATE SET not_before = greatest(watched_host.not_before, excluded.not_before)
"""

SELECT_FAILING = """
    SELECT id, name, message, failures, failing_since, doubtful FROM watched_list
    WHERE removed_at IS NULL AND state = 'failed' ORDER BY id
"""


class Looked(Struct, frozen=True, kw_only=True):
    """What a look came to; with a `reading`, its content was read."""

    state: WatchState
    message: str | None
    due_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    reading: dict[str, Any] | None = None
    found: Sequence[WatchedDifference] = ()
    doubtful: bool = False
    drafted: Mapping[str, Pending] | None = None
    """None: as it was."""


async def add(
    db: Connection,
    *,
    name: str,
    source: str,
    host: str | None,
    sub_processor_id: UUID | None,
    columns: Mapping[str, str],
    table: str | None,
    every_hours: int,
    at: datetime,
    by: str,
) -> WatchedList:
    values = (name, source, host, sub_processor_id, dict(columns), table, every_hours, at, by)
    try:
        async with db.transaction():
            [row] = await db.fetch(INSERT, *values)
    except UniqueViolationError as error:
        raise ConflictError(f"{source} is watched already. Remove that first, or watch another.") from error
    return _list(row)


async def get(db: Connection, watch_id: UUID, *, lock: bool = False) -> WatchedList:
    row = await db.fetchrow(f"{SELECT_ONE} FOR UPDATE" if lock else SELECT_ONE, watch_id)
    if row is None:
        raise NotFoundError(f"There is no watched list {watch_id}.")
    return _list(row, history=True)


async def everything(db: Connection) -> Sequence[WatchedList]:
    """In the order of their making."""
    return [_list(row) for row in await db.fetch(SELECT_ALL)]


async def watched(db: Connection) -> Sequence[Watched]:
    """All of them, with what was last read."""
    return [_watched(row) for row in await db.fetch(SELECT_WATCHED)]


async def claim(db: Connection, now: datetime, until: datetime) -> Watched | None:
    """One that is due, which nobody else gets before `until`, nor another of its host; None where none is."""
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", CLAIMING)
        row = await db.fetchrow(CLAIM, now, until)
    return None if row is None else _watched(row)


async def claim_one(db: Connection, watch_id: UUID, now: datetime, until: datetime) -> Watched | None:
    """This one, due or not; None where somebody looks at it or its host."""
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", CLAIMING)
        row = await db.fetchrow(CLAIM_ONE, now, until, watch_id)
    return None if row is None else _watched(row)


async def remove(db: Connection, watch_id: UUID, at: datetime) -> None:
    await db.execute(REMOVE, watch_id, at)


async def hold(db: Connection, host: str, until: datetime) -> None:
    """Leave a host alone until then."""
    await db.execute(HOLD, host, until)


async def postponed(db: Connection, watch_id: UUID, message: str, due_at: datetime) -> None:
    """Nobody was asked; it is looked at later."""
    await db.execute(POSTPONED, watch_id, message, due_at)


async def failing(db: Connection) -> list[FailingWatch]:
    """The lists whose last look failed."""
    return [FailingWatch(**dict(row)) for row in await db.fetch(SELECT_FAILING)]


async def looked(db: Connection, watch_id: UUID, looked: Looked, at: datetime) -> None:
    reading = looked.reading
    past = PastLook(
        at=at,
        state=looked.state,
        message=looked.message,
        entries=None if reading is None else len(reading["entries"]),
        differences=len(looked.found),
    )
    await db.execute(
        LOOKED,
        watch_id,
        looked.state.value,
        looked.message,
        at,
        looked.due_at,
        reading is not None,
        looked.etag,
        looked.last_modified,
        reading,
        to_builtins(list(looked.found)) if looked.found else None,
        looked.doubtful,
        None if looked.drafted is None else to_builtins(dict(looked.drafted)),
        to_builtins(past),
    )


def _watched(row: Record) -> Watched:
    values = dict(row)
    drafted = convert(values.pop("drafted"), dict[str, Pending])
    return Watched(**values, drafted=drafted)


def _list(row: Record, *, history: bool = False) -> WatchedList:
    values = dict(row)
    is_unread = values.pop("is_unread")
    entries = values.pop("entries")
    found = convert(values.pop("found") or [], tuple[WatchedDifference, ...])
    looks = convert(values.pop("looks"), tuple[PastLook, ...])
    return WatchedList(
        **{**values, "state": WatchState(values["state"])},
        found=found,
        entries=None if is_unread else entries,
        looks=looks if history else UNSET,
    )
