"""HTTP for subscriptions: channels of clients, and news by mail for anybody."""

import ssl
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta
from msgspec.structs import replace

from registry.actions import confirmations
from registry.actions import subscriptions as actions
from registry.actions.writing import writing
from registry.delivery.calls import RefusedError
from registry.delivery.guard import Guard
from registry.delivery.webhooks import new_secret
from registry.errors import Fault, InvalidError
from registry.resources.actors import Actor, Role
from registry.resources.subscriptions import (
    Channel,
    Confirmation,
    Subscription,
    SubscriptionCreated,
    SubscriptionDraft,
    SubscriptionPatch,
    SubscriptionPurpose,
    SubscriptionRequested,
    SubscriptionState,
)
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.settings import Settings
from registry.store import subscriptions as store
from registry.web.conditional import etag, require_if_match
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented

REQUESTED = (
    "If this address can be written to, a mail with a link is on its way to it; the news begin when the link is"
    " opened and confirmed. If nothing comes, the address is subscribed already, or was sent such a mail within"
    " the last hour."
)

ClientId = Annotated[UUID, Meta(description="Of this client alone.")]


class SubscriptionController(Controller):
    """Say who is told on which channel. A client's key sees and makes its own, and nobody else's."""

    path = "/v1/subscriptions"
    tags = ("Notices",)

    @post(
        operation_id="createSubscription",
        summary="Subscribe",
        responses=documented(403, 409),
        opt={"also": {202: SubscriptionRequested}},
    )
    async def create(
        self,
        request: AnyRequest,
        data: JSONBody[SubscriptionDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[SubscriptionCreated | SubscriptionRequested]:
        """Without `client_id`, anybody may ask for news by mail: the answer is 202, and the same for every address.

        A channel of a client is made by the client's key, or by privacy and admin in its name. Its secret is in
        this answer and cannot be seen again. A webhook is confirmed when it answers a test with 2xx, mail by the
        link in a mail or by a colleague's `declaration`, a feed at once. What runs already is told then.
        """
        address = await actions.require_fitting(db, data)
        if _is_for_anybody(actor, data):
            _require_mail(data)
            async with writing(db, actor, clock) as w:
                await actions.request_news(w, data, address or "")
            return Response(SubscriptionRequested(message=REQUESTED), status_code=202)

        async def effect() -> Response[SubscriptionCreated | SubscriptionRequested]:
            if data.channel is Channel.WEBHOOK and address is not None:
                await _require_callable(address, settings)
            async with writing(db, actor, clock) as w:
                created = await actions.create(w, data, address, new_secret(), settings.time_zone)
            made = created.subscription
            location = f"{settings.public_url}/v1/subscriptions/{made.id}"
            return Response(created, headers={"Location": location, "ETag": _etag(made)})

        return await once(request, db, clock, effect, keep=_without_secret)

    @get(operation_id="listSubscriptions", summary="List the subscriptions")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        actor: TheActor,
        client: FromQuery[ClientId | None] = None,
        standing: Annotated[SubscriptionState | None, QueryParameter(name="state")] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Subscription]]:
        """In the order of their making, those that have ended included."""
        begin = position(cursor, UUID)
        if actor.client_id is not None and client not in {None, actor.client_id}:
            return page(request, [])
        found = await store.page(
            db,
            actor.client_id or client,
            standing.value if standing else None,
            begin.after if begin else None,
            limit + 1,
        )
        shown = found[:limit]
        return page(request, shown, after=shown[-1].id if len(found) > limit else None)

    @get(
        "/{subscription_id:uuid}",
        operation_id="getSubscription",
        summary="Read one subscription",
        responses=documented(404),
    )
    async def read(
        self, subscription_id: FromPath[UUID], db: Database, actor: TheActor
    ) -> Response[Subscription]:
        """Everything but the secret."""
        found = await store.get(db, subscription_id, actor.client_id)
        return Response(found, headers={"ETag": _etag(found)})

    @patch(
        "/{subscription_id:uuid}",
        operation_id="alterSubscription",
        summary="Ask for other news",
        responses=documented(404, 409, 412, 428),
    )
    async def alter(
        self,
        request: AnyRequest,
        subscription_id: FromPath[UUID],
        data: JSONBody[SubscriptionPatch],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Subscription]:
        """The filters only: for another address make another subscription, and end this one."""
        async with writing(db, actor, clock) as w:
            found = await store.get(db, subscription_id, actor.client_id)
            require_if_match(request, _etag(found))
            altered = await actions.alter(w, found, data)
        return Response(altered, headers={"ETag": _etag(altered)})

    @delete(
        "/{subscription_id:uuid}",
        operation_id="endSubscription",
        summary="End a subscription",
        responses=documented(404, 409, 412, 428),
    )
    async def end(
        self,
        request: AnyRequest,
        subscription_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> None:
        """For good; it stays on record. A client's last channel for contract notices is replaced first."""
        async with writing(db, actor, clock) as w:
            found = await store.get(db, subscription_id, actor.client_id)
            require_if_match(request, _etag(found))
            await actions.end(w, found)

    @post(
        "/{subscription_id:uuid}/rotation",
        operation_id="rotateSubscription",
        summary="Give a subscription another secret",
        responses=documented(404, 409),
    )
    async def rotate(
        self,
        request: AnyRequest,
        subscription_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[SubscriptionCreated]:
        """A webhook is signed with both secrets for three days; a feed's former address ends at once."""

        async def effect() -> Response[SubscriptionCreated]:
            async with writing(db, actor, clock) as w:
                found = await store.get(db, subscription_id, actor.client_id)
                rotated = await actions.rotate(w, found, new_secret())
            return Response(rotated, headers={"ETag": _etag(rotated.subscription)})

        return await once(request, db, clock, effect, keep=_without_secret)

    @post(
        "/{subscription_id:uuid}/confirmation",
        operation_id="confirmSubscription",
        summary="Have a subscription confirmed, or confirmed again",
        status_code=200,
        responses=documented(404, 409),
    )
    async def confirm(
        self,
        subscription_id: FromPath[UUID],
        data: JSONBody[Confirmation],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Subscription]:
        """A webhook is sent a test, an address of mail a link; with `declaration` the address counts as confirmed.

        For what is pending, and for what was suspended because it could not be reached. What failed meanwhile and
        runs still is sent when it is confirmed.
        """
        async with writing(db, actor, clock) as w:
            found = await store.get(db, subscription_id, actor.client_id)
            found = await confirmations.ask_again(w, found, data.declaration, settings.time_zone)
        return Response(found, headers={"ETag": _etag(found)})


def _is_for_anybody(actor: Actor, data: SubscriptionDraft) -> bool:
    """Whether news by mail are asked for as the public may; what is a client's is never meant so."""
    return (
        actor.role is not Role.CLIENT
        and data.client_id is None
        and data.purpose is SubscriptionPurpose.NEWS
        and data.channel is Channel.EMAIL
        and data.declaration is None
    ) or actor.role is Role.PUBLIC


def _require_mail(data: SubscriptionDraft) -> None:
    """Without a key, e-mail is the only channel, and news all that it carries."""
    wrong = [
        Fault(member=member, message="this needs a key; without one, news by mail can be asked for")
        for member, is_wrong in (
            ("client_id", data.client_id is not None),
            ("channel", data.channel is not Channel.EMAIL),
            ("purpose", data.purpose is not SubscriptionPurpose.NEWS),
            ("declaration", data.declaration is not None),
        )
        if is_wrong
    ]
    if wrong:
        raise InvalidError(
            "Without a key only news by mail can be asked for; feeds need no subscription.", wrong
        )


async def _require_callable(url: str, settings: Settings) -> None:
    """Refuse a webhook that would not be called, in the one sentence that tells nothing of our network."""
    async with Guard(
        settings.webhook_allow, settings.webhook_timeout, tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ) as guard:
        try:
            await guard.check_url(url)
        except RefusedError as error:
            raise InvalidError(f"address: {error}", [Fault(member="address", message=str(error))]) from error


def _without_secret(
    answer: SubscriptionCreated | SubscriptionRequested,
) -> SubscriptionCreated | SubscriptionRequested:
    return replace(answer, secret=None) if isinstance(answer, SubscriptionCreated) else answer


def _etag(found: Subscription) -> str:
    return etag(found.id, found.version)
