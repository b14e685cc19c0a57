"""HTTP for watched lists: name one, see what its last look found, look now."""

from importlib.metadata import version
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from registry.actions import watches as actions
from registry.actions.watching import Setting
from registry.delivery.fetching import AGENT, Fetcher
from registry.delivery.guard import Guard
from registry.errors import NotFoundError
from registry.resources.watches import WatchDraft, WatchedList
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.store import watches as store
from registry.web.idempotency import once
from registry.web.pages import Page, page
from registry.web.problems import documented


class WatchController(Controller):
    """Follow what vendors publish of their own sub-processors; a person decides what becomes of it."""

    path = "/v1/watched-lists"
    tags = ("Watched lists",)

    @post(operation_id="watchList", summary="Watch a list or feed", responses=documented(409, 422))
    async def add(
        self,
        request: AnyRequest,
        data: JSONBody[WatchDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[WatchedList]:
        """It is looked at once a day, at public addresses only; the first look remembers what it says.

        What differs at a later look is told with its weight, and drafted where that can be done without a doubt:
        never published. A list without `sub_processor_id` is ours, and compared with the register.
        """

        async def effect() -> Response[WatchedList]:
            added = await actions.add(
                db,
                actor,
                clock,
                source=data.source,
                name=data.name,
                sub_processor_id=data.sub_processor_id,
            )
            location = f"{settings.public_url}/v1/watched-lists/{added.id}"
            return Response(added, headers={"Location": location})

        return await once(request, db, clock, effect)

    @get(operation_id="listWatched", summary="List what is watched")
    async def list_all(self, request: AnyRequest, db: Database) -> Response[Page[WatchedList]]:
        """In the order of their making, each with what its last look found."""
        return page(request, await store.everything(db))

    @get(
        "/{watch_id:uuid}",
        operation_id="getWatched",
        summary="Read one watched list",
        responses=documented(404),
    )
    async def read(self, watch_id: FromPath[UUID], db: Database) -> WatchedList:
        """With what differed when it last did."""
        return await store.get(db, watch_id)

    @delete(
        "/{watch_id:uuid}",
        operation_id="unwatchList",
        summary="Watch a list no longer",
        responses=documented(404),
    )
    async def remove(self, watch_id: FromPath[UUID], db: Database, actor: TheActor, clock: TheClock) -> None:
        """What was drafted stays."""
        await actions.remove(db, actor, clock, watch_id)

    @post(
        "/{watch_id:uuid}/look",
        operation_id="lookAtWatched",
        summary="Look at a watched list now",
        status_code=200,
        responses=documented(404, 422),
    )
    async def look(
        self,
        watch_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
    ) -> WatchedList:
        """Ask its server now, if it has not asked us to wait; the answer says what was found."""
        watched = next((one for one in await store.watched(db) if one.id == watch_id), None)
        if watched is None:
            raise NotFoundError(f"There is no watched list {watch_id}.")
        agent = f"{AGENT}/{version('onward')}"
        async with Guard(settings.webhook_allow, settings.webhook_timeout, agent=agent) as guard:
            fetched = await actions.ask(watched, Fetcher(guard, clock, files=False), clock)
        setting = Setting(law=law, notice_days=settings.notice_days)
        return await actions.look(db, actor, clock, watched, fetched, setting)
