"""Databases for tests: one server for the run, one migrated template, a copy of it for each test."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import migrations
from registry import database
from registry.embedded import Postgres


@contextmanager
def server(root: Path) -> Iterator[str]:
    """The server of ``TEST_DATABASE_URL``, or an embedded one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with Postgres(root) as postgres:
        # Nothing here outlives the run, so nothing need reach the disk.
        run(postgres.dsn, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield postgres.dsn


@contextmanager
def durable(root: Path) -> Iterator[str]:
    """A migrated database on a server of its own that writes everything to disk, as one in use does."""
    with Postgres(root) as postgres, fresh(postgres.dsn) as dsn:
        migrate(dsn)
        yield dsn


@contextmanager
def fresh(dsn: str, template: str = "template1") -> Iterator[str]:
    """A database of its own, dropped afterwards whoever is still connected."""
    name = f"onward_test_{uuid4().hex}"
    run(dsn, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield named(dsn, name)
    finally:
        run(dsn, f'DROP DATABASE "{name}" WITH (FORCE)')


def named(dsn: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def name_of(dsn: str) -> str:
    return urlsplit(dsn).path.removeprefix("/")


def run(dsn: str, *statements: str) -> None:
    async def execute() -> None:
        connection = await database.connect(dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(execute())


def migrate(dsn: str) -> None:
    async def apply() -> None:
        connection = await database.connect(dsn)
        try:
            await migrations.apply(connection)
        finally:
            await connection.close()

    asyncio.run(apply())
