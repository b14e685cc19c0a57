"""Processes that hold an embedded PostgreSQL, for tests to talk to and to kill."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from registry import database

PROGRAM = Path(__file__).with_name("program.py")
DENIED = Path(__file__).with_name("denied.py")
REPOSITORY = Path(__file__).parents[3]
PATIENCE = 60


class Holder:
    """One running ``program.py`` and what it said first."""

    def __init__(
        self, what: str, root: Path, *, before: Sequence[str] = (), python: str = sys.executable
    ) -> None:
        self.ended = False
        path = [str(REPOSITORY), *(entry for entry in sys.path if "site-packages" in entry)]
        self.process = subprocess.Popen(
            [*before, python, str(PROGRAM), what, str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={"PATH": os.environ["PATH"], "PYTHONPATH": ":".join(path), "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def read(self) -> list[str]:
        """The next line it says, in words; none when it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()

    def leave(self) -> str:
        """Let it end by itself, and return its complaint."""
        self.ended = True
        _, complaint = self.process.communicate(timeout=PATIENCE)
        return complaint

    def kill(self) -> None:
        """End it as a crash or an impatient operator does."""
        if not self.ended:
            self.process.send_signal(signal.SIGKILL)
            self.leave()


@contextmanager
def holding(
    what: str, root: Path, *, before: Sequence[str] = (), python: str = sys.executable
) -> Iterator[Holder]:
    holder = Holder(what, root, before=before, python=python)
    try:
        yield holder
    finally:
        if what == "write":
            holder.kill()
        elif not holder.ended:
            holder.leave()


def query(dsn: str, sql: str) -> Any:
    async def fetch() -> Any:
        connection = await database.connect(dsn)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def postmaster(root: Path) -> int:
    """The process number that the server wrote down."""
    return int((root / "data" / "postmaster.pid").read_text().splitlines()[0])
