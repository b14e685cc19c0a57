"""HTTP for imports: a published list in, a report row by row out."""

import asyncio
import logging
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from registry.actions import imports as actions
from registry.clock import Clock
from registry.database import Pool
from registry.errors import RegistryError
from registry.resources.actors import Actor
from registry.resources.imports import ImportReport, ImportRequest, ImportRun
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.settings import Settings
from registry.store import import_runs as store
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented
from registry.web.rights import PUBLISHERS

log = logging.getLogger(__name__)

ANOTHER_CONNECTION = 10
"""Seconds. An import needs two connections; where so many run that the second is not to be had, it is refused."""

_running: set["asyncio.Task[None]"] = set()
"""The event loop itself keeps no task alive."""


class ImportController(Controller):
    """Take over lists as companies publish them."""

    path = "/v1/imports"
    tags = ("Imports",)

    @post(
        operation_id="importList",
        summary="Import a published list, or try it",
        status_code=200,
        responses=documented(409, 422, 503),
        opt={"accepted": ImportRun},
    )
    async def take(
        self,
        request: AnyRequest,
        data: JSONBody[ImportRequest],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
    ) -> Response[ImportReport]:
        """A dry run unless `commit` is true; all or nothing; the same list a second time changes nothing.

        Under procurement the changes are drafts for a second person; what an open draft says already is not
        drafted again. Under privacy and admin they are published at once, by one person alone: the journal
        has each as `published_alone`. What blocks stops the import, unless `accept` names the check with a
        reason; what is accepted stays on the attention list.

        With `Prefer: respond-async` the answer comes at once, and `Location` tells how far the import is.
        """
        setting = actions.Setting(
            law=law, notice_days=settings.notice_days, publishes=actor.role in PUBLISHERS
        )
        pool: Pool = request.app.state.pool
        if "respond-async" in request.headers.get("prefer", "").casefold():
            return await _later(request, db, pool, actor, clock, settings, data, setting)

        async def effect() -> Response[ImportReport]:
            async with pool.acquire(timeout=ANOTHER_CONNECTION) as beside:
                report = await actions.run(db, beside, actor, clock, data, setting)
            return Response(report, headers={"Location": _address(settings, report.id)})

        # A dry run makes nothing, so a repeat of it just tries again.
        return await once(request, db, clock, effect) if data.commit else await effect()

    @get(operation_id="listImports", summary="List the imports")
    async def list_runs(
        self,
        request: AnyRequest,
        db: Database,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[ImportRun]]:
        """The newest first, dry runs too, without their reports."""
        begin = position(cursor, UUID)
        runs = await store.page(db, before=begin.after if begin else None, limit=limit + 1)
        shown = list(runs[:limit])
        return page(request, shown, after=shown[-1].id if len(runs) > limit else None)

    @get(
        "/{import_id:uuid}",
        operation_id="getImport",
        summary="Read how far an import is",
        responses=documented(404),
    )
    async def read(self, import_id: FromPath[UUID], db: Database) -> ImportRun:
        """While it runs, what it has examined so far; nothing of it is there before all is. Then its report."""
        return await store.get(db, import_id)


async def _later(
    request: AnyRequest,
    db: Database,
    pool: Pool,
    actor: Actor,
    clock: Clock,
    settings: Settings,
    data: ImportRequest,
    setting: actions.Setting,
) -> Response[Any]:
    """Begin the import on connections of its own, and tell where it can be followed."""
    begun: asyncio.Future[UUID] = asyncio.get_running_loop().create_future()

    async def work() -> None:
        try:
            async with (
                pool.acquire(timeout=ANOTHER_CONNECTION) as main,
                pool.acquire(timeout=ANOTHER_CONNECTION) as beside,
            ):
                await actions.run(main, beside, actor, clock, data, setting, begun=begun.set_result)
            # As after a request that writes: what it published is in the feeds at once.
            request.app.state.shelf.forget()
        except RegistryError:
            pass  # The record of the import has it.
        except Exception as error:
            if begun.done():
                log.exception("An import broke off; nothing of it was written.")
            else:
                begun.set_exception(error)

    async def effect() -> Response[Any]:
        task = asyncio.create_task(work())
        _running.add(task)
        task.add_done_callback(_running.discard)
        run_id = await begun
        return Response(
            await store.get(db, run_id),
            status_code=202,
            headers={"Location": _address(settings, run_id), "Preference-Applied": "respond-async"},
        )

    return await once(request, db, clock, effect)


def _address(settings: Settings, run_id: UUID) -> str:
    return f"{settings.public_url}/v1/imports/{run_id}"
