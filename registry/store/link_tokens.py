"""Tokens of links in mails, known by their SHA-256 alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from registry.database import Connection
from registry.resources.links import LinkPurpose

INSERT = """
    INSERT INTO link_token (digest, purpose, subscription_id, change_id, made_at, expires_at)
    SELECT digest, purpose, subscription_id, change_id, $5, expires_at
    FROM unnest($1::bytea[], $2::text[], $3::uuid[], $4::uuid[], $6::timestamptz[])
        AS made (digest, purpose, subscription_id, change_id, expires_at)
"""

SELECT = """
    SELECT purpose, subscription_id, change_id, made_at, expires_at, used_at
    FROM link_token
    WHERE digest = $1 AND purpose = $2
"""

USE = "UPDATE link_token SET used_at = $2 WHERE digest = $1 AND used_at IS NULL"

# Another transaction may be deleting the same rows: skip what it has locked.
PURGE = """
    DELETE FROM link_token WHERE digest = ANY (ARRAY(
        SELECT digest FROM link_token WHERE expires_at <= $1 ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED
    ))
"""


class NewToken(Struct, frozen=True, kw_only=True):
    """A token that goes out with a mail."""

    digest: bytes
    purpose: LinkPurpose
    subscription_id: UUID
    change_id: UUID | None
    expires_at: datetime


class LinkToken(Struct, frozen=True, kw_only=True):
    """What a token stands for."""

    purpose: LinkPurpose
    subscription_id: UUID
    change_id: UUID | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


async def add(db: Connection, made: Sequence[NewToken], at: datetime) -> None:
    """Store the tokens of as many mails as there are."""
    await db.execute(
        INSERT,
        [each.digest for each in made],
        [each.purpose.value for each in made],
        [each.subscription_id for each in made],
        [each.change_id for each in made],
        at,
        [each.expires_at for each in made],
    )


async def find(db: Connection, digest: bytes, purpose: LinkPurpose) -> LinkToken | None:
    """The token with this digest, if it is for this purpose, whatever became of it."""
    row = await db.fetchrow(SELECT, digest, purpose.value)
    return None if row is None else LinkToken(**{**dict(row), "purpose": LinkPurpose(row["purpose"])})


async def use(db: Connection, digest: bytes, at: datetime) -> None:
    """Note that it was used."""
    await db.execute(USE, digest, at)


async def purge(db: Connection, at: datetime) -> None:
    """Drop tokens that have expired."""
    await db.execute(PURGE, at)
