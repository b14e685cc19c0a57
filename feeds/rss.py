"""RSS 2.0 of the published changes, written by feedgen.

Every date comes from the caller, since feedgen would otherwise stamp the present moment into the feed and no
ETag could hold.
"""

from collections.abc import Iterable

from feedgen.feed import FeedGenerator

from feeds import wording
from feeds.channel import MEDIA_TYPES, Channel, Form, last_updated, newest_first
from feeds.elements import ChannelElements, ItemElements
from feeds.news import Item
from feeds.xml import clean


def render(channel: Channel, items: Iterable[Item]) -> bytes:
    """Write the feed, newest change first.

    Raises ``ValueError`` where ``public_url`` is not an http or https address.
    """
    told = newest_first(list(items))
    feed = FeedGenerator()
    feed.register_extension("onward", ChannelElements, ItemElements, atom=False, rss=True)
    feed.onward.channel = channel
    feed.title(clean(channel.title))
    feed.description(clean(channel.description))
    feed.language("en-GB")
    feed.generator("Onward")
    feed.link(href=channel.address(channel.path), rel="self", type=MEDIA_TYPES[Form.RSS])
    # feedgen writes the link that it was given last as the channel's own.
    feed.link(href=channel.address(channel.home), rel="alternate")
    newest = last_updated(told)
    if newest is None:
        feed.onward.dated = False
    else:
        feed.lastBuildDate(newest)
    for item in told:
        entry = feed.add_entry(order="append")
        entry.guid(item.id.urn, permalink=False)
        entry.title(clean(wording.title(item)))
        entry.link(href=channel.link(item))
        # Readers take a description for HTML, so it is HTML in which every text is escaped.
        entry.description(clean(wording.html(item)))
        entry.pubDate(item.published_at)
        entry.category(term=item.kind.value, label=wording.kind(item.kind))
        entry.onward.item = item
    written: bytes = feed.rss_str(pretty=True)
    return written
