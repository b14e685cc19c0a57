"""Whether a channel works: confirmed by a link, a test or a colleague's word; suspended when it does not."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from registry.actions import links, notices
from registry.actions.writing import Writing
from registry.errors import ConflictError, Fault, ForbiddenError, InvalidError, NotFoundError
from registry.resources.actors import Actor, Role
from registry.resources.deliveries import DeliveryState, Occasion
from registry.resources.links import LinkPurpose
from registry.resources.subscriptions import Channel, Subscription, SubscriptionPurpose, SubscriptionState
from registry.store import deliveries as delivery_store
from registry.store import link_tokens as token_store
from registry.store import subscriptions as store

ONE_MAIL_IN = timedelta(hours=1)
"""Nobody is sent more than one mail to confirm an address in this time, whoever asks for it."""
MANAGERS = frozenset({Role.PRIVACY, Role.ADMIN})


async def ask_again(
    w: Writing, found: Subscription, declaration: str | None, time_zone: ZoneInfo
) -> Subscription:
    """Confirm a channel that is pending or suspended: by a colleague's word, a link in a mail, or a test."""
    if found.state in (SubscriptionState.CONFIRMED, SubscriptionState.ENDED):
        raise ConflictError(f"Subscription {found.id} is {found.state}; there is nothing to confirm.")
    if declaration is not None:
        require_declarable(w.actor, found.channel)
        return await confirm(w, found, time_zone, declaration)
    last = await delivery_store.last_confirmation_at(w.db, found.id)
    if found.channel is Channel.EMAIL and last is not None and not is_due(last, w.at):
        raise ConflictError(
            f"A mail to confirm this address was sent at {last.isoformat()}. Look there first; another can be"
            " sent an hour later."
        )
    await ask(w, found)
    return found


async def confirm(
    w: Writing, found: Subscription, time_zone: ZoneInfo, declaration: str | None = None
) -> Subscription:
    """The channel works: from now on it is used, and what runs already is told on it."""
    confirmed = await store.confirm(w.db, found.id, w.at, declaration)
    if confirmed is None:
        return await store.get(w.db, found.id)
    await w.journal("confirmed", "subscription", found.id, {"declaration": declaration})
    if confirmed.client_id is not None and confirmed.purpose is SubscriptionPurpose.CONTRACT:
        await notices.catch_up(w, confirmed.client_id, time_zone)
    return confirmed


async def confirm_by_link(w: Writing, token: str, time_zone: ZoneInfo) -> Subscription:
    """The button behind a link of a confirmation was pressed."""
    link = await links.find(w.db, token, LinkPurpose.CONFIRM, w.at)
    found = await store.get(w.db, link.subscription_id)
    if found.state is SubscriptionState.ENDED:
        raise NotFoundError(links.NOT_GOOD)
    await token_store.use(w.db, links.digest(token), w.at)
    return await confirm(w, found, time_zone)


async def suspend(w: Writing, subscription_id: UUID, reason: str) -> None:
    """A channel could not be reached for as long as is tried: it is used no more, and its owner told elsewhere.

    What was on its way failed with it; when the channel is confirmed again, what still runs is sent anew.
    """
    suspended = await store.suspend(w.db, subscription_id, w.at, reason)
    if suspended is None:
        return
    await delivery_store.stop(
        w.db, subscription_id, DeliveryState.FAILED, w.at, "the channel was suspended before it was sent"
    )
    await w.journal("suspended", "subscription", subscription_id, {"reason": reason})
    if suspended.client_id is None:
        return
    content = {"channel": suspended.channel, "address": suspended.address, "reason": reason, "since": w.today}
    for address in await store.other_addresses(w.db, suspended.client_id, subscription_id, w.today):
        await delivery_store.add(
            w.db,
            subscription_id=subscription_id,
            occasion=Occasion.SUSPENSION,
            at=w.at,
            address=address,
            content=content,
        )


async def ask(w: Writing, found: Subscription) -> None:
    """A mail with a link, or a test of a webhook; its worker finds out which."""
    await delivery_store.add(w.db, subscription_id=found.id, occasion=Occasion.CONFIRMATION, at=w.at)
    await delivery_store.wake(w.db)


def require_declarable(actor: Actor, channel: Channel) -> None:
    if actor.role not in MANAGERS:
        raise ForbiddenError(
            "Only privacy or admin declare that an address of mail is the client's. Leave `declaration` out:"
            " a link in a mail confirms the address."
        )
    if channel is not Channel.EMAIL:
        message = (
            "a declaration is for an address of mail; a webhook is confirmed when it answers a test with 2xx"
        )
        raise InvalidError(f"declaration: {message}.", [Fault(member="declaration", message=message)])


def is_due(last: datetime | None, at: datetime) -> bool:
    """Whether another mail to confirm an address may be sent."""
    return last is None or at - last >= ONE_MAIL_IN
