"""HTTP for notices: what each client was owed, whether it was given, and how it stands."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from registry.actions import notices as actions
from registry.actions.writing import writing
from registry.resources.changes import AlreadyTold
from registry.resources.notices import ClientNotice, NoticeState
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.store import changes as change_store
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented

OfClient = Annotated[UUID, Meta(description="Of this client alone.")]
OfChange = Annotated[UUID, Meta(description="Of this change alone.")]


class NoticeController(Controller):
    """What a client was told, and what its silence counts for."""

    path = "/v1"
    tags = ("Notices",)

    @get("/notices", operation_id="listNotices", summary="List the notices")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        actor: TheActor,
        clock: TheClock,
        client: FromQuery[OfClient | None] = None,
        change: FromQuery[OfChange | None] = None,
        standing: Annotated[NoticeState | None, QueryParameter(name="state")] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[ClientNotice]]:
        """As they stand today, those of the newest change first. A client's key sees its own."""
        if actor.client_id is not None and client not in {None, actor.client_id}:
            return page(request, [])
        begin = position(cursor, tuple[int, UUID])
        found = await actions.listed(
            db,
            clock.today(),
            client_id=actor.client_id or client,
            change_id=change,
            state=standing,
            before=begin.after if begin else None,
            limit=limit + 1,
        )
        shown = found[:limit]
        last = shown[-1] if len(found) > limit else None
        return page(request, shown, after=(last.change_number, last.client_id) if last else None)

    @get(
        "/changes/{change_id:uuid}/notices",
        operation_id="listNoticesOfChange",
        summary="List the notices of a change",
        responses=documented(404),
    )
    async def of_change(
        self,
        request: AnyRequest,
        change_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        standing: Annotated[NoticeState | None, QueryParameter(name="state")] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[ClientNotice]]:
        """Every client that it touches, with what it was owed and how its notice stands today."""
        await change_store.get(db, change_id)
        begin = position(cursor, tuple[int, UUID])
        found = await actions.listed(
            db,
            clock.today(),
            client_id=None,
            change_id=change_id,
            state=standing,
            before=begin.after if begin else None,
            limit=limit + 1,
        )
        shown = found[:limit]
        last = shown[-1] if len(found) > limit else None
        return page(request, shown, after=(last.change_number, last.client_id) if last else None)

    @post(
        "/changes/{change_id:uuid}/notices/{client_id:uuid}/telling",
        operation_id="recordTelling",
        summary="Record that a client was told by other means",
        status_code=200,
        responses=documented(404, 409),
    )
    async def tell(
        self,
        change_id: FromPath[UUID],
        client_id: FromPath[UUID],
        data: JSONBody[AlreadyTold],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> ClientNotice:
        """For a notice that no server accepted: by letter, say. The days to object count from the day given."""
        async with writing(db, actor, clock) as w:
            return await actions.record_telling(w, change_id, client_id, data, settings.time_zone)
