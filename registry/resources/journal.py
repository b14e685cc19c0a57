"""The journal as auditors read it."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class JournalEntry(Struct, frozen=True, kw_only=True):
    """One write to the register, with its link in the hash chain (hexadecimal)."""

    number: int
    at: datetime
    actor: str
    operation: str
    noun: str
    noun_id: str
    payload: Any
    """Null where it was purged; the chain still verifies."""
    payload_digest: str
    digest: str


class JournalPage(Struct, frozen=True, kw_only=True):
    """Entries after a number, oldest first."""

    data: list[JournalEntry]
    last_number: int
    """Ask with this as `after` next."""
    verified: bool
    """Whether each entry's digest follows from the one before it."""
