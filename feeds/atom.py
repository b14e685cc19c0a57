"""Atom (RFC 4287) of the published changes, written by feedgen.

As for RSS, every date comes from the caller. A published change is never altered, so an entry was updated when
it was published, or when a client's own deadline came to it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from feedgen.feed import FeedGenerator

from feeds import wording
from feeds.channel import MEDIA_TYPES, Channel, Form, last_updated, newest_first
from feeds.elements import ChannelElements, ItemElements
from feeds.news import Item
from feeds.xml import clean

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
"""Atom wants a date of a feed in which nothing has been published; none that is real would be true."""


def render(channel: Channel, items: Iterable[Item]) -> bytes:
    """Write the feed, newest change first.

    Raises ``ValueError`` where ``public_url`` is not an http or https address.
    """
    told = newest_first(list(items))
    feed = FeedGenerator()
    feed.register_extension("onward", ChannelElements, ItemElements, atom=True, rss=False)
    feed.onward.channel = channel
    feed.id(channel.followed)
    feed.title(clean(channel.title))
    feed.subtitle(clean(channel.description))
    feed.author(name=clean(channel.owner))
    feed.language("en-GB")
    feed.generator("Onward")
    feed.updated(last_updated(told) or BEFORE_ALL)
    feed.link(href=channel.address(channel.path), rel="self", type=MEDIA_TYPES[Form.ATOM])
    feed.link(href=channel.address(channel.home), rel="alternate", type="text/html")
    for relation, path in (("prev-archive", channel.previous), ("current", channel.current)):
        if path is not None:
            feed.link(href=channel.address(path), rel=relation, type=MEDIA_TYPES[Form.ATOM])
    for item in told:
        entry = feed.add_entry(order="append")
        entry.id(item.id.urn)
        entry.title(clean(wording.title(item)))
        entry.link(href=channel.link(item), rel="alternate", type="text/html")
        entry.content(clean(wording.html(item)), type="html")
        entry.published(item.published_at)
        entry.updated(item.updated_at)
        entry.category(term=item.kind.value, label=wording.kind(item.kind))
        entry.onward.item = item
    written: bytes = feed.atom_str(pretty=True)
    return written
