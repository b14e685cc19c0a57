"""`/changes/{id}`: one published change, from what to what; what feed items link to."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath

from registry.errors import NotFoundError
from registry.pages.visits import ERROR_PAGES, begin
from registry.pages.words import identifier
from registry.routes.dependencies import AnyRequest, Database
from registry.rules import news
from registry.rules.views import public_view
from registry.store import changes, subjects
from registry.store.subjects import Subject


class ChangePageController(Controller):
    """A published change, for people."""

    include_in_schema = False
    exception_handlers = ERROR_PAGES

    @get("/changes/{change_id:str}", operation_id="getChangePage", media_type="text/html")
    async def read(self, request: AnyRequest, db: Database, change_id: FromPath[str]) -> Response[str]:
        """What changes, for whom, and from which day; a draft is as if it were not there."""
        wanted: UUID = identifier(change_id, "change")
        visit = await begin(request, db)
        row = await changes.get(db, wanted)
        if row.number is None:
            raise NotFoundError(f"There is no change {wanted} on the register.")
        if visit.is_fresh:
            return visit.not_modified()
        view = public_view(row, request.app.state.settings.public_url)
        item = news.item(view)
        concerned = [part.sub_processor_id for part in item.parts if part.sub_processor_id is not None]
        return visit.page(
            "change.html",
            item=item,
            # One that was announced and never came has no page.
            with_page=await subjects.periods(db, Subject.SUB_PROCESSOR, concerned),
            title=view.title,
            published_on=row.published_on,
            withdrawn_by=view.withdrawn_by,
        )
