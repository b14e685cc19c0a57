"""JSON Feed 1.1 of the published changes.

The facts behind the words stand in ``_onward`` of each item, under the names that they have in RSS and Atom.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import msgspec
from msgspec import Struct

from feeds import wording
from feeds.channel import Channel, newest_first
from feeds.news import Item, Kind, Part
from feeds.xml import clean

VERSION = "https://jsonfeed.org/version/1.1"


class JsonFeedAuthor(Struct, frozen=True, kw_only=True):
    """Whose register it is."""

    name: str


class JsonFeedPart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happens to one sub-processor; a withdrawal has no effective day."""

    sub_processor: str
    operation: str
    sub_processor_id: str | None = None
    previously_on: date | None = None
    effective_on: date | None = None


class JsonFeedFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The extension of an item."""

    number: int
    kind: str
    parts: tuple[JsonFeedPart, ...]
    about: str | None = None
    objection_until: date | None = None
    effective_on: date | None = None


class JsonFeedItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item of JSON Feed."""

    id: str
    url: str
    title: str
    content_html: str
    date_published: datetime
    tags: tuple[str, ...]
    date_modified: datetime | None = None
    facts: JsonFeedFacts = msgspec.field(name="_onward")


class JsonFeed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A document of JSON Feed; ``next_url`` has the items before."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    description: str
    authors: tuple[JsonFeedAuthor, ...]
    language: str
    items: tuple[JsonFeedItem, ...]
    next_url: str | None = None


_encode = msgspec.json.Encoder().encode


def render(channel: Channel, items: Iterable[Item]) -> bytes:
    """Write the feed, newest change first.

    Raises ``ValueError`` where ``public_url`` is not an http or https address.
    """
    document = JsonFeed(
        version=VERSION,
        title=clean(channel.title),
        home_page_url=channel.address(channel.home),
        feed_url=channel.address(channel.path),
        description=clean(channel.description),
        authors=(JsonFeedAuthor(name=clean(channel.owner)),),
        language="en-GB",
        items=tuple(_entry(channel, item) for item in newest_first(list(items))),
        next_url=None if channel.previous is None else channel.address(channel.previous),
    )
    return msgspec.json.format(_encode(document), indent=2) + b"\n"


def _entry(channel: Channel, item: Item) -> JsonFeedItem:
    return JsonFeedItem(
        id=item.id.urn,
        url=channel.link(item),
        title=clean(wording.title(item)),
        content_html=clean(wording.html(item)),
        date_published=item.published_at.astimezone(UTC),
        date_modified=None if item.given_at is None else item.updated_at.astimezone(UTC),
        tags=(wording.kind(item.kind),),
        facts=JsonFeedFacts(
            number=item.number,
            kind=item.kind.value,
            parts=tuple(_part(item.kind, part) for part in item.parts),
            about=item.about.id.urn if item.about else None,
            objection_until=item.objection_until,
            effective_on=_day(item.kind, min((part.effective_on for part in item.parts), default=None)),
        ),
    )


def _part(kind: Kind, part: Part) -> JsonFeedPart:
    return JsonFeedPart(
        sub_processor=clean(part.sub_processor),
        operation=part.operation.value,
        sub_processor_id=part.sub_processor_id.urn if part.sub_processor_id is not None else None,
        previously_on=part.previously_on,
        effective_on=_day(kind, part.effective_on),
    )


def _day(kind: Kind, effective_on: date | None) -> date | None:
    return None if kind is Kind.WITHDRAWAL else effective_on
