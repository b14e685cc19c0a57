"""What a worker asks of the deliveries: to claim what is due, and to note what became of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from registry.database import Connection
from registry.resources.changes import Notice
from registry.resources.deliveries import DeliveryState, Occasion
from registry.resources.notices import AuthorisationKind
from registry.resources.subscriptions import Channel, SubscriptionPurpose, SubscriptionState

# One statement: the rows that are due and that nobody else holds get a lease and a new attempt, begun before anything
# is sent, so that one in which a worker was killed can be seen. A channel that has ended, and a reminder that was
# overtaken or comes too late to be of use, is suppressed instead.
CLAIM = """
    WITH due AS (
        SELECT d.id,
            d.address IS NULL
                AND EXISTS (SELECT FROM subscription s WHERE s.id = d.subscription_id AND s.state = 'ended')
            OR d.occasion = 'reminder' AND (late.objection_until IS NOT NULL OR
                EXISTS (SELECT FROM objection o WHERE o.change_id = d.change_id AND o.client_id = d.client_id
                        AND o.state <> 'retracted')
                OR EXISTS (SELECT FROM authorisation a
                           WHERE a.change_id = d.change_id AND a.client_id = d.client_id)
                OR EXISTS (SELECT FROM change w WHERE w.about = d.change_id AND w.kind = 'withdrawal'
                           AND w.number IS NOT NULL)
            ) AS overtaken,
            late.objection_until
        FROM delivery d
        LEFT JOIN notice late ON d.occasion = 'reminder' AND late.change_id = d.change_id
            AND late.client_id = d.client_id AND late.objection_until < $5
        WHERE d.state = 'pending' AND d.channel = $4 AND d.due_at <= $1
            AND (d.leased_until IS NULL OR d.leased_until <= $1)
        ORDER BY (d.client_id IS NULL), d.due_at
        LIMIT $2
        FOR UPDATE OF d SKIP LOCKED
    ), claimed AS (
        UPDATE delivery d
        SET state = CASE WHEN due.overtaken THEN 'suppressed' ELSE d.state END,
            attempts = d.attempts + CASE WHEN due.overtaken THEN 0 ELSE 1 END,
            leased_until = CASE WHEN due.overtaken THEN NULL ELSE $3::timestamptz END,
            ended_at = CASE WHEN due.overtaken THEN $1 END,
            last_status = CASE
                WHEN NOT due.overtaken THEN d.last_status
                WHEN due.objection_until IS NULL THEN 'overtaken before it was due'
                ELSE 'nothing was sent before the last day for objections, ' || due.objection_until || ', had passed'
            END
        FROM due
        WHERE d.id = due.id
        RETURNING d.*
    ), begun AS (
        INSERT INTO delivery_attempt (delivery_id, number, started_at)
        SELECT id, attempts, $1 FROM claimed WHERE state = 'pending'
    )
    SELECT c.id, c.change_id, c.client_id, c.subscription_id, c.occasion, c.content, c.attempts AS number,
        1 + (
            SELECT count(*) FROM delivery_attempt a
            WHERE a.delivery_id = c.id AND a.number > c.replayed_after AND a.outcome <> 'stopped'
        ) AS tries, c.made_at, c.state,
        c.channel, coalesce(c.address, s.address) AS address,
        c.address IS NOT NULL AS redirected,
        s.purpose, s.state AS subscription_state, s.secret,
        CASE WHEN s.former_secret_until > $1 THEN s.former_secret END AS former_secret,
        n.owed, n.authorisation, n.objection_days, n.given_on, n.objection_until, n.news
    FROM claimed c
    JOIN subscription s ON s.id = c.subscription_id
    LEFT JOIN notice n ON n.change_id = c.change_id AND n.client_id = c.client_id
    ORDER BY (c.client_id IS NULL), c.id
"""

# An attempt that outlived its lease is noted, but its failure decides nothing: a later one is under way. That a
# receiver took it counts whatever was decided meanwhile.
FINISH = """
    WITH done AS (
        SELECT * FROM unnest(
            $1::uuid[], $2::integer[], $3::timestamptz[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
            $8::text[], $9::text[])
        AS done (id, number, ended_at, state, due_at, outcome, status, detail, message_id)
    ), noted AS (
        UPDATE delivery_attempt a
        SET ended_at = done.ended_at, outcome = done.outcome, status = done.status, detail = done.detail
        FROM done
        WHERE a.delivery_id = done.id AND a.number = done.number
    )
    UPDATE delivery d
    SET state = done.state, due_at = coalesce(done.due_at, d.due_at), leased_until = NULL,
        last_status = done.detail, message_id = coalesce(done.message_id, d.message_id),
        sent_at = CASE WHEN done.state IN ('sent', 'delivered') THEN done.ended_at ELSE d.sent_at END,
        ended_at = CASE WHEN done.state <> 'pending' THEN done.ended_at END
    FROM done
    WHERE d.id = done.id AND (
        d.attempts = done.number AND d.state = 'pending'
        OR done.state IN ('sent', 'delivered') AND d.state IN ('pending', 'failed', 'suppressed')
    )
    RETURNING d.id
"""


class Claimed(Struct, frozen=True, kw_only=True):
    """A delivery that is ours to attempt, with all that sending it takes."""

    id: UUID
    change_id: UUID | None
    client_id: UUID | None
    subscription_id: UUID
    occasion: Occasion
    content: Any
    number: int
    """Of the attempt."""
    tries: int
    """Of these attempts, this one and those that came to an end since the delivery was made or replayed.

    One in which a worker was killed or told to stop says nothing of the receiver, so it uses up no part of the
    schedule.
    """
    made_at: datetime
    channel: Channel
    address: str
    redirected: bool
    """Whether somebody else than the subscription's own address is written to."""
    purpose: SubscriptionPurpose
    subscription_state: SubscriptionState
    secret: str | None
    former_secret: str | None
    notice: "ClaimedNotice | None"
    """What the client is owed for the change; None for news, and for what is about no change."""


class ClaimedNotice(Struct, frozen=True, kw_only=True):
    """A notice as far as its mails and webhooks tell of it."""

    owed: Notice
    authorisation: AuthorisationKind
    objection_days: int
    given_on: date | None
    objection_until: date | None
    news: Any
    """The parts and differences that touch the client."""


class Done(Struct, frozen=True, kw_only=True):
    """What became of an attempt."""

    id: UUID
    number: int
    ended_at: datetime
    state: DeliveryState
    due_at: datetime | None
    """When to try again, while it is pending."""
    outcome: str
    status: str | None
    detail: str
    message_id: str | None = None


async def claim(
    db: Connection, channel: Channel, limit: int, at: datetime, until: datetime, *, day: date
) -> tuple[Sequence[Claimed], int]:
    """Take what is due on a channel, clients' first, until a lease ends; and how many rows were touched in all.

    ``day`` is the register's at that moment.
    """
    rows = await db.fetch(CLAIM, at, limit, until, channel.value, day)
    return [_claimed(row) for row in rows if row["state"] == "pending"], len(rows)


async def finish(db: Connection, done: Sequence[Done]) -> set[UUID]:
    """Note what became of attempts; the ids of the deliveries that this decided are returned."""
    rows = await db.fetch(
        FINISH,
        [each.id for each in done],
        [each.number for each in done],
        [each.ended_at for each in done],
        [each.state.value for each in done],
        [each.due_at for each in done],
        [each.outcome for each in done],
        [each.status for each in done],
        [each.detail for each in done],
        [each.message_id for each in done],
    )
    return {row["id"] for row in rows}


def _claimed(row: Record) -> Claimed:
    fields = dict(row)
    del fields["state"]
    notice = {name: fields.pop(name) for name in ClaimedNotice.__struct_fields__}
    purpose = SubscriptionPurpose(row["purpose"])
    is_notice = row["owed"] is not None and purpose is SubscriptionPurpose.CONTRACT and not row["redirected"]
    return Claimed(
        **{
            **fields,
            "channel": Channel(row["channel"]),
            "occasion": Occasion(row["occasion"]),
            "purpose": purpose,
            "subscription_state": SubscriptionState(row["subscription_state"]),
        },
        notice=ClaimedNotice(
            **{
                **notice,
                "owed": Notice(row["owed"]),
                "authorisation": AuthorisationKind(row["authorisation"]),
            }
        )
        if is_notice
        else None,
    )
