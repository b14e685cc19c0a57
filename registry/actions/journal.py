"""Reading the journal, and verifying the chain while reading."""

import msgspec

from registry.database import Connection
from registry.resources.journal import JournalEntry, JournalPage
from registry.rules import journal as chain
from registry.store import head as head_store
from registry.store import journal as store
from registry.store.journal import JournalRow


async def page(db: Connection, after: int, limit: int) -> JournalPage:
    """The entries after a number; `verified` says whether the chain holds from there on."""
    async with db.transaction(isolation="repeatable_read", readonly=True):
        head = await head_store.read(db)
        before = await store.page(db, after - 1, after, 1) if after else []
        rows = await store.page(db, after, head.journal_no, limit)
    previous = before[0].digest if before else b""
    verified = not after or bool(before) or not rows
    for row in rows:
        verified = verified and links(previous, row)
        previous = row.digest
    if rows and rows[-1].number == head.journal_no:
        verified = verified and rows[-1].digest == head.digest
    return JournalPage(
        data=[_entry(row) for row in rows],
        last_number=rows[-1].number if rows else min(after, head.journal_no),
        verified=verified,
    )


def links(previous: bytes, row: JournalRow) -> bool:
    """Whether a row follows from the digest before it; a purged payload is vouched for by its digest."""
    kept = row.payload is not None and row.salt is not None
    if kept and chain.payload_digest(row.salt or b"", row.payload or b"") != row.payload_digest:
        return False
    header = chain.header(row.number, row.at, row.actor, row.operation, row.noun, row.noun_id)
    return chain.digest(previous, header, row.payload_digest) == row.digest


def _entry(row: JournalRow) -> JournalEntry:
    return JournalEntry(
        number=row.number,
        at=row.at,
        actor=row.actor,
        operation=row.operation,
        noun=row.noun,
        noun_id=row.noun_id,
        payload=msgspec.Raw(row.payload) if row.payload is not None else None,
        payload_digest=row.payload_digest.hex(),
        digest=row.digest.hex(),
    )
