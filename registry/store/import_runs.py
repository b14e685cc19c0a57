"""Imports as they go on, in PostgreSQL: written beside the transaction that each of them is.

Whoever runs an import holds an advisory lock on its id. The server lets go of it when the connection ends,
however that comes about, so what is still `running` without the lock was interrupted, and wrote nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from msgspec import Struct, convert, to_builtins

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.imports import ImportReport, ImportRun, ImportState

KEPT = 200
"""Runs that are kept, with their reports; what was committed is in the journal for good."""

LOCK_SPACE = 1_869_509_234
"""The first half of the advisory lock's key, of no other use; the second is made from the id."""

NEW_ID = "SELECT uuidv7()"

TAKE = "SELECT pg_advisory_lock($1, $2)"

INSERT = """
    INSERT INTO import_run (id, name, commit, state, started_at, started_by)
    VALUES ($1, $2, $3, 'running', $4, $5)
"""

FORGET = """
    DELETE FROM import_run
    WHERE state <> 'running' AND id < (SELECT id FROM import_run ORDER BY id DESC OFFSET $1 LIMIT 1)
"""

SET_READ = "UPDATE import_run SET rows = $2 WHERE id = $1"

SET_PLANNED = "UPDATE import_run SET changes_planned = $2 WHERE id = $1"

SET_MADE = "UPDATE import_run SET changes_made = $2 WHERE id = $1"

SET_DONE = """
    UPDATE import_run SET state = 'done', finished_at = $2, report = $3, rows = $4, changes_made = $5 WHERE id = $1
"""

SET_FAILED = "UPDATE import_run SET state = 'failed', finished_at = $2, problem = $3 WHERE id = $1"

# A lock that is there is held by whoever runs the import; looking at it takes none.
COLUMNS = """
    id, name, commit, started_at, started_by, finished_at, rows, changes_planned, changes_made, problem,
    CASE
        WHEN state = 'running' AND NOT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = $1::bigint::oid
                AND objid = ('x' || encode(substr(uuid_send(id), 13), 'hex'))::bit(32)::bigint::oid
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        ) THEN 'interrupted'
        ELSE state
    END AS state
"""

SELECT_ONE = f"SELECT {COLUMNS}, report FROM import_run WHERE id = $2"

SELECT_PAGE = f"""
    SELECT {COLUMNS} FROM import_run
    WHERE $2::uuid IS NULL OR id < $2
    ORDER BY id DESC
    LIMIT $3
"""


class Starting(Struct, frozen=True, kw_only=True):
    """What is known of an import when it begins."""

    name: str
    commit: bool
    by: str


async def start(db: Connection, given: Starting, at: datetime) -> UUID:
    """Begin a run and hold its lock for as long as the connection is held."""
    run_id: UUID = await db.fetchval(NEW_ID)
    await db.execute(TAKE, LOCK_SPACE, _signed(run_id))
    await db.execute(INSERT, run_id, given.name, given.commit, at, given.by)
    await db.execute(FORGET, KEPT)
    return run_id


async def read(db: Connection, run_id: UUID, rows: int) -> None:
    await db.execute(SET_READ, run_id, rows)


async def planned(db: Connection, run_id: UUID, changes: int) -> None:
    await db.execute(SET_PLANNED, run_id, changes)


async def made(db: Connection, run_id: UUID, changes: int) -> None:
    await db.execute(SET_MADE, run_id, changes)


async def done(db: Connection, run_id: UUID, report: ImportReport, at: datetime) -> None:
    made = len(report.changes)
    await db.execute(SET_DONE, run_id, at, to_builtins(report), report.summary.rows, made)


async def failed(db: Connection, run_id: UUID, problem: dict[str, Any], at: datetime) -> None:
    await db.execute(SET_FAILED, run_id, at, problem)


async def get(db: Connection, run_id: UUID) -> ImportRun:
    row = await db.fetchrow(SELECT_ONE, LOCK_SPACE, run_id)
    if row is None:
        raise NotFoundError(
            f"There is no import {run_id}. The {KEPT} newest are kept; what older ones wrote is in the journal."
        )
    return _run(row)


async def page(db: Connection, *, before: UUID | None, limit: int) -> Sequence[ImportRun]:
    """The newest first, without their reports."""
    return [_run(row) for row in await db.fetch(SELECT_PAGE, LOCK_SPACE, before, limit)]


def _run(row: Record) -> ImportRun:
    values = dict(row)
    report = values.pop("report", None)
    return ImportRun(
        **{**values, "state": ImportState(values["state"])},
        report=None if report is None else convert(report, ImportReport),
    )


def _signed(run_id: UUID) -> int:
    """The last four bytes of the id as PostgreSQL's integer."""
    return int.from_bytes(run_id.bytes[-4:], signed=True)
