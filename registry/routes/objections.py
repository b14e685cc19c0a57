"""HTTP for objections: to object, to take back, to decide."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from registry.actions import objections as actions
from registry.actions.writing import writing
from registry.errors import Fault, InvalidError, NotFoundError
from registry.resources.actors import Actor
from registry.resources.objections import (
    GoingOn,
    Objection,
    ObjectionDraft,
    ObjectionReceipt,
    ObjectionState,
    Resolution,
)
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.store import changes as change_store
from registry.store import objections as store
from registry.web.conditional import etag, require_if_match
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented

OfClient = Annotated[UUID, Meta(description="Of this client alone.")]
OfChange = Annotated[UUID, Meta(description="To this change alone.")]


class ObjectionController(Controller):
    """A client's word against a change. A client's key makes and sees its own, and nobody else's."""

    path = "/v1"
    tags = ("Notices",)

    @post(
        "/changes/{change_id:uuid}/objections",
        operation_id="objectToChange",
        summary="Object to a change",
        responses=documented(404, 409),
    )
    async def make(
        self,
        request: AnyRequest,
        change_id: FromPath[UUID],
        data: JSONBody[ObjectionDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[ObjectionReceipt]:
        """In time through the whole of the notice's `objection_until`; before the notice is given there is no end.

        The answer is the receipt, with the journal number and digest under which it stands; a mail says the same.
        While it is open or upheld, the client's list is folded without the change. Privacy and admin record
        with `client_id` what reached them another way.
        """
        client_id = _client(actor, data)

        async def effect() -> Response[ObjectionReceipt]:
            async with writing(db, actor, clock) as w:
                receipt = await actions.make(w, change_id, client_id, data.reason)
            made = receipt.objection
            location = f"{settings.public_url}/v1/objections/{made.id}"
            return Response(receipt, headers={"Location": location, "ETag": _etag(made)})

        return await once(request, db, clock, effect)

    @get(
        "/changes/{change_id:uuid}/objections",
        operation_id="listObjectionsToChange",
        summary="List the objections to a change",
        responses=documented(404),
    )
    async def of_change(
        self,
        request: AnyRequest,
        change_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Objection]]:
        """The newest first."""
        change = await change_store.get(db, change_id)
        if change.number is None and actor.client_id is not None:
            raise NotFoundError(f"There is no change {change_id} on the register.")
        begin = position(cursor, UUID)
        found = await store.page(
            db,
            limit + 1,
            client_id=actor.client_id,
            change_id=change_id,
            before=begin.after if begin else None,
        )
        return _page(request, found, limit)

    @get("/objections", operation_id="listObjections", summary="List the objections")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        actor: TheActor,
        client: FromQuery[OfClient | None] = None,
        change: FromQuery[OfChange | None] = None,
        standing: Annotated[ObjectionState | None, QueryParameter(name="state")] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Objection]]:
        """The newest first; those that wait for a decision are `?state=open`."""
        if actor.client_id is not None and client not in {None, actor.client_id}:
            return page(request, [])
        begin = position(cursor, UUID)
        found = await store.page(
            db,
            limit + 1,
            client_id=actor.client_id or client,
            change_id=change,
            state=standing,
            before=begin.after if begin else None,
        )
        return _page(request, found, limit)

    @get(
        "/objections/{objection_id:uuid}",
        operation_id="getObjection",
        summary="Read one objection",
        responses=documented(404),
    )
    async def read(self, objection_id: FromPath[UUID], db: Database, actor: TheActor) -> Response[Objection]:
        """With its version as ETag, which a decision needs."""
        return _answer(await store.get(db, objection_id, actor.client_id))

    @post(
        "/objections/{objection_id:uuid}/resolution",
        operation_id="resolveObjection",
        summary="Decide an objection",
        status_code=200,
        responses=documented(404, 409, 412, 428),
    )
    async def resolve(
        self,
        request: AnyRequest,
        objection_id: FromPath[UUID],
        data: JSONBody[Resolution],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Objection]:
        """The client is told the outcome and the reason.

        Rejected, the change binds it from today at the earliest; upheld in any way, its list stays without it.
        """

        async def effect() -> Response[Objection]:
            async with writing(db, actor, clock) as w:
                return _answer(await actions.resolve(w, objection_id, data, _seen(request)))

        return await once(request, db, clock, effect)

    @post(
        "/objections/{objection_id:uuid}/retraction",
        operation_id="retractObjection",
        summary="Take an objection back",
        status_code=200,
        responses=documented(404, 409, 412, 428),
    )
    async def retract(
        self,
        request: AnyRequest,
        objection_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Objection]:
        """The change binds the client from today at the earliest. Within its time it may object anew."""

        async def effect() -> Response[Objection]:
            async with writing(db, actor, clock) as w:
                return _answer(await actions.retract(w, objection_id, actor.client_id, _seen(request)))

        return await once(request, db, clock, effect)

    @post(
        "/objections/{objection_id:uuid}/decision",
        operation_id="goOnAgainstObjection",
        summary="Go on with a change against an objection",
        status_code=200,
        responses=documented(404, 409, 412, 428),
    )
    async def go_on(
        self,
        request: AnyRequest,
        objection_id: FromPath[UUID],
        data: JSONBody[GoingOn],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Objection]:
        """While an objection is open or upheld, the change does not bind the client; this decides otherwise.

        The client is told the reason, and the journal keeps it.
        """

        async def effect() -> Response[Objection]:
            async with writing(db, actor, clock) as w:
                return _answer(await actions.go_on(w, objection_id, data, _seen(request)))

        return await once(request, db, clock, effect)


def _client(actor: Actor, data: ObjectionDraft) -> UUID:
    """For whom is objected: the client of the key, or the one that a colleague names."""
    if actor.client_id is not None:
        if data.client_id not in {None, actor.client_id}:
            message = "a client's key objects for its own client; leave client_id out"
            raise InvalidError(f"client_id: {message}.", [Fault(member="client_id", message=message)])
        return actor.client_id
    if data.client_id is None:
        message = "say for which client the objection is recorded"
        raise InvalidError(f"client_id: {message}.", [Fault(member="client_id", message=message)])
    return data.client_id


def _page(request: AnyRequest, found: list[Objection], limit: int) -> Response[Page[Objection]]:
    shown = found[:limit]
    return page(request, shown, after=shown[-1].id if len(found) > limit else None)


def _answer(found: Objection) -> Response[Objection]:
    return Response(found, headers={"ETag": _etag(found)})


def _seen(request: AnyRequest) -> Callable[[Objection], None]:
    return lambda found: require_if_match(request, _etag(found))


def _etag(found: Objection) -> str:
    return etag(found.id, found.version)
