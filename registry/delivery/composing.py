"""From claimed deliveries to what goes out: the bodies of webhooks and the mails, many at a time."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from registry.actions.links import Issuing
from registry.database import Connection
from registry.delivery import mails, webhooks
from registry.delivery.mails import Identity, Letterhead
from registry.resources import letters
from registry.resources.changes import Notice, PublishedChange
from registry.resources.deliveries import Occasion
from registry.resources.letters import NoticeTerms
from registry.resources.links import GOOD_FOR, LinkPurpose
from registry.resources.subscriptions import Channel, Subscription, SubscriptionPurpose
from registry.resources.webhooks import (
    JournalAnchor,
    WebhookNotice,
    WebhookTest,
    WebhookTestData,
    WebhookTestType,
    WebhookType,
)
from registry.rules import notices as rules
from registry.rules.views import as_told, public_view, told_parts
from registry.settings import Settings
from registry.store import changes as change_store
from registry.store import journal as journal_store
from registry.store import known_clients
from registry.store import notices as notice_store
from registry.store import register as register_store
from registry.store import subscriptions as subscription_store
from registry.store.outbox import Claimed, ClaimedNotice

log = logging.getLogger(__name__)

_TYPES = {
    Occasion.ANNOUNCEMENT: WebhookType.PUBLISHED,
    Occasion.REMINDER: WebhookType.REMINDER,
    Occasion.OUTCOME: WebhookType.OUTCOME,
    Occasion.RECEIPT: WebhookType.OUTCOME,
}


class WebhookMessage(Struct, frozen=True):
    """A body, and the secrets that sign it."""

    content: bytes
    signing: tuple[str, ...]


Message: TypeAlias = WebhookMessage | EmailMessage


class Background(Struct, frozen=True, kw_only=True):
    """What the deliveries of one batch tell of, read at once."""

    company: str
    changes: Mapping[UUID, PublishedChange]
    contracts: Mapping[UUID, str]
    names: Mapping[UUID, str]
    """What the clients are called whose addresses are to be confirmed."""
    emergencies: Mapping[UUID, str]
    subscriptions: Mapping[UUID, Subscription]
    journal: Mapping[UUID, tuple[int, bytes]]
    """Where the publication of each change is recorded."""
    at: datetime
    day: date


async def background(
    db: Connection, claimed: Sequence[Claimed], settings: Settings, at: datetime
) -> Background:
    """Read what these deliveries tell of."""
    day = at.astimezone(settings.time_zone).date()
    changes = {each.change_id for each in claimed if each.change_id is not None}
    clients = {each.client_id for each in claimed if each.notice is not None and each.client_id is not None}
    mailing = any(each.channel is Channel.EMAIL for each in claimed)
    unconfirmed = {each.subscription_id for each in claimed if each.occasion is Occasion.CONFIRMATION}
    subscriptions = {key: await subscription_store.get(db, key) for key in unconfirmed}
    return Background(
        company=(await register_store.read(db)).name,
        changes=await _changes(db, changes, settings.public_url),
        contracts=await notice_store.contracts(db, list(clients), day) if clients and mailing else {},
        emergencies=await notice_store.emergencies(db, list(changes)) if clients and mailing else {},
        names=await _names(db, subscriptions.values(), day),
        subscriptions=subscriptions,
        journal={
            key: found for key in changes if (found := await journal_store.publication(db, key)) is not None
        },
        at=at,
        day=day,
    )


async def _names(db: Connection, subscriptions: Iterable[Subscription], day: date) -> dict[UUID, str]:
    promised = {
        each.client_id
        for each in subscriptions
        if each.client_id is not None and each.purpose is SubscriptionPurpose.CONTRACT
    }
    found = await known_clients.read(db, list(promised)) if promised else ()
    return {each.id: period.terms.name if (period := each.on(day)) else each.reference for each in found}


async def _changes(db: Connection, ids: Collection[UUID], public_url: str) -> dict[UUID, PublishedChange]:
    """The changes; one that cannot be told is a fault of ours, and holds up its own deliveries alone."""
    told: dict[UUID, PublishedChange] = {}
    for key in ids:
        row = await change_store.get(db, key)
        try:
            told[key] = public_view(row, public_url)
        except Exception:
            log.exception("Change %s cannot be told.", key)
    return told


def compose(claimed: Claimed, known: Background, settings: Settings, links: Issuing) -> Message:
    """Write what one delivery sends; raises for one that cannot be told."""
    if claimed.channel is Channel.WEBHOOK:
        return _webhook(claimed, known, settings)
    return _mail(claimed, known, settings, links)


def _webhook(claimed: Claimed, known: Background, settings: Settings) -> WebhookMessage:
    signing = tuple(secret for secret in (claimed.secret, claimed.former_secret) if secret is not None)
    if claimed.occasion is Occasion.CONFIRMATION:
        test = WebhookTest(
            type=WebhookTestType.TEST,
            timestamp=claimed.made_at,
            data=WebhookTestData(subscription_id=claimed.subscription_id),
        )
        return WebhookMessage(msgspec.json.encode(test), signing)
    change = _change(claimed, known)
    at = _happened_at(claimed, change, settings.time_zone)
    notice = _webhook_notice(claimed, known.day, f"{settings.public_url}/v1/changes/{change.id}/objections")
    recorded = known.journal.get(change.id)
    journal = None if recorded is None else JournalAnchor(number=recorded[0], digest=recorded[1].hex())
    return WebhookMessage(webhooks.body(_TYPES[claimed.occasion], at, change, notice, journal), signing)


def _happened_at(claimed: Claimed, change: PublishedChange, time_zone: ZoneInfo) -> datetime:
    """When what is told happened, through all attempts: published, came due, or was decided or received."""
    notice = claimed.notice
    if claimed.occasion is Occasion.ANNOUNCEMENT:
        return change.published_at
    if claimed.occasion is Occasion.REMINDER and notice and notice.given_on and notice.objection_until:
        due = rules.reminder_at(notice.given_on, notice.objection_until, time_zone)
        return due.astimezone(UTC) if due is not None else claimed.made_at
    return claimed.made_at


def _webhook_notice(claimed: Claimed, day: date, objections_url: str) -> WebhookNotice | None:
    notice = claimed.notice
    if notice is None or claimed.client_id is None:
        return None
    content: dict[str, Any] = claimed.content or {}
    until = _until(notice, day)
    owed_period = notice.owed is Notice.FULL_PERIOD
    state = rules.when_given(notice.owed, notice.authorisation, in_time=day <= until)
    return WebhookNotice(
        client_id=claimed.client_id,
        authorisation=notice.authorisation.value,
        state=content.get("state", state.value),
        objection_until=until if owed_period else None,
        objections_url=objections_url if owed_period and day <= until else None,
        outcome=content.get("text"),
        concerns=told_parts(notice.news),
    )


def _until(notice: ClaimedNotice, day: date) -> date:
    """The last day for objections: that of the notice, or the one that it has if it is accepted today."""
    return notice.objection_until or day + timedelta(days=notice.objection_days)


def _mail(claimed: Claimed, known: Background, settings: Settings, links: Issuing) -> EmailMessage:
    if settings.mail_from is None:
        raise ValueError("ONWARD_MAIL_FROM is not set, so mail has no sender.")
    news = claimed.purpose is SubscriptionPurpose.NEWS and not claimed.redirected
    unsubscribe_url = (
        links.issue(LinkPurpose.UNSUBSCRIBE, claimed.subscription_id, claimed.change_id)
        if news and claimed.occasion is Occasion.ANNOUNCEMENT
        else None
    )
    recorded = known.journal.get(claimed.change_id) if claimed.change_id is not None else None
    return mails.compose(
        _contents(claimed, known, links),
        claimed.address,
        letterhead=Letterhead(company=known.company, sender=settings.mail_from),
        identity=Identity(
            delivery_id=claimed.id, subscription_id=claimed.subscription_id, change_id=claimed.change_id
        ),
        at=known.at.astimezone(settings.time_zone),
        unsubscribe_url=unsubscribe_url,
        journal=None if recorded is None else (recorded[0], recorded[1].hex()),
    )


def _contents(claimed: Claimed, known: Background, links: Issuing) -> letters.Contents:
    content: dict[str, Any] = claimed.content or {}
    if claimed.occasion is Occasion.CONFIRMATION:
        return _confirmation(claimed, known, links)
    if claimed.occasion is Occasion.SUSPENSION:
        return msgspec.convert({"type": "Suspension", **content}, letters.Suspension)
    change = _change(claimed, known)
    if claimed.notice is not None:
        # A client is told what touches it; the link leads to the whole.
        change = as_told(change, claimed.notice.news)
    if claimed.occasion is Occasion.OUTCOME:
        return letters.Outcome(change=change, state=content["state"], text=content.get("text"))
    if claimed.occasion is Occasion.RECEIPT:
        received_on = date.fromisoformat(content["received_on"])
        return letters.Receipt(change=change, received_on=received_on, objection=content["objection"])
    terms = _terms(claimed, known)
    asked = terms is not None and terms.owed == "full_period" and _is_answerable(terms)

    def link(purpose: LinkPurpose) -> str:
        return links.issue(purpose, claimed.subscription_id, claimed.change_id)

    if claimed.occasion is Occasion.REMINDER and terms is not None:
        return letters.Reminder(change=change, notice=terms, object_url=link(LinkPurpose.OBJECT))
    return letters.Announcement(
        change=change,
        notice=terms,
        object_url=link(LinkPurpose.OBJECT) if asked else None,
        acknowledge_url=link(LinkPurpose.ACKNOWLEDGE) if terms is not None else None,
    )


def _is_answerable(terms: NoticeTerms) -> bool:
    """Whether a client can still say something; what it must authorise itself, it may authorise late."""
    return not terms.over or terms.authorisation == "specific"


def _terms(claimed: Claimed, known: Background) -> NoticeTerms | None:
    notice = claimed.notice
    if notice is None or claimed.client_id is None or claimed.change_id is None:
        return None
    until = _until(notice, known.day)
    return NoticeTerms(
        owed="full_period" if notice.owed is Notice.FULL_PERIOD else "at_once",
        authorisation=notice.authorisation.value,
        objection_until=until,
        over=known.day > until,
        contract=known.contracts.get(claimed.client_id),
        emergency=known.emergencies.get(claimed.change_id),
    )


def _confirmation(claimed: Claimed, known: Background, links: Issuing) -> letters.Confirmation:
    found = known.subscriptions[claimed.subscription_id]
    wanted = [
        f"{name}: {', '.join(values)}"
        for name, values in (
            ("Services", found.services),
            ("Countries", found.countries),
            ("Categories", found.categories),
            ("Kinds of change", found.kinds),
        )
        if values
    ]
    good_until = known.at + GOOD_FOR[LinkPurpose.CONFIRM]
    return letters.Confirmation(
        confirm_url=links.issue(LinkPurpose.CONFIRM, claimed.subscription_id, None),
        expires_on=known.day + (good_until.date() - known.at.date()),
        wanted=tuple(wanted),
        client=known.names.get(found.client_id) if found.client_id is not None else None,
    )


def _change(claimed: Claimed, known: Background) -> PublishedChange:
    if claimed.change_id is None:
        raise ValueError(
            f"A delivery on the occasion of {claimed.occasion} is about a change, and this has none."
        )
    return known.changes[claimed.change_id]
