"""The feed of published changes: whether the asker has it already is decided before it is built."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version

from litestar import Controller, Response, get

from feeds import rss
from registry.database import Connection
from registry.routes.dependencies import AnyRequest, Database, TheSettings
from registry.rules import news
from registry.rules.views import public_view
from registry.settings import Settings
from registry.store import changes, head, register
from registry.store.register import Register
from registry.web.conditional import etag, is_fresh

NEWEST = 200
"""How many changes the feed holds; older ones stand in `/v1/changes`."""

# Readers need not come more often than every quarter of an hour, and may show the last feed for a day
# while the server is away.
CACHE_CONTROL = "public, max-age=900, stale-if-error=86400"


class FeedController(Controller):
    """News for feed readers."""

    path = "/feeds"
    tags = ("Feeds",)

    @get(
        "/changes.rss",
        operation_id="getChangesRss",
        summary="Follow the changes by RSS",
        media_type=rss.CONTENT_TYPE,
    )
    async def rss(self, request: AnyRequest, db: Database, settings: TheSettings) -> Response[bytes]:
        """The newest published changes, one item each, newest first, with what changes from what to what.

        `pubDate` is the moment of publication; the days on which a change takes effect, its kind, number and
        sub-processors stand in elements of the namespace `urn:onward:feed:1`. The same rows give the same
        bytes, and `If-None-Match` or `If-Modified-Since` is answered with 304.
        """
        register_head = await head.read(db)
        number = register_head.change_no
        published_at = await changes.last_published_at(db, number)
        of = await register.read(db)
        tag = etag("rss", version("onward"), settings.public_url, of.name, of.example, number, published_at)
        headers = {"ETag": tag, "Cache-Control": CACHE_CONTROL}
        now = request.app.state.clock.now().replace(microsecond=0)
        if register_head.feed_at is not None:
            headers["Last-Modified"] = format_datetime(
                min(register_head.feed_at, now).astimezone(UTC), usegmt=True
            )
        if _has(request, tag, register_head.feed_at):
            return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        content = await _render(db, number, settings, of)
        return Response(content, media_type=rss.CONTENT_TYPE, headers=headers)


def _has(request: AnyRequest, tag: str, modified: datetime | None) -> bool:
    """Whether the asker has this feed; the tag decides where there is one (RFC 9110 13.2.2).

    Several publications within one second have dates that are still to come; until then none is compared equal.
    """
    if "if-none-match" in request.headers:
        return is_fresh(request, tag)
    since = _moment(request.headers.get("if-modified-since", ""))
    return since is not None and modified is not None and modified <= since


def _moment(text: str) -> datetime | None:
    """Read an HTTP date; one that cannot be read is as good as none (RFC 9110 13.1.3)."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


async def _render(db: Connection, number: int, settings: Settings, of: Register) -> bytes:
    """Build the feed up to the change with this number, so that it fits its tag whatever is published since."""
    rows = await changes.published(db, after=max(0, number - NEWEST), until=number, limit=NEWEST)
    what = "Example register: changes" if of.example else "Changes"
    channel = rss.Channel(
        title=of.name,
        description=f"{what} to the sub-processors and their places, each told with the day from which it holds.",
        public_url=settings.public_url,
    )
    return rss.render(channel, (news.item(public_view(row, settings.public_url)) for row in rows))
