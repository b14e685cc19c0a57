"""Subscriptions in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.subscriptions import Channel, Subscription, SubscriptionPurpose, SubscriptionState

IS_ANYBODY_TOLD = "SELECT EXISTS (SELECT FROM subscription WHERE state = 'confirmed')"

COLUMNS = """
    id, version, client_id, channel, purpose, address, services, countries, categories, kinds, state, created_at,
    created_by, confirmed_at, declaration, suspended_at, suspended_reason, ended_at
"""

INSERT = f"""
    INSERT INTO subscription (client_id, channel, purpose, address, token_digest, secret, services, countries,
        categories, kinds, state, created_at, created_by, confirmed_at, declaration)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    RETURNING {COLUMNS}
"""

SELECT_ONE = f"""
    SELECT {COLUMNS} FROM subscription
    WHERE id = $1 AND ($2::uuid IS NULL OR client_id = $2)
"""

SELECT_PAGE = f"""
    SELECT {COLUMNS} FROM subscription
    WHERE ($1::uuid IS NULL OR client_id = $1) AND ($2::text IS NULL OR state = $2)
        AND ($3::uuid IS NULL OR id > $3)
    ORDER BY id
    LIMIT $4
"""

SELECT_OF_ADDRESS = f"""
    SELECT {COLUMNS} FROM subscription
    WHERE client_id IS NULL AND channel = 'email' AND lower(address) = lower($1) AND state <> 'ended'
"""

SELECT_OF_TOKEN = f"""
    SELECT {COLUMNS} FROM subscription WHERE token_digest = $1 AND state = 'confirmed'
"""

SELECT_CONTRACT = f"""
    SELECT {COLUMNS} FROM subscription
    WHERE client_id = $1 AND purpose = 'contract' AND state = 'confirmed'
    ORDER BY id
"""

IS_CLIENT = "SELECT EXISTS (SELECT FROM client WHERE id = $1)"

HAS_CONTRACT = """
    SELECT EXISTS (SELECT FROM client_terms WHERE client_id = $1 AND coalesce(upper(valid) > $2, true))
"""

COUNT_LIVE = "SELECT count(*) FROM subscription WHERE client_id = $1 AND state <> 'ended'"

SELECT_SAME = """
    SELECT id FROM subscription
    WHERE client_id = $1 AND purpose = $2 AND address = $3 AND state <> 'ended'
"""

# Its other addresses of mail that work; failing those, its contacts of the day, the one for the contract first.
SELECT_OTHER_ADDRESSES = """
    WITH channels AS (
        SELECT address, row_number() OVER (ORDER BY purpose, id) AS place
        FROM subscription
        WHERE client_id = $1 AND id <> $2 AND channel = 'email' AND state = 'confirmed'
    ), contacts AS (
        SELECT contact.value->>'email' AS address,
            row_number() OVER (ORDER BY coalesce(contact.value->'contract' = 'true', false) DESC, contact.key) AS place
        FROM client_terms t, jsonb_each(t.document->'contacts') AS contact
        WHERE t.client_id = $1 AND t.valid @> $3::date AND contact.value ? 'email'
            AND contact.value->'email' <> 'null'
            AND lower(contact.value->>'email') NOT IN (
                SELECT lower(address) FROM subscription WHERE id = $2 AND channel = 'email')
    )
    SELECT address FROM channels WHERE place <= 3
    UNION ALL
    SELECT address FROM contacts WHERE place <= 3 AND NOT EXISTS (SELECT FROM channels)
"""

UPDATE_FILTERS = f"""
    UPDATE subscription
    SET services = $2, countries = $3, categories = $4, kinds = $5, version = version + 1
    WHERE id = $1
    RETURNING {COLUMNS}
"""

CONFIRM = f"""
    UPDATE subscription
    SET state = 'confirmed', confirmed_at = $2, declaration = coalesce($3, declaration),
        suspended_at = NULL, suspended_reason = NULL, version = version + 1
    WHERE id = $1 AND state IN ('pending', 'suspended')
    RETURNING {COLUMNS}
"""

SUSPEND = f"""
    UPDATE subscription
    SET state = 'suspended', suspended_at = $2, suspended_reason = $3, version = version + 1
    WHERE id = $1 AND state IN ('pending', 'confirmed')
    RETURNING {COLUMNS}
"""

END = f"""
    UPDATE subscription
    SET state = 'ended', ended_at = $2, secret = NULL, former_secret = NULL, former_secret_until = NULL,
        token_digest = NULL, version = version + 1
    WHERE id = $1 AND state <> 'ended'
    RETURNING {COLUMNS}
"""

ROTATE_SECRET = f"""
    UPDATE subscription
    SET former_secret = secret, former_secret_until = $3, secret = $2, version = version + 1
    WHERE id = $1
    RETURNING {COLUMNS}
"""

ROTATE_TOKEN = f"""
    UPDATE subscription SET token_digest = $2, version = version + 1 WHERE id = $1
    RETURNING {COLUMNS}
"""


class Credentials(Struct, frozen=True, kw_only=True):
    """What a subscription is known by: a webhook's secret, or the digest of a feed's token."""

    secret: str | None = None
    token_digest: bytes | None = None


async def is_anybody_told(db: Connection) -> bool:
    """Whether any channel is confirmed, of a client or of the public."""
    told: bool = await db.fetchval(IS_ANYBODY_TOLD)
    return told


async def add(
    db: Connection,
    *,
    client_id: UUID | None,
    channel: Channel,
    purpose: SubscriptionPurpose,
    address: str | None,
    credentials: Credentials,
    services: Sequence[str],
    countries: Sequence[str],
    categories: Sequence[str],
    kinds: Sequence[str],
    confirmed: bool,
    declaration: str | None,
    at: datetime,
    created_by: str,
) -> Subscription:
    state = SubscriptionState.CONFIRMED if confirmed else SubscriptionState.PENDING
    [row] = await db.fetch(
        INSERT,
        client_id,
        channel.value,
        purpose.value,
        address,
        credentials.token_digest,
        credentials.secret,
        list(services),
        list(countries),
        list(categories),
        list(kinds),
        state.value,
        at,
        created_by,
        at if confirmed else None,
        declaration,
    )
    return _from_row(row)


async def get(db: Connection, subscription_id: UUID, client_id: UUID | None = None) -> Subscription:
    """The subscription; with ``client_id``, the same error for another's as for one that is not there."""
    row = await db.fetchrow(SELECT_ONE, subscription_id, client_id)
    if row is None:
        raise NotFoundError(f"There is no subscription {subscription_id}.")
    return _from_row(row)


async def page(
    db: Connection, client_id: UUID | None, state: str | None, after: UUID | None, limit: int
) -> Sequence[Subscription]:
    """In the order of their making."""
    return [_from_row(row) for row in await db.fetch(SELECT_PAGE, client_id, state, after, limit)]


async def of_address(db: Connection, address: str) -> Subscription | None:
    """The subscription of the public with this address, whatever the case of its letters."""
    row = await db.fetchrow(SELECT_OF_ADDRESS, address)
    return None if row is None else _from_row(row)


async def of_token(db: Connection, digest: bytes) -> Subscription | None:
    """The confirmed private feed whose token has this SHA-256."""
    row = await db.fetchrow(SELECT_OF_TOKEN, digest)
    return None if row is None else _from_row(row)


async def working_contract_channels(db: Connection, client_id: UUID) -> Sequence[Subscription]:
    """The confirmed channels on which a client gets what its contract promises."""
    return [_from_row(row) for row in await db.fetch(SELECT_CONTRACT, client_id)]


async def is_client(db: Connection, client_id: UUID) -> bool:
    return bool(await db.fetchval(IS_CLIENT, client_id))


async def has_contract(db: Connection, client_id: UUID, day: date) -> bool:
    """Whether the client's contract runs on the day, or later."""
    return bool(await db.fetchval(HAS_CONTRACT, client_id, day))


async def count_live(db: Connection, client_id: UUID) -> int:
    return int(await db.fetchval(COUNT_LIVE, client_id))


async def same(db: Connection, client_id: UUID, purpose: SubscriptionPurpose, address: str) -> UUID | None:
    """The client's subscription for this purpose that has this address already."""
    found: UUID | None = await db.fetchval(SELECT_SAME, client_id, purpose.value, address)
    return found


async def other_addresses(db: Connection, client_id: UUID, subscription_id: UUID, day: date) -> Sequence[str]:
    """Where the client can be written to while this channel does not work."""
    rows = await db.fetch(SELECT_OTHER_ADDRESSES, client_id, subscription_id, day)
    return [row["address"] for row in rows]


async def refilter(
    db: Connection,
    subscription_id: UUID,
    *,
    services: Sequence[str],
    countries: Sequence[str],
    categories: Sequence[str],
    kinds: Sequence[str],
) -> Subscription:
    [row] = await db.fetch(
        UPDATE_FILTERS, subscription_id, list(services), list(countries), list(categories), list(kinds)
    )
    return _from_row(row)


async def confirm(
    db: Connection, subscription_id: UUID, at: datetime, declaration: str | None = None
) -> Subscription | None:
    """Confirm one that is pending or suspended; None where it is confirmed already, or ended."""
    row = await db.fetchrow(CONFIRM, subscription_id, at, declaration)
    return None if row is None else _from_row(row)


async def suspend(db: Connection, subscription_id: UUID, at: datetime, reason: str) -> Subscription | None:
    """Suspend one that is not suspended yet; None where it is, or ended."""
    row = await db.fetchrow(SUSPEND, subscription_id, at, reason)
    return None if row is None else _from_row(row)


async def end(db: Connection, subscription_id: UUID, at: datetime) -> Subscription | None:
    """End it for good, and forget what it is known by; None where it has ended."""
    row = await db.fetchrow(END, subscription_id, at)
    return None if row is None else _from_row(row)


async def rotate_secret(db: Connection, subscription_id: UUID, secret: str, until: datetime) -> Subscription:
    """Give a webhook another secret; the one it had signs too, until a moment."""
    [row] = await db.fetch(ROTATE_SECRET, subscription_id, secret, until)
    return _from_row(row)


async def rotate_token(db: Connection, subscription_id: UUID, digest: bytes) -> Subscription:
    """Give a private feed another token; the one it had is good for nothing from now on."""
    [row] = await db.fetch(ROTATE_TOKEN, subscription_id, digest)
    return _from_row(row)


def _from_row(row: Record) -> Subscription:
    return Subscription(
        **{
            **dict(row),
            "channel": Channel(row["channel"]),
            "purpose": SubscriptionPurpose(row["purpose"]),
            "state": SubscriptionState(row["state"]),
        }
    )
