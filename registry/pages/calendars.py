"""`/feeds/deadlines.ics`: the days that matter, for calendar programs."""

from importlib.metadata import version

from litestar import Controller, Response, get

from feeds import calendar
from feeds.atom import BEFORE_ALL
from registry.actions import deadlines as actions
from registry.pages.rendering import CALENDAR_PATH
from registry.pages.serving import STALE, from_shelf, headers, is_person, to_page
from registry.routes.dependencies import AnyRequest, Database
from registry.store.head import Head
from registry.store.register import Register
from registry.web.conditional import etag
from registry.web.ready import Ready

DESCRIPTION = (
    "Days on which changes to the sub-processors take effect, and on which what transfers rest on ends."
)


class CalendarController(Controller):
    """The days of everybody."""

    tags = ("Feeds",)

    @get(
        CALENDAR_PATH,
        operation_id="getDeadlines",
        summary="Subscribe to the days that matter",
        media_type=calendar.MEDIA_TYPE,
    )
    async def read(self, request: AnyRequest, db: Database) -> Response[bytes]:
        """A calendar (iCalendar, RFC 5545) of whole days, to come and of the last ninety.

        It has the days on which published changes take effect, moved by postponements and cancelled by
        withdrawals, and the last days of decisions and of cover that transfers of the list rest on.
        """
        if is_person(request):
            return to_page(request)
        state = request.app.state
        today = state.clock.today()

        async def make(at: Head, of: Register) -> Ready:
            public_url: str = state.settings.public_url
            max_age: int = state.settings.feed_max_age
            tag = etag(
                "ics",
                version("onward"),
                public_url,
                of.name,
                of.example,
                state.law.edition,
                max_age,
                today,
                at.change_no,
                at.feed_at,
            )
            # It also alters with the day and with the law, so it has no date of its own.
            complete = headers(
                calendar.MEDIA_TYPE, f"public, max-age={max_age}, {STALE}", None, state.clock.now()
            )
            unmade = Ready(complete, None, tag=tag)
            if unmade.answers(request.scope):
                return unmade
            events = await actions.public(
                db, today=today, law=state.law, public_url=public_url, told_at=at.feed_at or BEFORE_ALL
            )
            written = calendar.render(
                calendar.Calendar(
                    name=f"{of.name}: deadlines",
                    description=f"Example register. {DESCRIPTION}" if of.example else DESCRIPTION,
                    address=public_url + CALENDAR_PATH,
                    minutes=max_age // 60,
                ),
                events,
            )
            return Ready(complete, written, tag=tag)

        return await from_shelf(request, db, CALENDAR_PATH, "", make)
