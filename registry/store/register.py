"""Whose register it is."""

from msgspec import Struct

from registry.database import Connection

READ = "SELECT name, example FROM register"

WRITE = "UPDATE register SET name = $1, example = $2"

HAS_HEAD = "SELECT to_regclass('head') IS NOT NULL"

IS_BEGUN = "SELECT journal_no > 0 FROM head"


class Register(Struct, frozen=True, kw_only=True):
    """The register's name, and whether it is only an example."""

    name: str
    example: bool


async def read(db: Connection) -> Register:
    [row] = await db.fetch(READ)
    return Register(**dict(row))


async def write(db: Connection, register: Register) -> None:
    await db.execute(WRITE, register.name, register.example)


async def is_there(db: Connection) -> bool:
    """Whether a register has been begun in this database, be it of an earlier schema."""
    return bool(await db.fetchval(HAS_HEAD)) and bool(await db.fetchval(IS_BEGUN))
