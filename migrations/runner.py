"""Apply what is pending, all of it or none, whoever else starts at the same moment."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

FOLDER = Path(__file__).parent
FILE_NAME = re.compile(r"(?P<number>[0-9]{4})_[a-z0-9_]+\.sql")

# Any number will do, as long as every starter of Onward takes the same one.
LOCK = 6_966_919_273

TAKE_LOCK = "SELECT pg_advisory_xact_lock($1)"

# Waiting for another starter, and what a file does, may take its time.
DROP_STATEMENT_TIMEOUT = "SET LOCAL statement_timeout = 0"

# Waiting for a table in use by the running service may not, since everybody else queues behind us.
SET_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '4s'"

CREATE_LEDGER = """
    CREATE TABLE IF NOT EXISTS migration (
        name text PRIMARY KEY,
        sha256 text NOT NULL
    )
"""

SELECT_APPLIED = "SELECT name, sha256 FROM migration"

INSERT_APPLIED = "INSERT INTO migration (name, sha256) VALUES ($1, $2)"


class MigrationError(Exception):
    """The files and the database do not fit together: which file, why, what to do."""


class Migration(NamedTuple):
    """One numbered file."""

    name: str
    sql: str

    @property
    def number(self) -> str:
        return self.name.partition("_")[0]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read(folder: Path = FOLDER) -> list[Migration]:
    """Read the numbered files of a folder in order; a misnamed or doubly numbered one is refused."""
    migrations = []
    for path in sorted(folder.glob("*.sql")):
        if not FILE_NAME.fullmatch(path.name):
            raise MigrationError(
                f"{path.name} is no name for a migration. Write four digits, an underscore, lower-case words "
                f"and .sql, such as 0002_clients.sql."
            )
        migrations.append(Migration(path.name, path.read_text(encoding="utf-8")))
    for number, count in Counter(migration.number for migration in migrations).items():
        if count > 1:
            raise MigrationError(
                f"{count} migrations have the number {number}. Give the newer one the next number."
            )
    return migrations


async def apply(connection: Any, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Bring the database up to date and return the names of the files that were applied.

    ``connection`` is an asyncpg connection. Starters queue at an advisory lock, so one applies and the
    others find nothing to do.
    """
    if migrations is None:
        migrations = read()
    async with connection.transaction():
        await connection.execute(DROP_STATEMENT_TIMEOUT)
        await connection.execute(TAKE_LOCK, LOCK)
        await connection.execute(SET_LOCK_TIMEOUT)
        await connection.execute(CREATE_LEDGER)
        applied = {row["name"]: row["sha256"] for row in await connection.fetch(SELECT_APPLIED)}
        pending = decide(migrations, applied)
        for migration in pending:
            try:
                await connection.execute(migration.sql)
            except asyncpg.PostgresError as error:
                raise MigrationError(_failed(migration, error)) from error
        await connection.executemany(INSERT_APPLIED, [(m.name, m.sha256) for m in pending])
    return [migration.name for migration in pending]


def _failed(migration: Migration, error: asyncpg.PostgresError) -> str:
    remedy = "Mend what this names, and start again"
    if isinstance(error, asyncpg.LockNotAvailableError):
        remedy = "Somebody is using the table; start again in a moment"
    return f"{migration.name} cannot be applied: {error}. The database is as it was. {remedy}."


def decide(migrations: Sequence[Migration], applied: Mapping[str, str]) -> list[Migration]:
    """Which files are pending; refused where the files are not what the database was made from."""
    known = {migration.name: migration for migration in migrations}
    for name, sha256 in sorted(applied.items()):
        if name not in known:
            raise MigrationError(
                f"The database was migrated with {name}, which this version of Onward does not have. "
                f"Start the version that applied it, or a later one."
            )
        if known[name].sha256 != sha256:
            raise MigrationError(
                f"{name} was edited after it was applied to this database. Restore the file as it was, "
                f"and put the change into a new migration."
            )
    highest = max(applied, default="")
    pending = [migration for migration in migrations if migration.name not in applied]
    for migration in pending:
        if migration.name < highest:
            raise MigrationError(
                f"{migration.name} is not applied, but {highest} is, so it would run out of order. "
                f"Give it a number above the highest one."
            )
    return pending
