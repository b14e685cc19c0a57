"""Services in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from registry.database import Connection
from registry.errors import ConflictError, NotFoundError
from registry.resources.services import Service, ServiceDraft

INSERT = """
    INSERT INTO service (key, name, description, created_at) VALUES ($1, $2, $3, $4)
    RETURNING id, version, key, name, description, created_at
"""

SELECT_ONE = """
    SELECT id, version, key, name, description, created_at FROM service WHERE id = $1
"""

SELECT_ALL = """
    SELECT id, version, key, name, description, created_at FROM service ORDER BY id
"""

UPDATE = """
    UPDATE service SET name = $2, description = $3, version = version + 1 WHERE id = $1
    RETURNING id, version, key, name, description, created_at
"""


async def add(db: Connection, draft: ServiceDraft, at: datetime) -> Service:
    """Store a service; its key must be free."""
    try:
        async with db.transaction():
            [row] = await db.fetch(INSERT, draft.key, draft.name, draft.description, at)
    except UniqueViolationError as error:
        raise ConflictError(
            f"There is a service with the key {draft.key} already. Keys are permanent and name one"
            " service; choose another key, or change the name of the service that has it."
        ) from error
    return msgspec.convert(dict(row), Service)


async def get(db: Connection, service_id: UUID) -> Service:
    row = await db.fetchrow(SELECT_ONE, service_id)
    if row is None:
        raise NotFoundError(f"There is no service {service_id} on the register.")
    return msgspec.convert(dict(row), Service)


async def everything(db: Connection) -> Sequence[Service]:
    return [msgspec.convert(dict(row), Service) for row in await db.fetch(SELECT_ALL)]


async def update(db: Connection, service_id: UUID, name: str, description: str | None) -> Service:
    [row] = await db.fetch(UPDATE, service_id, name, description)
    return msgspec.convert(dict(row), Service)
