"""Deliveries in PostgreSQL: made in bulk, listed and replayed. What a worker asks stands in `outbox`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.deliveries import Attempt, Delivery, DeliveryState, DeliveryWithAttempts, Occasion
from registry.resources.subscriptions import Channel

CHANNEL = "deliveries"
"""What workers listen on; a notification is a wake-up and says nothing."""

WAKE = f"NOTIFY {CHANNEL}"

# One row for each channel of each client that has a notice, and was not told by other means.
ANNOUNCE_NOTICES = """
    INSERT INTO delivery (change_id, client_id, subscription_id, channel, occasion, state, made_at, due_at)
    SELECT n.change_id, n.client_id, s.id, s.channel, 'announcement', 'pending', $2, $2
    FROM notice n
    JOIN subscription s ON s.client_id = n.client_id AND s.purpose = 'contract' AND s.state = 'confirmed'
    WHERE n.change_id = $1 AND n.given_on IS NULL
    ON CONFLICT DO NOTHING
"""

# NULL for what a change is about stands for any value.
ANNOUNCE_NEWS = """
    INSERT INTO delivery (change_id, client_id, subscription_id, channel, occasion, state, made_at, due_at)
    SELECT $1, s.client_id, s.id, s.channel, 'announcement', 'pending', $2, $2
    FROM subscription s
    WHERE s.purpose = 'news' AND s.state = 'confirmed' AND s.channel <> 'feed'
        AND (s.kinds = '{}' OR s.kinds && $3::text[])
        AND (s.services = '{}' OR $4::text[] IS NULL OR s.services && $4)
        AND (s.countries = '{}' OR $5::text[] IS NULL OR s.countries && $5)
        AND (s.categories = '{}' OR $6::text[] IS NULL OR s.categories && $6)
"""

# To the channels of one client, about changes that have their notice already; what failed is tried anew.
CATCH_UP = """
    INSERT INTO delivery AS d (change_id, client_id, subscription_id, channel, occasion, state, made_at, due_at)
    SELECT wanted.change_id, s.client_id, s.id, s.channel, $3, 'pending', $4, coalesce(wanted.due_at, $4)
    FROM subscription s
    CROSS JOIN unnest($2::uuid[], $5::timestamptz[]) AS wanted (change_id, due_at)
    WHERE s.client_id = $1 AND s.purpose = 'contract' AND s.state = 'confirmed'
    ON CONFLICT (change_id, subscription_id, occasion) WHERE occasion IN ('announcement', 'reminder')
    DO UPDATE SET state = 'pending', due_at = excluded.due_at, replayed_after = d.attempts, ended_at = NULL
    WHERE d.state = 'failed'
"""

ADD = """
    INSERT INTO delivery
        (change_id, client_id, subscription_id, channel, occasion, address, content, state, made_at, due_at)
    SELECT $1, s.client_id, s.id, CASE WHEN $4::text IS NULL THEN s.channel ELSE 'email' END, $3, $4, $5, 'pending',
        $6, $6
    FROM subscription s WHERE s.id = $2
    RETURNING id
"""

COLUMNS = """
    d.id, d.change_id, d.client_id, d.subscription_id, d.channel, d.occasion, d.state, d.made_at, d.due_at,
    d.attempts, d.sent_at, d.ended_at, d.last_status
"""

SELECT_ONE = f"""
    SELECT {COLUMNS} FROM delivery d
    WHERE d.id = $1 AND ($2::uuid IS NULL OR d.client_id = $2)
"""

SELECT_BY_MESSAGE = f"""
    SELECT {COLUMNS} FROM delivery d
    WHERE d.message_id = $1
"""

SELECT_ATTEMPTS = """
    SELECT number, started_at, ended_at, outcome, status, detail
    FROM delivery_attempt WHERE delivery_id = $1 ORDER BY number
"""

SELECT_LAST_CONFIRMATION = """
    SELECT max(made_at) FROM delivery WHERE subscription_id = $1 AND occasion = 'confirmation'
"""

REPLAY = """
    UPDATE delivery
    SET state = 'pending', due_at = $2, replayed_after = attempts, ended_at = NULL, leased_until = NULL
    WHERE id = $1 AND state <> 'pending'
"""

ACKNOWLEDGE = """
    UPDATE delivery SET state = 'acknowledged', ended_at = $2, leased_until = NULL
    WHERE id = $1 AND attempts > 0 AND state <> 'acknowledged'
"""

# Whoever has read the notice on one channel needs no reminder on any.
SUPPRESS_REMINDERS = """
    UPDATE delivery SET state = 'suppressed', ended_at = $3, leased_until = NULL, last_status = $4
    WHERE change_id = $1 AND occasion = 'reminder' AND state = 'pending' AND ($2::uuid IS NULL OR client_id = $2)
"""

REMIND_AGAIN = """
    UPDATE delivery SET state = 'pending', ended_at = NULL, last_status = NULL
    WHERE change_id = $1 AND client_id = $2 AND occasion = 'reminder' AND state = 'suppressed' AND due_at > $3
        AND last_status = $4
"""

SUPPRESS_OF_SUBSCRIPTION = """
    UPDATE delivery SET state = $2, ended_at = $3, leased_until = NULL, last_status = $4
    WHERE subscription_id = $1 AND state = 'pending' AND address IS NULL
"""

BOUNCE = """
    UPDATE delivery SET state = 'failed', ended_at = $2, last_status = $3, leased_until = NULL
    WHERE id = $1 AND state IN ('pending', 'sent')
"""

FILTERS = {
    "client_id": "d.client_id = ${}",
    "change_id": "d.change_id = ${}",
    "subscription_id": "d.subscription_id = ${}",
    "after": "d.id > ${}",
}


async def wake(db: Connection) -> None:
    """Tell waiting workers, when the transaction commits, that there is something to do."""
    await db.execute(WAKE)


async def announce_notices(db: Connection, change_id: UUID, at: datetime) -> None:
    """Make the deliveries of a change's notices, on every channel that works."""
    await db.execute(ANNOUNCE_NOTICES, change_id, at)


async def announce_news(
    db: Connection,
    change_id: UUID,
    at: datetime,
    *,
    kinds: Sequence[str],
    services: Sequence[str] | None,
    countries: Sequence[str] | None,
    categories: Sequence[str] | None,
) -> None:
    """Make the deliveries to all who asked for news of this kind, by one statement however many they are.

    None stands for any value.
    """
    await db.execute(ANNOUNCE_NEWS, change_id, at, kinds, services, countries, categories)


async def catch_up(
    db: Connection,
    client_id: UUID,
    changes: Sequence[tuple[UUID, datetime | None]],
    occasion: Occasion,
    at: datetime,
) -> None:
    """Make what is missing on a client's channels, due at a moment of each change's own, or at once."""
    if changes:
        ids, due = [change for change, _ in changes], [due for _, due in changes]
        await db.execute(CATCH_UP, client_id, ids, occasion.value, at, due)


async def add(
    db: Connection,
    *,
    subscription_id: UUID,
    occasion: Occasion,
    at: datetime,
    change_id: UUID | None = None,
    address: str | None = None,
    content: Any = None,
) -> UUID:
    """One delivery; ``address`` is written to instead of the subscription's own."""
    made: UUID = await db.fetchval(ADD, change_id, subscription_id, occasion.value, address, content, at)
    return made


async def get(db: Connection, delivery_id: UUID, client_id: UUID | None = None) -> Delivery:
    """The delivery; with ``client_id``, the same error for another's as for one that is not there."""
    row = await db.fetchrow(SELECT_ONE, delivery_id, client_id)
    if row is None:
        raise NotFoundError(f"There is no delivery {delivery_id}.")
    return _from_row(row)


async def with_attempts(
    db: Connection, delivery_id: UUID, client_id: UUID | None = None
) -> DeliveryWithAttempts:
    found = await db.fetchrow(SELECT_ONE, delivery_id, client_id)
    if found is None:
        raise NotFoundError(f"There is no delivery {delivery_id}.")
    tries = [Attempt(**dict(row)) for row in await db.fetch(SELECT_ATTEMPTS, delivery_id)]
    return DeliveryWithAttempts(**_fields(found), tries=tries)


async def by_message(db: Connection, message_id: str) -> Delivery | None:
    """The delivery whose mail had this Message-ID."""
    row = await db.fetchrow(SELECT_BY_MESSAGE, message_id)
    return None if row is None else _from_row(row)


async def page(
    db: Connection, limit: int, *, state: DeliveryState | None = None, **filters: UUID | None
) -> Sequence[Delivery]:
    """The deliveries that fit the filters (names of `FILTERS`; None fits all), in the order of their making."""
    given = {name: value for name, value in filters.items() if value is not None}
    conditions = [FILTERS[name].format(position) for position, name in enumerate(given, start=2)]
    if state is not None:
        # Written out, so that the index of those that have failed can be used.
        conditions.append(f"d.state = '{DeliveryState(state).value}'")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM delivery d {where} ORDER BY d.id LIMIT $1",
        limit,
        *given.values(),
    )
    return [_from_row(row) for row in rows]


async def last_confirmation_at(db: Connection, subscription_id: UUID) -> datetime | None:
    """When somebody last asked to have a subscription confirmed."""
    moment: datetime | None = await db.fetchval(SELECT_LAST_CONFIRMATION, subscription_id)
    return moment


async def replay(db: Connection, delivery_id: UUID, at: datetime) -> bool:
    """Try it again from the beginning, under its id; False where it is pending anyway."""
    return await db.execute(REPLAY, delivery_id, at) == "UPDATE 1"


async def acknowledge(db: Connection, delivery_id: UUID, at: datetime) -> bool:
    """Note that its reader has it; False where nothing was ever sent, or it is noted already."""
    return await db.execute(ACKNOWLEDGE, delivery_id, at) == "UPDATE 1"


async def suppress_reminders(
    db: Connection, change_id: UUID, client_id: UUID | None, at: datetime, why: str
) -> None:
    """Of one client, or of all."""
    await db.execute(SUPPRESS_REMINDERS, change_id, client_id, at, why)


async def remind_again(db: Connection, change_id: UUID, client_id: UUID, at: datetime, why: str) -> None:
    """Of what was suppressed for this reason alone, as far as its moment has not passed."""
    await db.execute(REMIND_AGAIN, change_id, client_id, at, why)


async def stop(db: Connection, subscription_id: UUID, state: DeliveryState, at: datetime, why: str) -> None:
    """End what is pending on a channel: suppressed where nobody wants it, failed where it is owed still."""
    await db.execute(SUPPRESS_OF_SUBSCRIPTION, subscription_id, state.value, at, why)


async def bounce(db: Connection, delivery_id: UUID, at: datetime, why: str) -> bool:
    """Note that a mail came back; False where it is no mail that was sent."""
    return await db.execute(BOUNCE, delivery_id, at, why) == "UPDATE 1"


def _fields(row: Record) -> dict[str, Any]:
    return {
        **dict(row),
        "channel": Channel(row["channel"]),
        "occasion": Occasion(row["occasion"]),
        "state": DeliveryState(row["state"]),
    }


def _from_row(row: Record) -> Delivery:
    return Delivery(**_fields(row))
