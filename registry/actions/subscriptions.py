"""Subscriptions: made, confirmed, rotated, suspended and ended, each in a writing transaction.

The journal says that a channel was made or ended and whose it is; addresses and secrets stay out of it.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import UNSET

from registry.actions import confirmations, links, notices
from registry.actions.writing import Writing
from registry.database import Connection
from registry.errors import ConflictError, Fault, ForbiddenError, InvalidError
from registry.resources.actors import Actor, Role
from registry.resources.deliveries import DeliveryState
from registry.resources.links import LinkPurpose
from registry.resources.subscriptions import (
    Channel,
    Subscription,
    SubscriptionCreated,
    SubscriptionDraft,
    SubscriptionPatch,
    SubscriptionPurpose,
    SubscriptionState,
)
from registry.rules import subscriptions as rules
from registry.store import deliveries as delivery_store
from registry.store import link_tokens as token_store
from registry.store import services as service_store
from registry.store import subscriptions as store
from registry.store.subscriptions import Credentials
from transfers import codes

TOKEN_BYTES = 32
PROMISED = (
    "These notices are promised by a contract, so they cannot be unsubscribed from. To have them sent to another"
    " address, write to us."
)
MOST_OF_A_CLIENT = 100
BOTH_SIGN_FOR = timedelta(days=3)
"""For how long a webhook's former secret signs beside the new one: as long as one delivery is tried."""


async def require_fitting(db: Connection, draft: SubscriptionDraft) -> str | None:
    """Everything that is wrong with it at once; its address is returned as it is stored."""
    known = {service.key for service in await service_store.everything(db)}
    if found := rules.faults(draft, known):
        raise InvalidError(_said(found), found)
    return rules.address(draft)


async def create(
    w: Writing, draft: SubscriptionDraft, address: str | None, secret: str, time_zone: ZoneInfo
) -> SubscriptionCreated:
    """A channel of a client; ``secret`` is what it signs with if it is a webhook.

    What runs already is told on one that works at once, as on one that is confirmed later.
    """
    client_id = _client(w.actor, draft)
    if not await store.is_client(w.db, client_id):
        message = f"there is no client {client_id}"
        raise InvalidError(f"client_id: {message}.", [Fault(member="client_id", message=message)])
    await _require_new(w.db, client_id, draft, address)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    credentials, shown = {
        Channel.EMAIL: (Credentials(), None),
        Channel.WEBHOOK: (Credentials(secret=secret), secret),
        Channel.FEED: (Credentials(token_digest=links.digest(token)), token),
    }[draft.channel]
    made = await store.add(
        w.db,
        client_id=client_id,
        channel=draft.channel,
        purpose=draft.purpose,
        address=address,
        credentials=credentials,
        services=draft.services,
        countries=_canonical(draft.countries),
        categories=draft.categories,
        kinds=draft.kinds,
        confirmed=draft.channel is Channel.FEED or draft.declaration is not None,
        declaration=draft.declaration,
        at=w.at,
        created_by=w.actor.name,
    )
    await w.journal("created", "subscription", made.id, _public(made))
    if made.state is SubscriptionState.PENDING:
        await confirmations.ask(w, made)
    elif made.purpose is SubscriptionPurpose.CONTRACT:
        await notices.catch_up(w, client_id, time_zone)
    return SubscriptionCreated(secret=shown, subscription=made)


async def request_news(w: Writing, draft: SubscriptionDraft, address: str) -> None:
    """Anybody asks for news by mail: whether the address is known here shows in nothing but its mailbox."""
    known = await store.of_address(w.db, address)
    if known is None:
        made = await store.add(
            w.db,
            client_id=None,
            channel=Channel.EMAIL,
            purpose=SubscriptionPurpose.NEWS,
            address=address,
            credentials=Credentials(),
            services=draft.services,
            countries=_canonical(draft.countries),
            categories=draft.categories,
            kinds=draft.kinds,
            confirmed=False,
            declaration=None,
            at=w.at,
            created_by=w.actor.name,
        )
        await w.journal("requested", "subscription", made.id, {"channel": made.channel})
        await confirmations.ask(w, made)
        return
    last = await delivery_store.last_confirmation_at(w.db, known.id)
    if known.state is SubscriptionState.CONFIRMED or (not confirmations.is_due(last, w.at)):
        return
    asked = await store.refilter(
        w.db,
        known.id,
        services=draft.services,
        countries=_canonical(draft.countries),
        categories=draft.categories,
        kinds=draft.kinds,
    )
    await w.journal("requested", "subscription", asked.id, {"channel": asked.channel})
    await confirmations.ask(w, asked)


async def alter(w: Writing, found: Subscription, given: SubscriptionPatch) -> Subscription:
    """Ask for other news."""
    if found.state is SubscriptionState.ENDED:
        raise ConflictError(f"Subscription {found.id} has ended; make another.")
    if found.purpose is SubscriptionPurpose.CONTRACT:
        raise ConflictError(
            "Contract notices are not filtered: what touches the client follows from its terms. Make a"
            " subscription to news for what else is wanted."
        )
    known = {service.key for service in await service_store.everything(w.db)}
    if faults := rules.unknown(given, known):
        raise InvalidError(_said(faults), faults)
    altered = await store.refilter(
        w.db,
        found.id,
        services=found.services if given.services is UNSET else given.services,
        countries=found.countries if given.countries is UNSET else _canonical(given.countries),
        categories=found.categories if given.categories is UNSET else given.categories,
        kinds=found.kinds if given.kinds is UNSET else given.kinds,
    )
    await w.journal("edited", "subscription", found.id, given)
    return altered


async def rotate(w: Writing, found: Subscription, secret: str) -> SubscriptionCreated:
    """Another secret: a webhook's former one signs too for three days, a feed's former token ends at once."""
    if found.channel is Channel.EMAIL:
        raise ConflictError("A subscription by mail has no secret to rotate.")
    if found.state is SubscriptionState.ENDED:
        raise ConflictError(f"Subscription {found.id} has ended; make another.")
    if found.channel is Channel.FEED:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        rotated = await store.rotate_token(w.db, found.id, links.digest(token))
        answer = SubscriptionCreated(secret=token, subscription=rotated)
    else:
        until = w.at + BOTH_SIGN_FOR
        rotated = await store.rotate_secret(w.db, found.id, secret, until)
        answer = SubscriptionCreated(secret=secret, former_secret_until=until, subscription=rotated)
    await w.journal("rotated", "subscription", found.id, {})
    return answer


async def unsubscribe_by_link(w: Writing, token: str) -> Subscription:
    """One click, or the button of the page: no more news; whoever does it twice has done it once."""
    link = await links.find(w.db, token, LinkPurpose.UNSUBSCRIBE, w.at)
    found = await store.get(w.db, link.subscription_id)
    if found.purpose is SubscriptionPurpose.CONTRACT:
        raise ConflictError(PROMISED)
    await token_store.use(w.db, links.digest(token), w.at)
    return await end(w, found)


async def end(w: Writing, found: Subscription) -> Subscription:
    """No more deliveries. A client's last channel for what its contract promises is replaced first."""
    if found.state is SubscriptionState.ENDED:
        return found
    if found.client_id is not None and await _is_last(w, found, found.client_id):
        raise ConflictError(
            "This is the last channel on which the client gets the notices that its contract promises. Make"
            " another with POST /v1/subscriptions, have it confirmed, then end this one."
        )
    ended = await store.end(w.db, found.id, w.at)
    await delivery_store.stop(w.db, found.id, DeliveryState.SUPPRESSED, w.at, "the subscription has ended")
    await w.journal("ended", "subscription", found.id, {})
    return ended or await store.get(w.db, found.id)


def _client(actor: Actor, draft: SubscriptionDraft) -> UUID:
    """Whose channel it is to be, and whether the asker may say so."""
    if draft.declaration is not None:
        confirmations.require_declarable(actor, draft.channel)
    if actor.role is Role.CLIENT and actor.client_id is not None:
        if draft.client_id not in (None, actor.client_id):
            # The same as for a client that is not there.
            message = f"there is no client {draft.client_id}"
            raise InvalidError(f"client_id: {message}.", [Fault(member="client_id", message=message)])
        return actor.client_id
    if actor.role not in confirmations.MANAGERS or draft.client_id is None:
        raise ForbiddenError(
            "Channels of clients are made by the client itself, or by privacy or admin in its name."
            " Leave client_id out to ask for news by mail, as anybody may."
        )
    return draft.client_id


async def _require_new(
    db: Connection, client_id: UUID, draft: SubscriptionDraft, address: str | None
) -> None:
    if await store.count_live(db, client_id) >= MOST_OF_A_CLIENT:
        raise ConflictError(
            f"The client has {MOST_OF_A_CLIENT} subscriptions, which is as many as one may have. End one first."
        )
    if address is None:
        return
    there = await store.same(db, client_id, draft.purpose, address)
    if there is not None:
        raise ConflictError(
            f"The client has this address already, as subscription {there}. One is enough; end that one, or"
            " give another address."
        )


async def _is_last(w: Writing, found: Subscription, client_id: UUID) -> bool:
    """Whether it is the only channel that works, of a client whose contract runs still."""
    if found.purpose is not SubscriptionPurpose.CONTRACT or found.state is not SubscriptionState.CONFIRMED:
        return False
    working = await store.working_contract_channels(w.db, client_id)
    return [each.id for each in working] == [found.id] and await store.has_contract(w.db, client_id, w.today)


def _canonical(countries: Collection[str]) -> list[str]:
    """Codes as places are stored: `UK` is `GB`."""
    return sorted({codes.canonical(code) for code in countries})


def _public(made: Subscription) -> dict[str, Any]:
    return {
        "client_id": made.client_id,
        "channel": made.channel,
        "purpose": made.purpose,
        "declaration": made.declaration,
    }


def _said(faults: Collection[Fault]) -> str:
    return " ".join(f"{fault.member}: {fault.message.rstrip('.')}." for fault in faults)
