"""Access keys in PostgreSQL: only the SHA-256 of a secret is ever stored."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.access_keys import AccessKey
from registry.resources.actors import Role

INSERT = """
    INSERT INTO access_key (digest, holder, role, created_at, created_by, expires_at, client_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING id, role, holder, client_id, created_at, created_by, expires_at, revoked_at, revoked_by, version
"""

SELECT_BY_DIGEST = """
    SELECT id, role, holder, client_id, created_at, created_by, expires_at, revoked_at, revoked_by, version
    FROM access_key
    WHERE digest = $1
"""

SELECT_ONE = """
    SELECT id, role, holder, client_id, created_at, created_by, expires_at, revoked_at, revoked_by, version
    FROM access_key
    WHERE id = $1
"""

SELECT_PAGE = """
    SELECT id, role, holder, client_id, created_at, created_by, expires_at, revoked_at, revoked_by, version
    FROM access_key
    WHERE $1::uuid IS NULL OR id > $1
    ORDER BY id
    LIMIT $2
"""

REVOKE = """
    UPDATE access_key
    SET revoked_at = $2, revoked_by = $3, version = version + 1
    WHERE id = $1 AND revoked_at IS NULL
    RETURNING id, role, holder, client_id, created_at, created_by, expires_at, revoked_at, revoked_by, version
"""

EXISTS = "SELECT EXISTS (SELECT FROM access_key)"

EXISTS_GOOD_ADMIN = """
    SELECT EXISTS (SELECT FROM access_key
                   WHERE role = 'admin' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1))
"""

SELECT_UNREVOKED_OF = """
    SELECT id FROM access_key
    WHERE holder = ANY($1) AND created_by = $2 AND revoked_at IS NULL
    ORDER BY id
"""


async def add(
    db: Connection,
    *,
    digest: bytes,
    holder: str,
    role: Role,
    at: datetime,
    created_by: str,
    expires_at: datetime | None,
    client_id: UUID | None = None,
) -> AccessKey:
    row = await db.fetchrow(INSERT, digest, holder, role.value, at, created_by, expires_at, client_id)
    assert row is not None  # noqa: S101 - INSERT … RETURNING gives one row
    return _from_row(row)


async def find(db: Connection, digest: bytes) -> AccessKey | None:
    """The key whose secret has this SHA-256, whatever became of it."""
    row = await db.fetchrow(SELECT_BY_DIGEST, digest)
    return None if row is None else _from_row(row)


async def get(db: Connection, access_key_id: UUID) -> AccessKey:
    row = await db.fetchrow(SELECT_ONE, access_key_id)
    if row is None:
        raise NotFoundError(f"There is no access key {access_key_id}.")
    return _from_row(row)


async def list_after(db: Connection, after: UUID | None, limit: int) -> list[AccessKey]:
    """The keys in order of their making, from the one behind ``after`` on."""
    return [_from_row(row) for row in await db.fetch(SELECT_PAGE, after, limit)]


async def revoke(db: Connection, access_key_id: UUID, at: datetime, revoked_by: str) -> AccessKey | None:
    """Revoke a key that is not yet revoked; ``None`` when it was, or is not there."""
    row = await db.fetchrow(REVOKE, access_key_id, at, revoked_by)
    return None if row is None else _from_row(row)


async def any_exist(db: Connection) -> bool:
    return bool(await db.fetchval(EXISTS))


async def is_good_admin_there(db: Connection, at: datetime) -> bool:
    """Whether an admin's key is neither revoked nor expired."""
    return bool(await db.fetchval(EXISTS_GOOD_ADMIN, at))


async def unrevoked_of(db: Connection, holders: list[str], created_by: str) -> list[UUID]:
    """The keys of these holders that were made by one actor and are not revoked."""
    return [row["id"] for row in await db.fetch(SELECT_UNREVOKED_OF, holders, created_by)]


def _from_row(row: Record) -> AccessKey:
    return AccessKey(**{**dict(row), "role": Role(row["role"])})
