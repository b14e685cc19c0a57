"""HTTP for imports: a published list in, a report row by row out."""

from litestar import Controller, Response, post
from litestar.params import JSONBody

from registry.actions import imports as actions
from registry.resources.imports import ImportReport, ImportRequest
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.web.idempotency import once
from registry.web.problems import documented
from registry.web.rights import PUBLISHERS


class ImportController(Controller):
    """Take over lists as companies publish them."""

    path = "/v1/imports"
    tags = ("Imports",)

    @post(
        operation_id="importList",
        summary="Import a published list, or try it",
        status_code=200,
        responses=documented(409, 422),
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
        has each as `published_alone`, and every check that blocks is accepted with the reason given.
        """

        async def effect() -> Response[ImportReport]:
            setting = actions.Setting(
                law=law, notice_days=settings.notice_days, publishes=actor.role in PUBLISHERS
            )
            return Response(await actions.run(db, actor, clock, data, setting))

        return await once(request, db, clock, effect)
