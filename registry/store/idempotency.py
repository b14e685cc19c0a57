"""Answers kept under their Idempotency-Key."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from registry.database import Connection

CLAIM = """
    INSERT INTO idempotency (actor, method, path, key, request_digest, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (actor, method, path, key) DO UPDATE
    SET request_digest = excluded.request_digest, expires_at = excluded.expires_at,
        status = NULL, headers = NULL, body = NULL
    WHERE idempotency.expires_at <= $7
    RETURNING true
"""

SELECT = """
    SELECT request_digest, status, headers, body
    FROM idempotency
    WHERE actor = $1 AND method = $2 AND path = $3 AND key = $4
"""

KEEP = """
    UPDATE idempotency SET status = $5, headers = $6, body = $7
    WHERE actor = $1 AND method = $2 AND path = $3 AND key = $4
"""

# Another transaction may be deleting the same rows: skip what it has locked.
PURGE = """
    DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM idempotency WHERE expires_at <= $1 LIMIT 100 FOR UPDATE SKIP LOCKED
    ))
"""


class Scope(Struct, frozen=True):
    """What an Idempotency-Key is unique within: who asks, how and where."""

    actor: str
    method: str
    path: str
    key: str


class Kept(Struct, frozen=True, kw_only=True):
    """An answer as it was given."""

    request_digest: bytes
    status: int
    headers: dict[str, str]
    body: bytes


async def claim(db: Connection, scope: Scope, digest: bytes, at: datetime, until: datetime) -> bool:
    """Take the key for this transaction; waits while another holds it. False: it has an answer."""
    values: tuple[Any, ...] = (scope.actor, scope.method, scope.path, scope.key, digest, until, at)
    return bool(await db.fetchval(CLAIM, *values))


async def get(db: Connection, scope: Scope) -> Kept:
    row = await db.fetchrow(SELECT, scope.actor, scope.method, scope.path, scope.key)
    assert row is not None  # noqa: S101 - claim has just seen it, and it is not purged before it expires
    return Kept(**dict(row))


async def keep(db: Connection, scope: Scope, status: int, headers: dict[str, str], body: bytes) -> None:
    """Store the answer in the transaction that claimed the key."""
    await db.execute(KEEP, scope.actor, scope.method, scope.path, scope.key, status, headers, body)


async def purge(db: Connection, at: datetime) -> None:
    """Drop answers that have expired."""
    await db.execute(PURGE, at)
