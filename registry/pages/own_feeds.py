"""`/feeds/clients/{token}/`: a client's own feeds and calendar, known by their address alone."""

from importlib.metadata import version
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from feeds import calendar
from feeds.atom import BEFORE_ALL
from feeds.channel import MEDIA_TYPES, Channel, Form
from feeds.json_feed import JsonFeed
from registry.actions import own_feeds as actions
from registry.database import Connection
from registry.pages.feeds import NEWEST, RENDER
from registry.pages.rendering import Site
from registry.pages.serving import is_person, private_headers
from registry.resources.notices import StoredNotice
from registry.routes.dependencies import AnyRequest, Database
from registry.rules import own_news
from registry.store import head, register
from registry.web.conditional import etag
from registry.web.problems import documented
from registry.web.ready import Made, Ready

NOT_FOUND = documented(404)
KEPT_FOR_PEOPLE = frozenset({b"cache-control", b"vary", b"x-robots-tag"})


class OwnFeedController(Controller):
    """What only one client reads."""

    path = "/feeds/clients/{token:str}"
    tags = ("Feeds",)

    @get(
        "/changes.rss",
        operation_id="getOwnChangesRss",
        summary="Follow a client's notices by RSS",
        media_type=MEDIA_TYPES[Form.RSS],
        responses=NOT_FOUND,
    )
    async def rss(self, request: AnyRequest, db: Database, token: FromPath[str]) -> Response[bytes]:
        """The newest notices of the client whose subscription has the token: what each change means for it.

        The last day to object stands in the text, and in `objection_until` of the namespace `urn:onward:feed:1`.
        The address is all that is asked for, so it is to be kept secret; another token ends it at once.
        """
        return await _feed(request, db, token, Form.RSS)

    @get(
        "/changes.atom",
        operation_id="getOwnChangesAtom",
        summary="Follow a client's notices by Atom",
        media_type=MEDIA_TYPES[Form.ATOM],
        responses=NOT_FOUND,
    )
    async def atom(self, request: AnyRequest, db: Database, token: FromPath[str]) -> Response[bytes]:
        """As a client's notices by RSS, in Atom."""
        return await _feed(request, db, token, Form.ATOM)

    @get(
        "/changes.json",
        operation_id="getOwnChangesJsonFeed",
        summary="Follow a client's notices by JSON Feed",
        media_type=MEDIA_TYPES[Form.JSON],
        responses=NOT_FOUND,
    )
    async def json(self, request: AnyRequest, db: Database, token: FromPath[str]) -> Response[JsonFeed]:
        """As a client's notices by RSS, in JSON Feed 1.1."""
        return await _feed(request, db, token, Form.JSON)

    @get(
        "/deadlines.ics",
        operation_id="getOwnDeadlines",
        summary="Subscribe to a client's deadlines",
        media_type=calendar.MEDIA_TYPE,
        responses=NOT_FOUND,
    )
    async def deadlines(self, request: AnyRequest, db: Database, token: FromPath[str]) -> Response[bytes]:
        """The days on which the client's changes take effect, and its last days to object, as a calendar."""
        return await _calendar(request, db, token)


async def _told(request: AnyRequest, db: Connection, token: str) -> tuple[actions.Told, str]:
    """The notices, and a tag of all that is told of them."""
    state = request.app.state
    subscription, client_id = await actions.find(db, token)
    told = await actions.newest(
        db, state.scopes, subscription, client_id, public_url=state.settings.public_url, limit=NEWEST
    )
    of = await register.read(db)
    tag = etag(
        version("onward"),
        request.scope["path"],
        state.settings.public_url,
        of.name,
        of.example,
        subscription.id,
        subscription.version,
        [_state(notice) for _, notice in told],
    )
    return told, tag


def _state(notice: StoredNotice) -> tuple[object, ...]:
    return notice.change_id, notice.given_at, notice.objection_until, notice.withdrawn_by


async def _feed(request: AnyRequest, db: Connection, token: str, form: Form) -> Response[Any]:
    """The feed, or a page where a person opens it: the address itself is what is to be kept."""
    settings = request.app.state.settings
    told, tag = await _told(request, db, token)
    headers = private_headers(MEDIA_TYPES[form], settings.feed_max_age)
    same = Ready(headers, None, tag=tag)
    if same.answers(request.scope) and not is_person(request):
        return Made(same)
    of = await register.read(db)
    items = [own_news.item(change, notice) for change, notice in told]
    if is_person(request):
        page = Site(settings, of).page("own_feed.html", items=items)
        page.headers.update(
            {name.decode(): value.decode() for name, value in headers if name in KEPT_FOR_PEOPLE}
        )
        return page
    channel = Channel(
        title=f"{of.name} (notices to you)",
        owner=of.name,
        description="Notices of changes to the sub-processors that work for you, with the last day to object to each.",
        public_url=settings.public_url,
        path=request.scope["path"],
    )
    return Made(Ready(headers, RENDER[form](channel, items), tag=tag))


async def _calendar(request: AnyRequest, db: Connection, token: str) -> Response[bytes]:
    state = request.app.state
    told, tag = await _told(request, db, token)
    at, of = await head.read(db), await register.read(db)
    today = state.clock.today()
    tag = etag(tag, at.change_no, at.feed_at, today, state.law.edition)
    headers = private_headers(calendar.MEDIA_TYPE, state.settings.feed_max_age)
    same = Ready(headers, None, tag=tag)
    if same.answers(request.scope):
        return Made(same)
    public_url: str = state.settings.public_url
    events = await actions.days(
        db, told, today=today, law=state.law, public_url=public_url, told_at=at.feed_at or BEFORE_ALL
    )
    of_client = calendar.Calendar(
        name=f"{of.name}: your deadlines",
        description="Days on which changes that touch you take effect, and your last days to object to them.",
        address=public_url + request.scope["path"],
        minutes=state.settings.feed_max_age // 60,
    )
    return Made(Ready(headers, calendar.render(of_client, events), tag=tag))
