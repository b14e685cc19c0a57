"""One writing transaction: the head row is locked first, and every write is journalled.

The lock is the queue of all writers, so change and journal numbers come out in commit order.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from registry.clock import Clock
from registry.database import Connection
from registry.resources.actors import Actor
from registry.rules import journal as chain
from registry.store import head as head_store
from registry.store import journal as journal_store
from registry.store.head import Head
from registry.store.journal import JournalRow

SALT_BYTES = 16


class Writing:
    """An open writing transaction: its moment, its actor, and the numbers it gives out."""

    def __init__(self, db: Connection, actor: Actor, head: Head, today: date) -> None:
        self.db = db
        self.actor = actor
        self.head = head
        self.today = today

    @property
    def at(self) -> datetime:
        """The one moment of everything that this transaction writes."""
        return self.head.at

    def next_change_number(self) -> int:
        """The number of a change that is being published."""
        self.head = msgspec.structs.replace(self.head, change_no=self.head.change_no + 1)
        return self.head.change_no

    async def journal(self, operation: str, noun: str, noun_id: UUID | str, payload: Any) -> int:
        """Record a write as exact bytes and return its journal number.

        A payload never holds a secret: it can be purged, but must not need to be.
        """
        return await self.journal_all([Entry(operation, noun, str(noun_id), payload)])

    async def journal_all(self, entries: Sequence["Entry"]) -> int:
        """Record several writes, each with a number of its own, and return the last number."""
        rows = []
        for operation, noun, noun_id, payload in entries:
            number = self.head.journal_no + 1
            salt = secrets.token_bytes(SALT_BYTES)
            content = msgspec.json.encode(payload)
            sealed = chain.payload_digest(salt, content)
            canonical = chain.header(number, self.at, self.actor.name, operation, noun, noun_id)
            digest = chain.digest(self.head.digest, canonical, sealed)
            rows.append(
                JournalRow(
                    number=number,
                    at=self.at,
                    actor=self.actor.name,
                    operation=operation,
                    noun=noun,
                    noun_id=noun_id,
                    payload=content,
                    salt=salt,
                    payload_digest=sealed,
                    digest=digest,
                )
            )
            self.head = msgspec.structs.replace(self.head, journal_no=number, digest=digest)
        await journal_store.append(self.db, rows)
        return self.head.journal_no


class Entry(NamedTuple):
    """A write as the journal records it."""

    operation: str
    noun: str
    noun_id: str
    payload: Any


@asynccontextmanager
async def writing(db: Connection, actor: Actor, clock: Clock) -> AsyncIterator[Writing]:
    """Open a writing transaction; it commits when the block ends and rolls back when it raises."""
    async with db.transaction():
        opened = Writing(db, actor, await head_store.lock(db, clock.now()), clock.today())
        yield opened
        await head_store.write(db, opened.head)
