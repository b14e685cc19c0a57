"""Deliveries: replayed by those whose they are, acknowledged by their readers, and returned by mail servers."""

from uuid import UUID
from zoneinfo import ZoneInfo

from registry.actions import confirmations, links, notices
from registry.actions.writing import Writing
from registry.errors import ConflictError
from registry.resources.deliveries import Delivery, DeliveryState
from registry.resources.links import LinkPurpose
from registry.resources.subscriptions import Channel, SubscriptionState
from registry.store import deliveries as store
from registry.store import link_tokens as token_store
from registry.store import subscriptions as subscription_store


async def replay(w: Writing, delivery_id: UUID) -> Delivery:
    """Send it again from the beginning, under the id that it has: its receiver knows a repeat by it."""
    found = await store.get(w.db, delivery_id, w.actor.client_id)
    channel = await subscription_store.get(w.db, found.subscription_id)
    if found.state is DeliveryState.PENDING:
        raise ConflictError(
            f"Delivery {found.id} is pending: it is tried at {found.due_at.isoformat()} anyway."
        )
    if channel.state is SubscriptionState.ENDED:
        raise ConflictError(
            f"Subscription {channel.id} has ended, so nothing is sent on it. Make another with POST /v1/subscriptions:"
            " what runs still is told on it as soon as it is confirmed."
        )
    if channel.state is not SubscriptionState.CONFIRMED and found.channel is Channel.EMAIL:
        raise ConflictError(
            f"The address is {channel.state}. Confirm it first, with POST /v1/subscriptions/{channel.id}/confirmation:"
            " what runs still is then sent by itself."
        )
    await store.replay(w.db, found.id, w.at)
    await w.journal("replayed", "delivery", found.id, {"subscription_id": channel.id})
    await store.wake(w.db)
    return await store.get(w.db, found.id)


async def acknowledge(w: Writing, delivery_id: UUID, time_zone: ZoneInfo) -> Delivery:
    """Its reader has it: that proves more than any server's answer, and no reminder is needed."""
    found = await store.get(w.db, delivery_id, w.actor.client_id)
    if found.attempts == 0:
        raise ConflictError(f"Delivery {found.id} was not sent yet, so nobody can have it.")
    if found.state is DeliveryState.ACKNOWLEDGED:
        return found
    await store.acknowledge(w.db, found.id, w.at)
    await w.journal("acknowledged", "delivery", found.id, {"change_id": found.change_id})
    if found.change_id is not None and found.client_id is not None:
        await notices.give(w, {(found.change_id, found.client_id): w.at}, time_zone)
        await store.suppress_reminders(
            w.db, found.change_id, found.client_id, w.at, "the notice was acknowledged"
        )
    return await store.get(w.db, found.id)


async def acknowledge_by_link(w: Writing, token: str, time_zone: ZoneInfo) -> Delivery | None:
    """The button behind a link of a notice was pressed; None where the link is about nothing that was sent."""
    link = await links.find(w.db, token, LinkPurpose.ACKNOWLEDGE, w.at)
    await links.concerned(w.db, link)
    await token_store.use(w.db, links.digest(token), w.at)
    sent = await store.page(w.db, 1, change_id=link.change_id, subscription_id=link.subscription_id)
    return await acknowledge(w, sent[0].id, time_zone) if sent else None


async def bounce(w: Writing, message_id: str, why: str) -> Delivery | None:
    """A mail server returned a mail for good; None where the mail is none of ours, or known to have come back.

    The notice stays given on the day on which the client's server accepted it, since that is what was promised;
    but the channel is used no more until it is confirmed again, and the delivery says what happened.
    """
    found = await store.by_message(w.db, message_id)
    if found is None or not await store.bounce(w.db, found.id, w.at, why):
        return None
    await w.journal("bounced", "delivery", found.id, {"why": why})
    if found.channel is Channel.EMAIL:
        await confirmations.suspend(w, found.subscription_id, why)
    return await store.get(w.db, found.id)
