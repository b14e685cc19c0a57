"""The calendar as calendar programs read it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feeds.calendar import Calendar, Event, render
from feeds.xml import clean

CALENDAR = Calendar(
    name="MIBNtech: deadlines",
    description="Days that matter; all of them",
    address="https://register.example/feeds/deadlines.ics",
    minutes=15,
)
EVENT = Event(
    id=UUID("01990000-0000-7000-8000-000000000001"),
    day=date(2027, 2, 28),
    title="Brevo: place of backup changes from Frankfurt, Germany to Lyon, France",
    text="First line\nSecond line; with a \\ and a comma, and more",
    category="Takes effect",
    told_at=datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
    url="https://register.example/changes/01990000-0000-7000-8000-000000000001",
)
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def read(*events: Event, **given: Any) -> Any:
    return icalendar.Calendar.from_ical(render(replace(CALENDAR, **given), events))


def test_a_calendar_program_reads_what_was_written() -> None:
    calendar = read(EVENT)
    [event] = calendar.walk("VEVENT")

    assert calendar["VERSION"] == "2.0"
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "MIBNtech: deadlines"
    assert calendar["SOURCE"] == "https://register.example/feeds/deadlines.ics"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
    assert "METHOD" not in calendar
    assert event["UID"] == "urn:uuid:01990000-0000-7000-8000-000000000001"
    assert event["DTSTART"].dt == date(2027, 2, 28)
    assert event["DTEND"].dt == date(2027, 3, 1)
    assert event["DTSTART"].params["VALUE"] == event["DTEND"].params["VALUE"] == "DATE"
    assert event["DTSTAMP"].dt == EVENT.told_at
    assert event["SUMMARY"] == EVENT.title
    assert event["DESCRIPTION"] == EVENT.text
    assert event["URL"] == EVENT.url
    assert event["CATEGORIES"].cats == ["Takes effect"]
    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CONFIRMED", 0, "TRANSPARENT")
    assert calendar.errors == event.errors == []


def test_what_is_cancelled_says_so_and_outranks_what_was_said_before() -> None:
    [event] = read(replace(EVENT, cancelled=True, sequence=2)).walk("VEVENT")

    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)


def test_events_come_in_the_order_of_their_days_whatever_order_they_are_given_in() -> None:
    later = replace(EVENT, id=UUID(int=2), day=date(2027, 3, 1))

    assert render(CALENDAR, [later, EVENT]) == render(CALENDAR, [EVENT, later])
    assert [event["DTSTART"].dt.month for event in read(later, EVENT).walk("VEVENT")] == [2, 3]


def test_a_calendar_without_days_still_has_a_component() -> None:
    calendar = read()

    assert calendar.walk("VEVENT") == []
    assert len(calendar.subcomponents) == 1


def test_a_moment_is_written_in_utc_wherever_it_was_told() -> None:
    elsewhere = datetime.fromisoformat("2026-11-24T21:00:00+05:30")

    assert b"DTSTAMP:20261124T153000Z\r\n" in render(CALENDAR, [replace(EVENT, told_at=elsewhere)])


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_reads_back_and_no_line_is_too_long(title: str, text: str) -> None:
    written = render(CALENDAR, [replace(EVENT, title=title, text=text)])
    calendar: Any = icalendar.Calendar.from_ical(written)
    [event] = calendar.walk("VEVENT")

    assert written.endswith(b"\r\nEND:VCALENDAR\r\n")
    for line in written.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # No character is broken by a fold.
        assert not any(octet < 32 and octet != 9 for octet in line)
    expected = clean(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x7f", "\ufffd")
    assert event["DESCRIPTION"] == expected
    assert len(calendar.walk()) == 2


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a.example/\r\nATTENDEE:x"])
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="starts with http"):
        render(CALENDAR, [replace(EVENT, url=url)])


def test_the_same_days_give_the_same_bytes() -> None:
    assert len({render(CALENDAR, [EVENT]) for _ in range(3)}) == 1
