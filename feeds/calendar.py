"""A calendar of days that matter (RFC 5545, with the names of RFC 7986), for programs that subscribe to one.

There is no METHOD: it would make every event a scheduling message, which needs an organiser (RFC 5546 3.2.1).
Every moment comes from the caller.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from feeds.xml import clean, web_address

MEDIA_TYPE = "text/calendar"
OCTETS = 75
"""How long a line may be, its end not counted (RFC 5545 3.1)."""

# Without any event a calendar would have no component, which RFC 5545 3.6 does not allow.
_PLACEHOLDER = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_DELETE = "\x7f"


class Event(Struct, frozen=True, kw_only=True):
    """A whole day. ``told_at`` is when it was last said, ``sequence`` how often it was said otherwise since.

    ``id`` stays through all of that, so that a calendar moves an event instead of adding another.
    """

    id: UUID
    day: date
    title: str
    text: str
    category: str
    told_at: datetime
    url: str | None = None
    sequence: int = 0
    cancelled: bool = False


class Calendar(Struct, frozen=True, kw_only=True):
    """What the calendar is called, where it is, and after how many minutes a program may ask again."""

    name: str
    description: str
    address: str
    minutes: int


def render(calendar: Calendar, events: Iterable[Event]) -> bytes:
    """Write the calendar, in the order of the days; ``ValueError`` for an address that is not of the web."""
    ordered = sorted(events, key=lambda event: (event.day, event.title, event.id))
    interval = f"PT{max(1, calendar.minutes)}M"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Onward//Register of sub-processors//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(calendar.name)}",
        f"X-WR-CALNAME:{_text(calendar.name)}",
        f"DESCRIPTION:{_text(calendar.description)}",
        f"X-WR-CALDESC:{_text(calendar.description)}",
        f"SOURCE;VALUE=URI:{web_address(calendar.address)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{interval}",
        f"X-PUBLISHED-TTL:{interval}",
        *(line for event in ordered for line in _event(event)),
        *(() if ordered else _PLACEHOLDER),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id.urn}"
    yield f"DTSTAMP:{event.told_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_day(event.day)}"
    # The day after: the end of a span of days is not in it.
    yield f"DTEND;VALUE=DATE:{_day(event.day + timedelta(days=1))}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"SUMMARY:{_text(event.title)}"
    yield f"DESCRIPTION:{_text(event.text)}"
    yield f"CATEGORIES:{_text(event.category)}"
    if event.url is not None:
        yield f"URL:{web_address(event.url)}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    # It is to be known, and keeps nobody busy.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(value: str) -> str:
    """Escape a text (RFC 5545 3.3.11); what a calendar cannot hold becomes U+FFFD."""
    lines = re.sub("\r\n?", "\n", clean(value)).replace(_DELETE, "\ufffd")
    return lines.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Break a line that is too long, never inside a character."""
    pieces = [b""]
    for character in line:
        octets = character.encode()
        room = OCTETS if len(pieces) == 1 else OCTETS - 1
        if len(pieces[-1]) + len(octets) > room:
            pieces.append(b"")
        pieces[-1] += octets
    return b"\r\n ".join(pieces)
