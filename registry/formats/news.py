"""Reading a feed that somebody else publishes: RSS, Atom or JSON Feed, its items with what they are known by."""

import json
import re
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct

from registry.errors import InvalidError

MAX_ITEMS = 1_000
TITLE_MAX = 300

_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_SPACE = re.compile(r"\s+")


class Item(Struct, frozen=True, kw_only=True):
    """One item: what it is known by for good, its title, and where it can be read."""

    id: str
    title: str
    url: str | None


def is_feed(content: bytes, media_type: str | None) -> bool:
    """Whether these bytes are a feed, by their beginning; the media type decides only between two sorts of JSON."""
    start = content[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return bool(_FEED.search(start)) and b"<html" not in start.lower()
    return start.startswith(b"{") and (
        b"jsonfeed.org/version" in start or (media_type or "").startswith("application/feed+json")
    )


def read(content: bytes) -> list[Item]:
    """The items in the order of the feed; raises `InvalidError` where it cannot be read."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _json(start) if start.startswith(b"{") else _xml(content)
    items: dict[str, Item] = {}
    for item in found:
        if len(items) >= MAX_ITEMS:
            break
        items.setdefault(item.id, item)
    return list(items.values())


def _json(content: bytes) -> Iterator[Item]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"The feed is no JSON: {error}. Look at what is published there.") from error
    entries = document.get("items") if isinstance(document, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            yield from _item(_text(entry.get("id")), _text(entry.get("title")), _text(entry.get("url")))


def _xml(content: bytes) -> Iterator[Item]:
    # Nothing outside is read, no entity is worked out, and what is huge is refused.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidError(f"The feed is no XML: {error}. Look at what is published there.") from error
    for element in root.iter("{*}item", "{*}entry"):
        link = element.find("{*}link")
        url = None if link is None else (link.get("href") or link.text)
        known = element.find("{*}guid")
        known = element.find("{*}id") if known is None else known
        title = element.find("{*}title")
        yield from _item(
            "" if known is None else _text(known.text),
            "" if title is None else _text("".join(title.itertext())),
            _text(url),
        )


def _item(known: str, title: str, url: str) -> Iterator[Item]:
    key = known or url or title
    if key:
        yield Item(id=key[:2_000], title=title[:TITLE_MAX] or key[:TITLE_MAX], url=url[:2_000] or None)


def _text(value: object) -> str:
    return _SPACE.sub(" ", str(value)).strip() if isinstance(value, (str, int)) else ""
