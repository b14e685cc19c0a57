"""Connections to PostgreSQL: the pool, its codecs and timeouts, and what a server must offer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

if TYPE_CHECKING:  # asyncpg's classes are generic for the type checker alone.
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:
    Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
    Pool: TypeAlias = asyncpg.Pool

OLDEST_SERVER = 18
JSONB_VERSION = b"\x01"

# Seconds. A statement that runs longer is a fault of ours, not patience; a transaction that idles holds
# the head row, so everyone else waits.
CONNECT_TIMEOUT = 10
STATEMENT_TIMEOUT = 30
IDLE_IN_TRANSACTION_TIMEOUT = 30

SERVER_SETTINGS = {
    "application_name": "onward",
    "statement_timeout": f"{STATEMENT_TIMEOUT}s",
    "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_TIMEOUT}s",
    # Days and moments never depend on the machine that asks.
    "timezone": "UTC",
}

SELECT_OFFER = """
    SELECT
        current_setting('server_encoding') AS encoding,
        EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') AS installed,
        EXISTS (SELECT FROM pg_available_extensions WHERE name = 'btree_gist') AS available,
        has_database_privilege(current_database(), 'CREATE') AS creatable
"""


UNREACHABLE = (
    "The database cannot be used: {}. Look at DATABASE_URL, and whether the server runs and lets you in."
)


class ServerError(Exception):
    """The PostgreSQL server cannot serve Onward: what is missing and what to do."""


async def open_pool(dsn: str, *, min_size: int = 1, max_size: int = 10) -> Pool:
    """Open a pool whose connections read and write ``jsonb`` as Python values."""
    with _reaching():
        return await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            init=prepare,
            server_settings=SERVER_SETTINGS,
            timeout=CONNECT_TIMEOUT,
        )


async def connect(dsn: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Open one connection like those of the pool."""
    with _reaching():
        connection = await asyncpg.connect(dsn, server_settings=SERVER_SETTINGS, timeout=CONNECT_TIMEOUT)
        await prepare(connection)
        return connection


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise ServerError(
            UNREACHABLE.format(f"it did not answer within {CONNECT_TIMEOUT} seconds")
        ) from error
    except (OSError, ValueError, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
        raise ServerError(UNREACHABLE.format(error)) from error


async def prepare(connection: Connection) -> None:
    """Teach a connection to read and write ``jsonb`` by msgspec, in PostgreSQL's binary form."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=_to_jsonb,
        decoder=_from_jsonb,
    )


def _to_jsonb(value: object) -> bytes:
    return JSONB_VERSION + msgspec.json.encode(value)


def _from_jsonb(data: bytes) -> object:
    return msgspec.json.decode(memoryview(data)[1:])


async def check_server(connection: Connection) -> None:
    """Raise ``ServerError`` unless the server is new enough and has what the schema needs."""
    version = connection.get_server_version()
    if version.major < OLDEST_SERVER:
        raise ServerError(too_old(f"{version.major}.{version.minor}"))
    [offer] = await connection.fetch(SELECT_OFFER)
    if offer["encoding"] != "UTF8":
        raise ServerError(
            f"The database is encoded in {offer['encoding']}, which has no room for many names. Make one with "
            f"CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8', and point DATABASE_URL at it."
        )
    if offer["installed"]:
        return
    if not offer["available"]:
        raise ServerError(
            "The database server lacks the extension btree_gist, which temporal keys over ids need. Install "
            "PostgreSQL's contrib modules on it (Debian's server package has them)."
        )
    if not offer["creatable"]:
        raise ServerError(
            "The extension btree_gist is not in this database, and its user may not create it. Let an "
            "administrator run CREATE EXTENSION btree_gist in it, or GRANT CREATE ON DATABASE to the user."
        )


def too_old(version: str) -> str:
    """What is said about a server that has no temporal keys."""
    return (
        f"The database server is PostgreSQL {version}, but Onward keeps periods by temporal keys, which came with "
        f"PostgreSQL {OLDEST_SERVER}. Point DATABASE_URL at a server of version {OLDEST_SERVER} or later, or leave "
        f"it unset to use the embedded one."
    )
