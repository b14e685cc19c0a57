"""What every form of the feed has in common: its name, and where it and the documents around it stand.

The feed is an archived one (RFC 5005): a document with the newest items, to be followed, and behind it pages
that never change and lead from each to the one before.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from feeds.news import Item
from feeds.xml import web_address


class Form(StrEnum):
    """The forms in which the feed is written; each value is the ending of its address."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


MEDIA_TYPES = {
    Form.RSS: "application/rss+xml",
    Form.ATOM: "application/atom+xml",
    Form.JSON: "application/feed+json",
}
NAMES = {Form.RSS: "RSS", Form.ATOM: "Atom", Form.JSON: "JSON Feed"}


class Channel(Struct, frozen=True, kw_only=True):
    """What one document of the feed is called and where it stands.

    ``owner`` is the name of the register, ``public_url`` its address without a slash at its end; everything else
    is a path below it, with its query. ``path`` is that of this document, ``home`` that of the page for people,
    ``previous`` that of the archive page before this document. ``current`` is given for an archive page: the
    document that is followed.
    """

    title: str
    owner: str
    description: str
    public_url: str
    path: str
    home: str = "/"
    previous: str | None = None
    current: str | None = None

    def address(self, path: str) -> str:
        """The whole address of a path; ``ValueError`` where ``public_url`` is not one of the web."""
        return web_address(f"{self.public_url}{path}")

    @property
    def followed(self) -> str:
        """The address of the document that is followed, which names the feed for good."""
        return self.address(self.current or self.path)

    def link(self, item: Item) -> str:
        """The page of a change."""
        return self.address(f"/changes/{item.id}")


def newest_first(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.number, reverse=True)


def last_updated(items: Sequence[Item]) -> datetime | None:
    """When an item was last published or, for a client, given: when the feed was last built."""
    return max((item.updated_at for item in items), default=None)
