"""The elements that RSS and Atom have beside their own: the facts behind the words, and the archive (RFC 5005).

Ours stand in the namespace ``urn:onward:feed:1``; a change that breaks their readers gets another number.
"""

from datetime import date
from typing import Protocol

from feedgen.util import xml_elem

from feeds.channel import Channel
from feeds.news import Item, Kind, Part
from feeds.xml import clean

NAMESPACE = "urn:onward:feed:1"
HISTORY = "http://purl.org/syndication/history/1.0"
ATOM = "http://www.w3.org/2005/Atom"


class Element(Protocol):
    """As much of an lxml element as is used here."""

    text: str | None

    def find(self, path: str) -> "Element | None": ...
    def remove(self, element: "Element") -> None: ...


class ChannelElements:
    """Feedgen's extension point for the channel; ``channel`` and ``dated`` are set by who writes the feed."""

    channel: Channel | None = None
    dated = True

    def extend_ns(self) -> dict[str, str]:
        return {"onward": NAMESPACE, "fh": HISTORY}

    def extend_rss(self, rss: Element) -> Element:
        """Take out the moment that feedgen invents where nothing is published, and add what it drops."""
        inside = rss.find("channel")
        if inside is None or self.channel is None:
            return rss
        invented = None if self.dated else inside.find("lastBuildDate")
        if invented is not None:
            inside.remove(invented)
        for relation, path in (("prev-archive", self.channel.previous), ("current", self.channel.current)):
            if path is not None:
                xml_elem(f"{{{ATOM}}}link", inside, rel=relation, href=self.channel.address(path))
        self._archive(inside)
        return rss

    def extend_atom(self, feed: Element) -> Element:
        self._archive(feed)
        return feed

    def _archive(self, inside: Element) -> None:
        if self.channel is not None and self.channel.current is not None:
            xml_elem(f"{{{HISTORY}}}archive", inside)


class ItemElements:
    """Feedgen's extension point for an item: the facts behind its words.

    An item has ``number``, ``kind``, for a change of another one ``about``, one ``part`` for each
    sub-processor with a day of its own, and the first of these days as ``effective_on``, which stands
    last, so that readers that flatten the tree take it and not that of a part. ``objection_until`` is in a
    client's own feed alone.
    """

    item: Item | None = None

    def extend_rss(self, element: Element) -> Element:
        if self.item is not None:
            _say(element, "number", str(self.item.number))
            _say(element, "kind", self.item.kind.value)
            if self.item.about:
                _say(element, "about", self.item.about.id.urn)
            if self.item.objection_until is not None:
                _say(element, "objection_until", self.item.objection_until.isoformat())
            for part in self.item.parts:
                _part(element, self.item.kind, part)
            _day(element, self.item.kind, min((p.effective_on for p in self.item.parts), default=None))
        return element

    extend_atom = extend_rss


def _part(element: Element, kind: Kind, part: Part) -> None:
    inside = xml_elem(f"{{{NAMESPACE}}}part", element)
    _say(inside, "sub_processor", part.sub_processor)
    if part.sub_processor_id is not None:
        _say(inside, "sub_processor_id", part.sub_processor_id.urn)
    _say(inside, "operation", part.operation.value)
    if part.previously_on is not None:
        _say(inside, "previously_on", part.previously_on.isoformat())
    _day(inside, kind, part.effective_on)


def _day(element: Element, kind: Kind, effective_on: date | None) -> None:
    """A withdrawal has no effective day: the day that it names is one that will not come."""
    if effective_on is not None and kind is not Kind.WITHDRAWAL:
        _say(element, "effective_on", effective_on.isoformat())


def _say(element: Element, name: str, text: str) -> None:
    xml_elem(f"{{{NAMESPACE}}}{name}", element).text = clean(text)
