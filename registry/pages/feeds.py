"""The feeds of published changes, one address for each form, with an archive that never alters (RFC 5005).

Whether the asker has a feed already is decided before it is built, and what was built is kept ready on the shelf.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.datastructures import State
from litestar.params import FromPath
from msgspec import Struct

from feeds import atom, json_feed, rss
from feeds.channel import MEDIA_TYPES, Channel, Form
from feeds.json_feed import JsonFeed
from registry.actions import news as actions
from registry.database import Connection
from registry.errors import NotFoundError
from registry.pages.filters import PROVIDERS, Wanted, described, query
from registry.pages.serving import STALE, from_shelf, headers, is_person, to_page
from registry.resources.filters import Filter
from registry.resources.stored import ChangeRow
from registry.routes.dependencies import AnyRequest, Database
from registry.rules import news
from registry.rules.views import public_view
from registry.store import changes
from registry.store.head import Head
from registry.store.register import Register
from registry.web.conditional import etag
from registry.web.problems import documented
from registry.web.ready import Ready

NEWEST = 200
"""How many changes a feed holds that is followed."""

PAGE = 100
"""How many numbers an archive page spans. It is complete, and so fixed, once the last of them is published."""

RENDER = {Form.RSS: rss.render, Form.ATOM: atom.render, Form.JSON: json_feed.render}

# A month: an archive page would be the same for ever, but not every mistake should be.
ARCHIVE_CACHE_CONTROL = "public, max-age=2592000, immutable"


class Place(Struct, frozen=True):
    """Where a feed stands: its form, what it is about, and its page of the archive, if it is one."""

    form: Form
    wanted: Filter
    page: int | None = None

    @property
    def path(self) -> str:
        """The path of this document."""
        return archive_path(self.form, self.page) if self.page is not None else feed_path(self.form)


def feed_path(form: Form) -> str:
    """The path of the feed that is followed."""
    return f"/feeds/changes.{form}"


def archive_path(form: Form, page: int) -> str:
    """The path of one page of the archive."""
    return f"/feeds/archive/{page}/changes.{form}"


class FeedController(Controller):
    """News for feed readers."""

    path = "/feeds"
    tags = ("Feeds",)
    dependencies = PROVIDERS

    @get(
        "/changes.rss",
        operation_id="getChangesRss",
        summary="Follow the changes by RSS",
        media_type=MEDIA_TYPES[Form.RSS],
    )
    async def rss(self, request: AnyRequest, db: Database, wanted: Wanted) -> Response[bytes]:
        """The newest published changes, one item each, newest first, with what changes from what to what.

        `pubDate` is the moment of publication; the days on which a change takes effect, its kind, number and
        sub-processors stand in elements of the namespace `urn:onward:feed:1`. The same rows give the same
        bytes, and `If-None-Match` or `If-Modified-Since` is answered with 304. Older changes stand in the
        archive that `rel="prev-archive"` leads to (RFC 5005). A browser is sent to the page for people.
        """
        return await _answer(request, db, Place(Form.RSS, wanted))

    @get(
        "/changes.atom",
        operation_id="getChangesAtom",
        summary="Follow the changes by Atom",
        media_type=MEDIA_TYPES[Form.ATOM],
    )
    async def atom(self, request: AnyRequest, db: Database, wanted: Wanted) -> Response[bytes]:
        """As the RSS feed, in Atom (RFC 4287)."""
        return await _answer(request, db, Place(Form.ATOM, wanted))

    @get(
        "/changes.json",
        operation_id="getChangesJsonFeed",
        summary="Follow the changes by JSON Feed",
        media_type=MEDIA_TYPES[Form.JSON],
    )
    async def json(self, request: AnyRequest, db: Database, wanted: Wanted) -> Response[JsonFeed]:
        """As the RSS feed, in JSON Feed 1.1; the facts stand in `_onward`, and `next_url` leads to older changes."""
        return await _answer(request, db, Place(Form.JSON, wanted))

    @get(
        "/archive/{page:int}/changes.rss",
        operation_id="getArchivedChangesRss",
        summary="Read a page of the archive by RSS",
        media_type=MEDIA_TYPES[Form.RSS],
        responses=documented(404),
    )
    async def archived_rss(
        self, request: AnyRequest, db: Database, page: FromPath[int], wanted: Wanted
    ) -> Response[bytes]:
        """The changes with a hundred numbers in a row; once it is there it never alters."""
        return await _answer(request, db, Place(Form.RSS, wanted, page))

    @get(
        "/archive/{page:int}/changes.atom",
        operation_id="getArchivedChangesAtom",
        summary="Read a page of the archive by Atom",
        media_type=MEDIA_TYPES[Form.ATOM],
        responses=documented(404),
    )
    async def archived_atom(
        self, request: AnyRequest, db: Database, page: FromPath[int], wanted: Wanted
    ) -> Response[bytes]:
        """As a page of the archive by RSS, in Atom."""
        return await _answer(request, db, Place(Form.ATOM, wanted, page))

    @get(
        "/archive/{page:int}/changes.json",
        operation_id="getArchivedChangesJsonFeed",
        summary="Read a page of the archive by JSON Feed",
        media_type=MEDIA_TYPES[Form.JSON],
        responses=documented(404),
    )
    async def archived_json(
        self, request: AnyRequest, db: Database, page: FromPath[int], wanted: Wanted
    ) -> Response[JsonFeed]:
        """As a page of the archive by RSS, in JSON Feed 1.1."""
        return await _answer(request, db, Place(Form.JSON, wanted, page))


async def _answer(request: AnyRequest, db: Connection, place: Place) -> Response[Any]:
    if request.scope["path"] != place.path:
        raise NotFoundError(
            f"There is no page of the archive at this address; {place.path} is how it is written."
        )
    if is_person(request):
        return to_page(request, query(place.wanted))

    async def make(at: Head, of: Register) -> Ready:
        return await _made(request, db, place, at, of)

    return await from_shelf(request, db, place.path, urlencode(place.wanted.query), make)


async def _made(request: AnyRequest, db: Connection, place: Place, at: Head, of: Register) -> Ready:
    """The answer, with its bytes only where the asker does not have them."""
    state = request.app.state
    max_age: int = state.settings.feed_max_age
    if place.page is None:
        cache_control = f"public, max-age={max_age}, {STALE}"
        published_at = await changes.last_published_at(db, at.change_no)
        depends: tuple[object, ...] = (at.change_no, published_at)
        modified = at.feed_at
    else:
        if not 1 <= place.page <= at.change_no // PAGE:
            raise NotFoundError(
                f"There is no page {place.page} of the archive: page n holds the changes {PAGE}(n - 1) + 1 to"
                f" {PAGE}n once all are published. The newest are at {feed_path(place.form)}."
            )
        cache_control = ARCHIVE_CACHE_CONTROL
        modified = await changes.last_published_at(db, place.page * PAGE)
        modified = modified and modified.replace(microsecond=0)
        depends = (place.page, modified)
    tag = etag(
        place.form,
        version("onward"),
        state.settings.public_url,
        of.name,
        of.example,
        state.law.edition if place.wanted.countries else None,
        place.wanted.query,
        *depends,
    )
    complete = headers(MEDIA_TYPES[place.form], cache_control, modified, state.clock.now())
    unmade = Ready(complete, None, tag=tag, modified=modified)
    if unmade.answers(request.scope):
        return unmade
    return Ready(complete, await _render(state, db, place, at, of), tag=tag, modified=modified)


async def _render(state: State, db: Connection, place: Place, at: Head, of: Register) -> bytes:
    """Build the document up to the number of its tag, so that it fits that whatever is published since."""
    scopes: actions.Scopes = state.scopes
    if place.page is None:
        rows: Sequence[ChangeRow]
        rows, oldest = await actions.newest(db, scopes, place.wanted, until=at.change_no, limit=NEWEST)
        previous = (oldest - 2) // PAGE + 1
    else:
        last = place.page * PAGE
        rows = await actions.between(db, scopes, place.wanted, first=last - PAGE + 1, last=last)
        previous = place.page - 1
    ending = query(place.wanted)
    what = "Example register: changes" if of.example else "Changes"
    about = described(place.wanted)
    channel = Channel(
        title=f"{of.name} ({about})" if about else of.name,
        owner=of.name,
        description=f"{what} to the sub-processors and their places, each told with the day from which it holds.",
        public_url=state.settings.public_url,
        path=place.path + ending,
        home=f"/feeds{ending}",
        previous=archive_path(place.form, previous) + ending if previous >= 1 else None,
        current=feed_path(place.form) + ending if place.page is not None else None,
    )
    told = [news.item(public_view(row, state.settings.public_url)) for row in rows]
    return RENDER[place.form](channel, told)
