"""A client's own feed and calendar: the notices that it has, found by the token of its subscription."""

from datetime import date, datetime
from uuid import UUID

from feeds.calendar import Event
from registry.actions import world as worlds
from registry.actions.deadlines import RECENT
from registry.actions.links import digest
from registry.actions.news import Scopes
from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.changes import ChangeKind, PublishedChange
from registry.resources.filters import Filter
from registry.resources.notices import StoredNotice
from registry.resources.subscriptions import Subscription
from registry.resources.terms import Category
from registry.rules import own_news
from registry.rules.deadlines import of_changes, of_expiries
from registry.rules.expiries import expiries
from registry.rules.scopes import matches
from registry.rules.views import public_view
from registry.store import changes, notices, subscriptions
from registry.store import deadlines as deadline_store
from transfers.law import Law

Told = list[tuple[PublishedChange, StoredNotice]]

NOT_THERE = (
    "There is no feed at this address. A private feed's address holds a token, which ends when another is made for it:"
    " take the address that was shown last, or make a new token at /v1/subscriptions."
)


async def find(db: Connection, token: str) -> tuple[Subscription, UUID]:
    """The client's subscription with this token; one ``NotFoundError`` for whatever is not one."""
    found = await subscriptions.of_token(db, digest(token))
    if found is None or found.client_id is None:
        raise NotFoundError(NOT_THERE)
    return found, found.client_id


async def newest(
    db: Connection,
    scopes: Scopes,
    subscription: Subscription,
    client_id: UUID,
    *,
    public_url: str,
    limit: int,
) -> Told:
    """The newest notices of the client that the subscription is for, newest first."""
    wanted = Filter(
        services=tuple(subscription.services),
        categories=tuple(Category(each) for each in subscription.categories),
        kinds=tuple(ChangeKind(each) for each in subscription.kinds),
        countries=tuple(subscription.countries),
    )
    told: Told = []
    before: tuple[int, UUID] | None = None
    while len(told) < limit:
        found = await notices.page(db, client_id=client_id, change_id=None, before=before, limit=limit)
        rows = await changes.numbered(db, [each.change_number for each in found])
        about = await scopes.of(db, [each.change_number for each in found])
        known = {
            row.id: public_view(row, public_url)
            for row in rows
            if matches(wanted, row.kind, row.about_kind, about[row.number or 0])
        }
        told += [(known[each.change_id], each) for each in found if each.change_id in known]
        if len(found) < limit:
            break
        before = (found[-1].change_number, found[-1].client_id)
    return told[:limit]


async def days(
    db: Connection, told: Told, *, today: date, law: Law, public_url: str, told_at: datetime
) -> list[Event]:
    """The days on which these changes take effect, on which objecting ends, and the ends of what the list rests on."""
    since = today - RECENT
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world = await worlds.within(db)
        about = await changes.numbered(
            db, await deadline_store.numbers_about(db, [change.id for change, _ in told])
        )
    announced = [
        own_news.narrowed(change, notice)
        for change, notice in told
        if change.kind not in {ChangeKind.WITHDRAWAL, ChangeKind.POSTPONEMENT, ChangeKind.CORRECTION}
    ]
    return [
        *of_changes(announced, [public_view(row, public_url) for row in about], since),
        *own_news.deadlines(told, since),
        *of_expiries(expiries(world, law, today), told_at, public_url),
    ]
