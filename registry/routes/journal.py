"""HTTP for the journal: every write to the register, chained by digests."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromQuery
from msgspec import Meta

from registry.actions import journal as actions
from registry.resources.journal import JournalPage
from registry.routes.dependencies import Database
from registry.web.pages import DEFAULT_LIMIT, Limit

AfterNumber = Annotated[int, Meta(ge=0, le=2**62, description="The last journal number already seen.")]


class JournalController(Controller):
    """What was written, when, and by whom."""

    path = "/v1/journal"
    tags = ("Journal",)

    @get(operation_id="readJournal", summary="Read the journal")
    async def read(
        self,
        db: Database,
        after: FromQuery[AfterNumber] = 0,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
    ) -> JournalPage:
        """Oldest first, verified link by link while it is read."""
        return await actions.page(db, after, limit)
