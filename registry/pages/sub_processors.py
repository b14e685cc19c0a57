"""`/sub-processors/{id}`: one sub-processor on a day, with what was published about it."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from registry.actions import history, listing
from registry.pages.events import event
from registry.pages.visits import ERROR_PAGES, begin
from registry.pages.words import identifier
from registry.resources.base import Day
from registry.routes.dependencies import AnyRequest, Database


class SubProcessorPageController(Controller):
    """A sub-processor, for people."""

    include_in_schema = False
    exception_handlers = ERROR_PAGES

    @get("/sub-processors/{sub_processor_id:str}", operation_id="getSubProcessorPage", media_type="text/html")
    async def read(
        self,
        request: AnyRequest,
        db: Database,
        sub_processor_id: FromPath[str],
        as_of: FromQuery[Day | None] = None,
    ) -> Response[str]:
        """What it does for us on a day, where, and on which ground data goes there."""
        state = request.app.state
        wanted: UUID = identifier(sub_processor_id, "sub-processor")
        day: date = as_of or state.clock.today()
        visit = await begin(request, db, day)
        if visit.is_fresh:
            return visit.not_modified()
        _, entity = await listing.one(
            db, wanted, day=day, law=state.law, public_url=state.settings.public_url
        )
        return visit.page(
            "sub_processor.html",
            as_of=day,
            entity=entity,
            changes=[event(row) for row in await history.of_sub_processor(db, wanted)],
        )
