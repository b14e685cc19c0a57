"""`/links/…`: what links in mails lead to. A GET shows a page and does nothing, since scanners open every link.

Only the button of the page acts, by POST; pressed twice, it has acted once. To object has a page of its own.
"""

from datetime import date, datetime

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from registry.actions import confirmations, deliveries, links, objections, subscriptions
from registry.actions.writing import writing
from registry.database import Connection
from registry.errors import ConflictError, NotFoundError
from registry.pages import filters, private
from registry.resources.changes import ChangeKind
from registry.resources.filters import Filter
from registry.resources.links import LinkPurpose
from registry.resources.notices import StoredNotice
from registry.resources.subscriptions import Subscription, SubscriptionPurpose, SubscriptionState
from registry.resources.terms import Category
from registry.routes.dependencies import AnyRequest, Database, TheClock, TheSettings
from registry.rules.views import as_told, public_view
from registry.settings import Settings
from registry.store import changes as change_store
from registry.store import subscriptions as store
from registry.web.gate import FORMS


class LinkController(Controller):
    """To confirm an address, to unsubscribe, to acknowledge a notice."""

    path = "/links"
    include_in_schema = False
    exception_handlers = private.ERROR_PAGES

    @get("/confirm/{token:str}", operation_id="getConfirmPage", media_type="text/html")
    async def confirming(
        self, request: AnyRequest, db: Database, clock: TheClock, token: FromPath[str]
    ) -> Response[str]:
        """What is asked for, with a button; once it is confirmed, that it is."""
        found = await _subscription(db, token, LinkPurpose.CONFIRM, clock.now())
        if found.state is SubscriptionState.ENDED:
            raise NotFoundError(links.NOT_GOOD)
        return await _confirm_page(request, db, found)

    @post(
        "/confirm/{token:str}",
        operation_id="confirmByLink",
        media_type="text/html",
        status_code=200,
        opt={"media_types": FORMS},
    )
    async def confirm(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        settings: TheSettings,
        token: FromPath[str],
    ) -> Response[str]:
        """The address is the reader's: from now on it is used."""
        link = await links.find(db, token, LinkPurpose.CONFIRM, clock.now())
        async with writing(db, links.bearer(link), clock) as w:
            found = await confirmations.confirm_by_link(w, token, settings.time_zone)
        return await _confirm_page(request, db, found)

    @get("/unsubscribe/{token:str}", operation_id="getUnsubscribePage", media_type="text/html")
    async def unsubscribing(
        self, request: AnyRequest, db: Database, clock: TheClock, token: FromPath[str]
    ) -> Response[str]:
        """A button; once it is done, that it is."""
        return await _unsubscribe_page(
            request, db, await _subscription(db, token, LinkPurpose.UNSUBSCRIBE, clock.now())
        )

    @post(
        "/unsubscribe/{token:str}",
        operation_id="unsubscribeByLink",
        media_type="text/html",
        status_code=200,
        opt={"media_types": FORMS},
    )
    async def unsubscribe(
        self, request: AnyRequest, db: Database, clock: TheClock, token: FromPath[str]
    ) -> Response[str]:
        """At once and without a further question, for the button and for one click in a mail program (RFC 8058)."""
        link = await links.find(db, token, LinkPurpose.UNSUBSCRIBE, clock.now())
        async with writing(db, links.bearer(link), clock) as w:
            found = await subscriptions.unsubscribe_by_link(w, token)
        return await _unsubscribe_page(request, db, found)

    @get("/acknowledge/{token:str}", operation_id="getAcknowledgePage", media_type="text/html")
    async def acknowledging(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        settings: TheSettings,
        token: FromPath[str],
    ) -> Response[str]:
        """Which notice it is, and that having read it is no consent; a button."""
        notice = await _notice(db, token, clock.now())
        return await _acknowledge_page(request, db, settings, notice, clock.today())

    @post(
        "/acknowledge/{token:str}",
        operation_id="acknowledgeByLink",
        media_type="text/html",
        status_code=200,
        opt={"media_types": FORMS},
    )
    async def acknowledge(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        settings: TheSettings,
        token: FromPath[str],
    ) -> Response[str]:
        """The reader has it: nothing more is said by that."""
        link = await links.find(db, token, LinkPurpose.ACKNOWLEDGE, clock.now())
        async with writing(db, links.bearer(link), clock) as w:
            await deliveries.acknowledge_by_link(w, token, settings.time_zone)
        notice = await _notice(db, token, clock.now())
        return await _acknowledge_page(request, db, settings, notice, clock.today())


async def _subscription(db: Connection, token: str, purpose: LinkPurpose, at: datetime) -> Subscription:
    link = await links.find(db, token, purpose, at)
    return await store.get(db, link.subscription_id)


async def _notice(db: Connection, token: str, at: datetime) -> StoredNotice:
    """The notice that a link to acknowledge is about."""
    link = await links.find(db, token, LinkPurpose.ACKNOWLEDGE, at)
    return await objections.find_notice(db, *(await links.concerned(db, link)))


async def _confirm_page(request: AnyRequest, db: Connection, found: Subscription) -> Response[str]:
    return await private.page(
        request,
        db,
        "confirm.html",
        address=found.address,
        confirmed=found.state is SubscriptionState.CONFIRMED,
        contract=found.purpose is SubscriptionPurpose.CONTRACT,
        wanted=_wanted(found),
    )


async def _unsubscribe_page(request: AnyRequest, db: Connection, found: Subscription) -> Response[str]:
    if found.purpose is SubscriptionPurpose.CONTRACT:
        raise ConflictError(subscriptions.PROMISED)
    return await private.page(
        request, db, "unsubscribe.html", address=found.address, ended=found.state is SubscriptionState.ENDED
    )


async def _acknowledge_page(
    request: AnyRequest, db: Connection, settings: Settings, notice: StoredNotice, today: date
) -> Response[str]:
    change = as_told(
        public_view(await change_store.get(db, notice.change_id), settings.public_url), notice.news
    )
    until = notice.objection_until
    read_at = notice.acknowledged_at
    return await private.page(
        request,
        db,
        "acknowledge.html",
        change=change,
        read_on=None if read_at is None else read_at.astimezone(settings.time_zone).date(),
        object_until=until if until is not None and until >= today and notice.objection_days else None,
    )


def _wanted(found: Subscription) -> str:
    """What news are asked for, in words; empty: all."""
    return filters.described(
        Filter(
            services=tuple(found.services),
            categories=tuple(Category(each) for each in found.categories),
            kinds=tuple(ChangeKind(each) for each in found.kinds),
            countries=tuple(found.countries),
        )
    )
