"""Answers that are made already: sent from memory, before the framework is asked.

A feed is fetched far more often than it changes. So its answer is kept whole, bytes and headers, and sent again
while the head of the register is believed unchanged: at most a second without asking, and not a moment longer
once this process itself has written.
"""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from time import monotonic
from typing import Any

from litestar import Response
from litestar.types import HTTPScope, Receive, Scope, Send
from msgspec import Struct

from registry.web.conditional import KEPT_ON_304, matches_none_match

Headers = list[tuple[bytes, bytes]]

BELIEVED = 1.0
"""Seconds for which the register is believed to be as it was read last."""

AHEAD = 0.5
"""Seconds after which one asker is sent to read it again, while the others are answered from memory still.

Else all who ask at the end of a second go the ordinary way together, each for the same reading.
"""

MOST_ANSWERS = 500
MOST_BYTES = 32_000_000
"""What is kept at most: filters are chosen by whoever asks, so there is no end to them."""

PERSON = b"document"
"""What browsers say in ``Sec-Fetch-Dest`` when a person opens an address, and feed readers never."""

PAGE = b"text/html"
DECIDING = frozenset({b"if-none-match", b"if-modified-since", b"authorization", b"sec-fetch-dest", b"accept"})
"""The headers of a request that decide how it is answered."""

FEEDS = frozenset(
    {
        "*/*",
        "application/*",
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "text/*",
        "text/calendar",
    }
)
"""What is asked for where a feed or a calendar is meant, or anything."""

COMPLETE = "complete"
"""Marks in a request's state that its answer has all its headers."""


Parts = tuple[Any, Any]
"""The start of an answer and its body, as ASGI messages."""


def _parts(status: int, headers: Headers, body: bytes) -> Parts:
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": body, "more_body": False},
    )


class Ready:
    """One answer: its bytes, every header of it, and what a reader that has it already sends.

    Without a body it is good for those who have it, and stands in for the whole answer until somebody has not.
    """

    __slots__ = ("_bare", "_body", "_dated", "_modified", "_same", "_tag", "_whole")

    def __init__(
        self, headers: Headers, body: bytes | None, *, tag: str, modified: datetime | None = None
    ) -> None:
        """Complete the headers; ``modified`` may be yet to come, and is compared as it is."""
        self._body = body
        self._tag = tag.encode()
        self._modified = modified
        dates = [value for name, value in headers if name == b"last-modified"]
        # Sent back as it was, a date is recognised without being read.
        self._dated = dates[0] if dates and modified == _moment(dates[0]) else None
        complete = [*headers, (b"etag", self._tag)]
        kept = [pair for pair in complete if pair[0] in KEPT_ON_304]
        if body is not None:
            complete.append((b"content-length", str(len(body)).encode()))
        # What is sent is made once, and never altered.
        self._whole = _parts(200, complete, body or b"")
        self._bare = _parts(200, complete, b"")
        self._same = _parts(304, kept, b"")

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return len(self._body or b"")

    def answers(self, scope: Scope) -> bool:
        """Whether it can answer a request: it is whole, or the asker has it."""
        return self._body is not None or self._is_had(scope)

    async def sent(self, scope: HTTPScope, send: Send) -> bool:
        """Answer at once, unless it is a request that only the ordinary way can answer."""
        tags: bytes | None = None
        since: bytes | None = None
        for name, value in scope["headers"]:
            if name in DECIDING:
                if name == b"if-none-match":
                    tags = value if tags is None else tags + b", " + value
                elif name == b"if-modified-since":
                    since = value
                elif name == b"accept":
                    if PAGE in value and prefers_page(value):
                        return False
                elif name == b"authorization" or value == PERSON:
                    return False
        if self._has(tags, since):
            start, body = self._same
        elif self._body is None:
            return False
        else:
            start, body = self._bare if scope["method"] == "HEAD" else self._whole
        await send(start)
        await send(body)
        return True

    async def answer(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer what came the ordinary way, as an ASGI app; no header is added to it on its way out."""
        scope["state"][COMPLETE] = True
        start, body = self._same if self._is_had(scope) else self._whole
        await send(start | {})
        await send(body | {})

    def _is_had(self, scope: Scope) -> bool:
        given: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            given.setdefault(name, []).append(value)
        tags, since = given.get(b"if-none-match"), given.get(b"if-modified-since")
        return self._has(b", ".join(tags) if tags else None, since[-1] if since else None)

    def _has(self, tags: bytes | None, since: bytes | None) -> bool:
        """Whether the asker has this; the tag decides where there is one (RFC 9110 13.2.2)."""
        if tags is not None:
            return tags == self._tag or matches_none_match(tags.decode("latin-1"), self._tag.decode())
        if since is None or self._modified is None:
            return False
        if since == self._dated:
            return True
        moment = _moment(since)
        return moment is not None and self._modified <= moment


class Seen(Struct, frozen=True):
    """When somebody began to read the register, and after how many writes of this process."""

    at: float
    writes: int


class Shelf:
    """The answers of one process that are ready, all as of one edition of the register."""

    def __init__(self) -> None:
        self._writes = 0
        self._seen_at = float("-inf")
        self._sent_ahead_at = float("-inf")
        self._edition: object = None
        self._answers: dict[tuple[str, bytes], Ready] = {}
        self._size = 0

    def find(self, path: str, query: bytes) -> Ready | None:
        """The answer at this address, while the register is believed to be as it was; None for who reads ahead."""
        now = monotonic()
        age = now - self._seen_at
        if age >= BELIEVED:
            return None
        found = self._answers.get((path, query))
        if age >= AHEAD and found is not None and now - self._sent_ahead_at >= AHEAD:
            self._sent_ahead_at = now
            return None
        return found

    def look(self) -> Seen:
        """Say before the register is read that it will be."""
        return Seen(monotonic(), self._writes)

    def believe(self, seen: Seen, edition: object) -> None:
        """Take the register for what was read of it; answers as of another edition are dropped."""
        if seen.writes != self._writes or seen.at < self._seen_at:
            return
        if edition != self._edition:
            self._drop()
            self._edition = edition
        self._seen_at = seen.at

    def known(self, edition: object, path: str, query: bytes) -> Ready | None:
        """The answer at this address if it is as of this edition, believed or just read."""
        return self._answers.get((path, query)) if edition == self._edition else None

    def keep(self, edition: object, path: str, query: bytes, answer: Ready) -> None:
        """Have an answer ready; everything is dropped before it becomes too much."""
        if edition != self._edition:
            return
        if len(self._answers) >= MOST_ANSWERS or self._size + answer.size > MOST_BYTES:
            self._drop()
        if answer.size <= MOST_BYTES:
            self._answers[path, query] = answer
            self._size += answer.size

    def forget(self) -> None:
        """Believe nothing read before: this process has just written."""
        self._writes += 1
        self._seen_at = float("-inf")

    def _drop(self) -> None:
        self._answers.clear()
        self._size = 0


class Made(Response[bytes]):
    """What a handler returns for an answer that is ready."""

    def __init__(self, ready: Ready) -> None:  # It has none of what the framework's own begins with.
        self.ready = ready

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        """What Litestar calls for what is sent: an ASGI app is all that it needs."""
        return self.ready.answer


def prefers_page(accept: bytes) -> bool:
    """Whether who sends this ``Accept`` would rather have HTML than whatever else could be meant.

    Browsers name HTML first and the rest by wildcard at less (RFC 9110 12.5.1); over plain HTTP they send no
    ``Sec-Fetch-Dest``. Feed readers name types of feeds, or take anything alike.
    """
    page, other = 0.0, 0.0
    for part in accept.decode("latin-1").lower().split(","):
        kind, *parameters = (each.strip() for each in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        if kind == PAGE.decode():
            page = max(page, weight)
        elif kind in FEEDS:
            other = max(other, weight)
    return page > other


def dated(moment: datetime) -> bytes:
    """Write a moment as HTTP dates are."""
    return format_datetime(moment.astimezone(UTC), usegmt=True).encode()


def _moment(text: bytes) -> datetime | None:
    """Read an HTTP date; one that cannot be read is as good as none (RFC 9110 13.1.3)."""
    try:
        moment = parsedate_to_datetime(text.decode("latin-1"))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
