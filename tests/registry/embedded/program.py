"""A process of its own that uses an embedded PostgreSQL. Run as a script: program.py hold|write ROOT.

``hold`` keeps it until standard input ends, ``write`` writes rows for ever; both say first what they got, and
``write`` says each row once the server has acknowledged it.
"""

import asyncio
import sys
from pathlib import Path

import asyncpg

from registry.embedded import EmbeddedError, Postgres

CREATE = "CREATE TABLE IF NOT EXISTS line (number int PRIMARY KEY, filling text)"
INSERT = "INSERT INTO line VALUES ($1, repeat('x', 500))"


async def write(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(CREATE)
    number = await connection.fetchval("SELECT coalesce(max(number), 0) FROM line")
    while True:
        number += 1
        await connection.execute(INSERT, number)
        print(number, flush=True)


def main(what: str, root: str) -> None:
    try:
        with Postgres(Path(root)) as postgres:
            print("owned" if postgres.owned else "attached", postgres.dsn, flush=True)
            if what == "write":
                asyncio.run(write(postgres.dsn))
            sys.stdin.read()
    except EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
