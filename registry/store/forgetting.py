"""Addresses that nobody needs any more: never confirmed, or unsubscribed."""

from datetime import datetime

from registry.database import Connection

# With all that was made for them; none of it was ever about a change.
FORGET_UNCONFIRMED = """
    WITH gone AS (
        SELECT s.id FROM subscription s
        WHERE s.client_id IS NULL AND s.state = 'pending' AND NOT EXISTS (
            SELECT FROM delivery d WHERE d.subscription_id = s.id AND d.made_at > $1)
        LIMIT 1000
        FOR UPDATE SKIP LOCKED
    ), links AS (
        DELETE FROM link_token WHERE subscription_id IN (SELECT id FROM gone)
    ), attempts AS (
        DELETE FROM delivery_attempt WHERE delivery_id IN (
            SELECT d.id FROM delivery d WHERE d.subscription_id IN (SELECT id FROM gone))
    ), deliveries AS (
        DELETE FROM delivery WHERE subscription_id IN (SELECT id FROM gone)
    )
    DELETE FROM subscription WHERE id IN (SELECT id FROM gone)
"""

# That somebody was told of a change stays; who it was does not.
FORGET_ENDED = """
    UPDATE subscription SET address = $2, state = 'ended', ended_at = coalesce(ended_at, $3)
    WHERE client_id IS NULL AND channel = 'email' AND address <> $2
        AND (state = 'ended' AND ended_at <= $1 OR state = 'suspended' AND suspended_at <= $1)
"""

FORGOTTEN = "forgotten"


async def forget_unconfirmed(db: Connection, before: datetime) -> None:
    """Drop what the public asked for and did not confirm, where no mail to confirm it was made since."""
    await db.execute(FORGET_UNCONFIRMED, before)


async def forget_ended(db: Connection, before: datetime, at: datetime) -> None:
    """Drop the addresses of the public that unsubscribed, or were given up, by then; what was sent stays on record."""
    await db.execute(FORGET_ENDED, before, FORGOTTEN, at)
