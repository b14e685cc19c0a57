"""``python -m migrations``: apply what is pending to the database of ``DATABASE_URL``."""

import asyncio
import os
import sys

import asyncpg

from migrations.runner import MigrationError, apply


async def migrate(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for name in await apply(connection):
            print(f"applied {name}")
    finally:
        await connection.close()


def main() -> None:
    dsn = os.environ.get("DATABASE_URL")
    if not dsn:
        sys.exit("DATABASE_URL is not set. `onward serve` migrates its embedded database by itself.")
    try:
        asyncio.run(migrate(dsn))
    except (MigrationError, asyncpg.PostgresError, OSError) as error:
        sys.exit(f"Nothing was applied. {error}")


if __name__ == "__main__":
    main()
