"""RSS 2.0 of the published changes, written by feedgen.

Every date comes from the caller, since feedgen would otherwise stamp the present moment into the feed and no
ETag could hold. Elements of our own stand in the namespace ``urn:onward:feed:1``; a change that breaks their
readers gets another number.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem
from msgspec import Struct

from feeds import wording
from feeds.news import Item, Kind, Part
from feeds.xml import clean, web_address

NAMESPACE = "urn:onward:feed:1"
CONTENT_TYPE = "application/rss+xml; charset=utf-8"


class Channel(Struct, frozen=True, kw_only=True):
    """What the feed is called and where it stands.

    ``public_url`` is the register's address without a slash at its end, ``path`` that of the feed below it.
    """

    title: str
    description: str
    public_url: str
    path: str = "/feeds/changes.rss"


class _Element(Protocol):
    """As much of an lxml element as is used here."""

    text: str | None

    def find(self, path: str) -> "_Element | None": ...
    def remove(self, element: "_Element") -> None: ...


class _ChannelElements:
    """Feedgen's extension point for the channel."""

    dated = True

    def extend_ns(self) -> dict[str, str]:
        return {"onward": NAMESPACE}

    def extend_rss(self, rss: _Element) -> _Element:
        """Take out the moment that feedgen invents for a feed in which nothing has been published."""
        channel = rss.find("channel")
        invented = None if self.dated or channel is None else channel.find("lastBuildDate")
        if channel is not None and invented is not None:
            channel.remove(invented)
        return rss


class _ItemElements:
    """Feedgen's extension point for an item: the facts behind its words.

    An item has ``number``, ``kind``, for a change of another one ``about``, one ``part`` for each
    sub-processor with a day of its own, and the first of these days as ``effective_on``, which stands
    last, so that readers that flatten the tree take it and not that of a part.
    """

    item: Item | None = None

    def extend_rss(self, element: _Element) -> _Element:
        if self.item is not None:
            _say(element, "number", str(self.item.number))
            _say(element, "kind", self.item.kind.value)
            if self.item.about:
                _say(element, "about", self.item.about.id.urn)
            for part in self.item.parts:
                _part(element, self.item.kind, part)
            _day(element, self.item.kind, min((p.effective_on for p in self.item.parts), default=None))
        return element


def render(channel: Channel, items: Iterable[Item]) -> bytes:
    """Write the feed, newest change first.

    Raises ``ValueError`` where ``public_url`` is not an http or https address.
    """
    newest_first = sorted(items, key=lambda item: item.number, reverse=True)
    feed = FeedGenerator()
    feed.register_extension("onward", _ChannelElements, _ItemElements, atom=False, rss=True)
    feed.title(clean(channel.title))
    feed.description(clean(channel.description))
    feed.language("en-GB")
    feed.generator("Onward")
    feed.link(href=web_address(channel.public_url + channel.path), rel="self", type="application/rss+xml")
    # feedgen writes the link that it was given last as the channel's own.
    feed.link(href=web_address(f"{channel.public_url}/"), rel="alternate")
    newest = last_published(newest_first)
    if newest is None:
        feed.onward.dated = False
    else:
        feed.lastBuildDate(newest)
    for item in newest_first:
        entry = feed.add_entry(order="append")
        entry.guid(item.id.urn, permalink=False)
        entry.title(clean(wording.title(item)))
        entry.link(href=link(channel.public_url, item))
        # Readers take a description for HTML, so it is HTML in which every text is escaped.
        entry.description(clean(wording.html(item)))
        entry.pubDate(item.published_at)
        entry.category(term=item.kind.value, label=wording.kind(item.kind))
        entry.onward.item = item
    written: bytes = feed.rss_str(pretty=True)
    return written


def last_published(items: Sequence[Item]) -> datetime | None:
    """The moment of the newest publication, which is when the feed was last built."""
    return max((item.published_at for item in items), default=None)


def link(public_url: str, item: Item) -> str:
    """The page of a change."""
    return web_address(f"{public_url}/changes/{item.id}")


def _part(element: _Element, kind: Kind, part: Part) -> None:
    inside = xml_elem(f"{{{NAMESPACE}}}part", element)
    _say(inside, "sub_processor", part.sub_processor)
    if part.sub_processor_id is not None:
        _say(inside, "sub_processor_id", part.sub_processor_id.urn)
    _say(inside, "operation", part.operation.value)
    if part.previously_on is not None:
        _say(inside, "previously_on", part.previously_on.isoformat())
    _day(inside, kind, part.effective_on)


def _day(element: _Element, kind: Kind, effective_on: date | None) -> None:
    """A withdrawal has no effective day: the day that it names is one that will not come."""
    if effective_on is not None and kind is not Kind.WITHDRAWAL:
        _say(element, "effective_on", effective_on.isoformat())


def _say(element: _Element, name: str, text: str) -> None:
    xml_elem(f"{{{NAMESPACE}}}{name}", element).text = clean(text)
