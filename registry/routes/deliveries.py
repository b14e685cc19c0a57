"""HTTP for deliveries: where each stands, every attempt, and once more from the beginning."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Meta

from registry.actions import deliveries as actions
from registry.actions.writing import writing
from registry.resources.deliveries import Delivery, DeliveryState, DeliveryWithAttempts
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.store import deliveries as store
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented

OfChange = Annotated[UUID, Meta(description="Of this change alone.")]
OfSubscription = Annotated[UUID, Meta(description="On this subscription alone.")]


class DeliveryController(Controller):
    """The ledger of everything that was sent, or is to be. A client's key sees its own."""

    path = "/v1/deliveries"
    tags = ("Notices",)

    @get(operation_id="listDeliveries", summary="List the deliveries")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        actor: TheActor,
        change: FromQuery[OfChange | None] = None,
        subscription: FromQuery[OfSubscription | None] = None,
        standing: Annotated[DeliveryState | None, QueryParameter(name="state")] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Delivery]]:
        """In the order of their making; those that have failed are `?state=failed`."""
        begin = position(cursor, UUID)
        found = await store.page(
            db,
            limit + 1,
            client_id=actor.client_id,
            change_id=change,
            subscription_id=subscription,
            state=standing,
            after=begin.after if begin else None,
        )
        shown = found[:limit]
        return page(request, shown, after=shown[-1].id if len(found) > limit else None)

    @get(
        "/{delivery_id:uuid}",
        operation_id="getDelivery",
        summary="Read one delivery",
        responses=documented(404),
    )
    async def read(self, delivery_id: FromPath[UUID], db: Database, actor: TheActor) -> DeliveryWithAttempts:
        """With every attempt: one without an end is under way, or its worker was killed in it."""
        return await store.with_attempts(db, delivery_id, actor.client_id)

    @post(
        "/{delivery_id:uuid}/replay",
        operation_id="replayDelivery",
        summary="Send a delivery again",
        status_code=200,
        responses=documented(404, 409),
    )
    async def replay(
        self, delivery_id: FromPath[UUID], db: Database, actor: TheActor, clock: TheClock
    ) -> Delivery:
        """Under its id, by which its receiver knows a repeat; the pauses between attempts begin anew."""
        async with writing(db, actor, clock) as w:
            return await actions.replay(w, delivery_id)

    @post(
        "/{delivery_id:uuid}/acknowledgement",
        operation_id="acknowledgeDelivery",
        summary="Say that one has read what was delivered",
        status_code=200,
        responses=documented(404, 409),
    )
    async def acknowledge(
        self,
        delivery_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Delivery:
        """It is no consent: an objection stays possible until its last day. No reminder follows."""
        async with writing(db, actor, clock) as w:
            return await actions.acknowledge(w, delivery_id, settings.time_zone)
