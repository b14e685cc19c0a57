"""The hash chain of the journal: pure digests over exact bytes."""

import hashlib
from datetime import UTC, datetime

import msgspec


def payload_digest(salt: bytes, payload: bytes) -> bytes:
    """SHA-256 over salt and payload; with the salt purged, the payload cannot be guessed back."""
    return hashlib.sha256(salt + payload).digest()


def header(  # noqa: PLR0917 - the order is that of the canonical form
    number: int, at: datetime, actor: str, operation: str, noun: str, noun_id: str
) -> bytes:
    """The canonical header: a JSON array in UTF-8, the moment in UTC with microseconds."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return msgspec.json.encode([number, moment, actor, operation, noun, noun_id])


def digest(previous: bytes, canonical_header: bytes, payload: bytes) -> bytes:
    """The row's link in the chain: SHA-256 over the previous link, the header and the payload's digest."""
    return hashlib.sha256(previous + canonical_header + payload).digest()
