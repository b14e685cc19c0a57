"""Imports as they go on: a record beside the import's own transaction, which anybody can look at meanwhile."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from msgspec import to_builtins

from registry.clock import Clock
from registry.database import Connection
from registry.errors import RegistryError
from registry.problems import problem
from registry.resources.actors import Actor
from registry.resources.imports import ImportReport, ImportRequest
from registry.store import import_runs as store
from registry.store.import_runs import Starting

Tell = Callable[[str, int, int | None], None]
"""Told of each step: what is done, how much of it, and of how many (None: not known)."""


class Run:
    """The record of one import, written on a connection of its own."""

    def __init__(self, db: Connection, clock: Clock, run_id: UUID, tell: Tell | None) -> None:
        self.id = run_id
        self._db = db
        self._clock = clock
        self._tell = tell
        self._planned = 0

    async def read(self, rows: int) -> None:
        """So many rows were read."""
        await store.read(self._db, self.id, rows)
        self._say("rows read", rows, rows)

    async def planned(self, changes: int) -> None:
        """They come to so many changes."""
        self._planned = changes
        await store.planned(self._db, self.id, changes)
        self._say("changes examined", 0, changes)

    async def made(self, changes: int) -> None:
        """So many changes are examined; none is there yet."""
        await store.made(self._db, self.id, changes)
        self._say("changes examined", changes, self._planned)

    async def done(self, report: ImportReport, db: Connection | None = None) -> None:
        """It is done: inside the import's own transaction where `db` is its connection, so both or neither are."""
        await store.done(db or self._db, self.id, report, self._clock.now())

    async def failed(self, error: RegistryError) -> None:
        """It failed, and wrote nothing."""
        await store.failed(self._db, self.id, to_builtins(problem(error)), self._clock.now())

    def _say(self, what: str, count: int, of: int | None) -> None:
        if self._tell is not None:
            self._tell(what, count, of)


@asynccontextmanager
async def running(
    db: Connection, actor: Actor, clock: Clock, given: ImportRequest, tell: Tell | None = None
) -> AsyncIterator[Run]:
    """Record an import for as long as it runs; `db` is a connection on which nothing else is done."""
    starting = Starting(name=given.name, commit=given.commit, by=actor.holder)
    run = Run(db, clock, await store.start(db, starting, clock.now()), tell)
    try:
        yield run
    except RegistryError as error:
        await run.failed(error)
        raise
