"""Whose register it is."""

from msgspec import Struct

from registry.database import Connection

READ = "SELECT name, example FROM register"

WRITE = "UPDATE register SET name = $1, example = $2"

IS_EMPTY = """
    SELECT NOT EXISTS (SELECT FROM change) AND NOT EXISTS (SELECT FROM sub_processor)
        AND NOT EXISTS (SELECT FROM service)
"""


class Register(Struct, frozen=True, kw_only=True):
    """The register's name, and whether it is only an example."""

    name: str
    example: bool


async def read(db: Connection) -> Register:
    [row] = await db.fetch(READ)
    return Register(**dict(row))


async def write(db: Connection, register: Register) -> None:
    await db.execute(WRITE, register.name, register.example)


async def is_empty(db: Connection) -> bool:
    empty: bool = await db.fetchval(IS_EMPTY)
    return empty
