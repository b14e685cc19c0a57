"""HTTP for watched lists: name one, see what its last look found, look now."""

from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from registry.actions import watches as actions
from registry.actions.watching import Setting
from registry.delivery.fetching import Fetcher, agent
from registry.delivery.guard import Guard
from registry.resources.watches import WatchDraft, WatchedList
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.store import watches as store
from registry.web.conditional import etag, require_if_match
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
        """It is looked at once a day unless said otherwise, at public addresses only; the first look is the baseline.

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
                columns=data.columns,
                table=data.table,
                every_hours=data.every_hours,
            )
            location = f"{settings.public_url}/v1/watched-lists/{added.id}"
            return Response(added, headers={"Location": location, "ETag": _etag(added)})

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
    async def read(self, watch_id: FromPath[UUID], db: Database) -> Response[WatchedList]:
        """With what differed when it last did, and its last twenty looks."""
        found = await store.get(db, watch_id)
        return Response(found, headers={"ETag": _etag(found)})

    @delete(
        "/{watch_id:uuid}",
        operation_id="unwatchList",
        summary="Watch a list no longer",
        responses=documented(404, 412, 428),
    )
    async def remove(
        self, request: AnyRequest, watch_id: FromPath[UUID], db: Database, actor: TheActor, clock: TheClock
    ) -> None:
        """What was drafted stays; `If-Match` names the version that was read, which moves with every look."""
        await actions.remove(
            db, actor, clock, watch_id, lambda found: require_if_match(request, _etag(found))
        )

    @post(
        "/{watch_id:uuid}/look",
        operation_id="lookAtWatched",
        summary="Look at a watched list now",
        status_code=200,
        responses=documented(404, 409, 422),
    )
    async def look(
        self,
        watch_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        take: FromQuery[bool] = False,
    ) -> Response[WatchedList]:
        """Ask its server now, if that has not asked us to wait; the answer says what was found.

        A list that is `doubtful`, because it lost so much, is believed with `take`.
        """
        watched = await actions.claim(db, clock, watch_id)
        user_agent = agent(settings.public_url)
        async with Guard(settings.webhook_allow, settings.webhook_timeout, agent=user_agent) as guard:
            fetched = await actions.ask(watched, Fetcher(guard, clock, files=False), clock)
        setting = Setting(law=law, notice_days=settings.notice_days)
        looked = await actions.look(db, actor, clock, watched, fetched, setting, take=take)
        return Response(looked, headers={"ETag": _etag(looked)})


def _etag(watched: WatchedList) -> str:
    return etag(watched.id, watched.version)
