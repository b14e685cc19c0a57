"""`/feeds/deadlines.ics`: the days of published changes and of what ends, as a calendar program subscribes to them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx
import icalendar
from msgspec.structs import replace

from registry.app import create_app
from registry.database import Pool
from registry.resources.stored import ChangeRow
from registry.settings import Settings
from tests.registry.pages.publishing import LYON, Desk, alter, end, start, subject, use

CALENDAR = "/feeds/deadlines.ics"
LONDON = {"role": "storage", "text": "London, United Kingdom", "country": "GB"}


def to_the_second(change: ChangeRow) -> datetime:
    """When a change was published, as calendars and HTTP write moments."""
    assert change.published_at is not None
    return change.published_at.replace(microsecond=0)


async def events(client: httpx.AsyncClient) -> dict[str, Any]:
    """The events by their ids."""
    answer = await client.get(CALENDAR)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    ids = {str(event["UID"]): event for event in found}
    assert len(ids) == len(found)
    return ids


async def test_each_day_of_a_published_change_is_an_event(client: httpx.AsyncClient, desk: Desk) -> None:
    added = await desk.publish(start())
    altered = await desk.publish(
        alter(subject(added), "2027-02-01", {"uses": {"mail": {"places": {"lyon": LYON}}}})
    )
    await desk.draft(end(subject(added), "2027-05-01"))

    [event] = (await events(client)).values()

    # The addition of January 2026 is longer past than ninety days.
    assert event["UID"] == altered.id.urn
    assert event["DTSTART"].dt == date(2027, 2, 1)
    assert event["DTSTAMP"].dt == to_the_second(altered)
    assert "Lyon, France" in event["SUMMARY"]
    assert event["URL"] == f"http://127.0.0.1:8000/changes/{altered.id}"
    assert event["STATUS"] == "CONFIRMED"


async def test_a_postponement_moves_the_event_and_a_withdrawal_cancels_it(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    change = await desk.publish(start(on="2027-02-01"))
    moved = await desk.postpone(change.id, "2027-03-01")
    [event] = (await events(client)).values()

    assert (event["UID"], event["SEQUENCE"]) == (change.id.urn, 1)
    assert event["DTSTART"].dt == date(2027, 3, 1)
    assert "1 March 2027" in event["SUMMARY"]
    assert event["DTSTAMP"].dt == to_the_second(moved)

    await desk.withdraw(change.id)
    [event] = (await events(client)).values()

    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (change.id.urn, 2, "CANCELLED")
    assert event["DTSTART"].dt == date(2027, 3, 1)
    assert event["SUMMARY"].startswith("Withdrawn: ")


async def test_a_change_with_several_days_has_an_event_for_each(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    old = subject(await desk.publish(start()))
    parts = [
        *end(old, "2027-09-01")["parts"],
        *start({"legal_name": "Mailjet SAS", "country": "FR"}, on="2027-07-01")["parts"],
    ]
    change = await desk.publish({"kind": "replaced", "reason": "Better", "parts": parts})

    found = await events(client)

    assert {event["DTSTART"].dt for event in found.values()} == {date(2027, 7, 1), date(2027, 9, 1)}
    assert found[change.id.urn]["DTSTART"].dt == date(2027, 7, 1)
    assert all(UUID(key).version in (5, 7) for key in found)


async def test_a_correction_is_no_day_that_matters(client: httpx.AsyncClient, desk: Desk) -> None:
    change = await desk.publish(start(on="2026-10-01"))
    correction = alter(subject(change), "2026-10-01", {"product": "Mailer"})
    await desk.publish(correction | {"kind": "correction", "about": str(change.id)})

    assert list(await events(client)) == [change.id.urn]


async def test_the_end_of_a_decision_that_the_list_rests_on_is_a_day(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    facts = {"legal_name": "British Ltd", "country": "GB"}
    await desk.publish(start(facts, uses={"hosting": use(places={"london": LONDON})}))

    ending = [
        event for event in (await events(client)).values() if event["CATEGORIES"].cats != ["Takes effect"]
    ]

    assert ending
    assert {event["DTSTART"].dt for event in ending} == {date(2031, 12, 27)}
    assert list(await events(client)) == list(await events(client))


async def test_the_calendar_is_one_document_until_something_is_published_or_a_day_passes(
    client: httpx.AsyncClient, desk: Desk, settings: Settings, pool: Pool
) -> None:
    await desk.publish(start(on="2027-02-01"))
    whole = await client.get(CALENDAR)
    asked = {"If-None-Match": f'W/{whole.headers["etag"]}, "x"'}

    assert (await client.get(CALENDAR)).content == whole.content
    assert (await client.get(CALENDAR, headers=asked)).status_code == 304
    assert whole.headers["cache-control"].startswith("public, max-age=900")
    assert (await client.head(CALENDAR)).headers["etag"] == whole.headers["etag"]

    await desk.publish(start({"legal_name": "Other", "country": "DE"}, on="2027-02-02"))
    assert (await client.get(CALENDAR, headers=asked)).status_code == 200

    assert settings.now is not None
    later = create_app(replace(settings, now=settings.now.replace(month=12)), pool)
    transport = httpx.ASGITransport(later)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://inside") as tomorrow:
        assert (await tomorrow.get(CALENDAR, headers=asked)).status_code == 200


async def test_an_empty_register_has_a_calendar_without_days(client: httpx.AsyncClient) -> None:
    assert await events(client) == {}
