"""`/` and `/list/{date}`: the published list on a day."""

from datetime import date

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from registry.actions import listing as actions
from registry.errors import NotFoundError
from registry.pages import listing
from registry.pages.events import event
from registry.pages.visits import ERROR_PAGES, begin
from registry.resources.base import Day, check_day
from registry.resources.sub_processors import Status
from registry.routes.dependencies import AnyRequest, Database
from registry.store import changes

LATEST = 10
"""How many published changes the page names; the feed has more."""


class ListController(Controller):
    """The list, for people."""

    include_in_schema = False
    exception_handlers = ERROR_PAGES

    @get("/", operation_id="getListPage", media_type="text/html")
    async def read(
        self, request: AnyRequest, db: Database, as_of: FromQuery[Day | None] = None
    ) -> Response[str]:
        """The list of today, or of another day."""
        return await _list(request, db, as_of or request.app.state.clock.today())

    @get("/list/{day:str}", operation_id="getDatedListPage", media_type="text/html")
    async def read_dated(self, request: AnyRequest, db: Database, day: FromPath[str]) -> Response[str]:
        """The list of one day, under an address to be quoted."""
        return await _list(request, db, _day(day))


def _day(text: str) -> date:
    """Read the day in a path, in the one form in which it is written."""
    try:
        day = date.fromisoformat(text)
        check_day("day", day)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise NotFoundError(f"There is no list of {text!r}; write a day such as 2026-11-24.")
    return day


async def _list(request: AnyRequest, db: Database, as_of: date) -> Response[str]:
    state = request.app.state
    today: date = state.clock.today()
    visit = await begin(request, db, as_of, today)
    if visit.is_fresh:
        return visit.not_modified()
    public_url: str = state.settings.public_url
    _, entries = await actions.everything(
        db, day=as_of, law=state.law, public_url=public_url, wanted=frozenset(Status)
    )
    return visit.page(
        "list.html",
        as_of=as_of,
        today=as_of == today,
        past=as_of < today,
        listing=listing.arrange(entries, past=as_of < today),
        latest=[event(row) for row in await changes.newest(db, LATEST)],
    )
