"""A client's own feeds and calendar: its notices with its deadlines, for whoever has the address and nobody else."""

from datetime import date
from typing import Any

import feedparser
import httpx
import icalendar
import pytest
from lxml import html

from registry.clock import Clock
from registry.database import Pool
from tests.registry import clients
from tests.registry.office import Office, place, terms
from tests.registry.pages.reading import text

FORMS = ["changes.rss", "changes.atom", "changes.json", "deadlines.ics"]
EVERY_FORM = pytest.mark.parametrize("form", FORMS)
GIVEN = """
    UPDATE notice SET given_at = '2026-11-24T18:00:00Z', given_on = '2026-11-24', objection_until = '2026-12-08'
    WHERE client_id = $1
"""


@pytest.fixture
async def client_id(office: Office, pool: Pool, clock: Clock) -> str:
    return await clients.taken_on(office, pool, clock)


@pytest.fixture
async def dana(pool: Pool, clock: Clock, client_id: str) -> dict[str, str]:
    return await clients.key(pool, clock, client_id)


async def subscribe(office: Office, who: dict[str, str], **members: Any) -> dict[str, Any]:
    made = await office.client.post("/v1/subscriptions", json={"channel": "feed", **members}, headers=who)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def address(token: str, form: str = "changes.json") -> str:
    return f"/feeds/clients/{token}/{form}"


async def items(client: httpx.AsyncClient, token: str) -> list[dict[str, Any]]:
    answer = await client.get(address(token))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_client_reads_its_notices_and_its_deadline(
    office: Office, pool: Pool, client_id: str, dana: dict[str, str]
) -> None:
    token = (await subscribe(office, dana))["secret"]
    _, change = await office.added(day="2027-02-01")
    [before] = await items(office.client, token)
    await pool.execute(GIVEN, client_id)
    [after] = await items(office.client, token)

    assert before["id"] == after["id"] == f"urn:uuid:{change['id']}"
    assert "objection_until" not in before["_onward"]
    assert "date_modified" not in before
    assert after["_onward"]["objection_until"] == "2026-12-08"
    assert "You may object until 8 December 2026." in after["content_html"]
    assert after["date_modified"] > after["date_published"]
    public = (await office.client.get("/feeds/changes.json")).json()["items"][0]
    assert "objection_until" not in public["_onward"]
    for form in ("rss", "atom"):
        read = feedparser.parse((await office.client.get(address(token, f"changes.{form}"))).content)
        assert not read.bozo
        assert read.entries[0].onward_objection_until == "2026-12-08"
        assert read.feed.title.endswith("(notices to you)")


async def test_a_client_reads_only_what_touches_it(
    office: Office, pool: Pool, clock: Clock, dana: dict[str, str]
) -> None:
    for key in ("shop", "intranet"):
        body = {"key": key, "name": key.capitalize()}
        assert (await office.client.post("/v1/services", json=body, headers=office.ada)).status_code == 201
    shopper = await clients.taken_on(office, pool, clock, "C-2", services={"shop": True})
    with_shop = (await subscribe(office, await clients.key(pool, clock, shopper)))["secret"]
    with_all = (await subscribe(office, dana))["secret"]

    for name, key in (("Shop GmbH", "shop"), ("Net GmbH", "intranet")):
        uses = terms()["uses"]
        uses["hosting"]["services"] = {key: True}
        await office.added(name, "2027-02-01", **terms(uses=uses))

    assert [item["title"].split(" is ")[0] for item in await items(office.client, with_shop)] == ["Shop GmbH"]
    assert len(await items(office.client, with_all)) >= 1


async def test_a_filter_of_the_subscription_holds_for_the_feed(office: Office, dana: dict[str, str]) -> None:
    everything = (await subscribe(office, dana))["secret"]
    french = (await subscribe(office, dana, countries=["FR"]))["secret"]
    key, _ = await office.added(day="2027-02-01")
    lyon = await office.alter(key, "2027-03-01", place("lyon", "Lyon, France"))

    assert len(await items(office.client, everything)) == 2
    assert [item["id"] for item in await items(office.client, french)] == [f"urn:uuid:{lyon['id']}"]


@EVERY_FORM
@pytest.mark.parametrize("token", ["guessed", "A" * 43, "%00", "%2e%2e%2fx", "a" * 5_000])
async def test_a_token_that_was_guessed_is_not_found(office: Office, form: str, token: str) -> None:
    answer = await office.client.get(address(token, form))

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@EVERY_FORM
async def test_another_token_ends_the_one_before_at_once(
    office: Office, dana: dict[str, str], form: str
) -> None:
    made = await subscribe(office, dana)
    assert (await office.client.get(address(made["secret"], form))).status_code == 200
    path = f"/v1/subscriptions/{made['subscription']['id']}/rotation"
    other = (await office.client.post(path, headers=dana)).json()["secret"]

    assert (await office.client.get(address(made["secret"], form))).status_code == 404
    assert (await office.client.get(address(other, form))).status_code == 200


@EVERY_FORM
async def test_what_is_private_is_kept_by_nobody_between(
    office: Office, dana: dict[str, str], form: str
) -> None:
    token = (await subscribe(office, dana))["secret"]
    await office.added(day="2027-02-01")

    answer = await office.client.get(address(token, form))
    same = await office.client.get(address(token, form), headers={"If-None-Match": answer.headers["etag"]})
    head = await office.client.head(address(token, form))

    assert answer.headers["cache-control"] == same.headers["cache-control"] == "private, max-age=900"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "access-control-allow-origin" not in answer.headers
    assert (same.status_code, same.content) == (304, b"")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])


async def test_a_person_who_opens_the_address_finds_a_page_that_is_as_private(
    office: Office, pool: Pool, client_id: str, dana: dict[str, str]
) -> None:
    token = (await subscribe(office, dana))["secret"]
    await office.added("Lyon & <b>Söhne</b>", "2027-02-01")
    await pool.execute(GIVEN, client_id)

    answer = await office.client.get(
        address(token, "changes.rss"), headers={"Sec-Fetch-Dest": "document", "If-None-Match": "*"}
    )

    document: Any = html.document_fromstring(answer.text)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert (answer.headers["cache-control"], answer.headers["vary"]) == (
        "private, max-age=900",
        "Accept, Sec-Fetch-Dest",
    )
    assert "Lyon & <b>Söhne</b> is added" in text(document.xpath("//main//h2")[0])
    assert "8 December 2026" in text(document.xpath("//p[@class='note']")[0])
    assert token not in answer.text


async def test_a_notice_that_is_given_is_news_to_who_has_the_feed(
    office: Office, pool: Pool, client_id: str, dana: dict[str, str]
) -> None:
    token = (await subscribe(office, dana))["secret"]
    await office.added(day="2027-02-01")
    for form in FORMS:
        await pool.execute("UPDATE notice SET given_at = NULL, given_on = NULL, objection_until = NULL")
        tag = (await office.client.get(address(token, form))).headers["etag"]
        await pool.execute(GIVEN, client_id)

        asked = {"If-None-Match": tag}
        assert (await office.client.get(address(token, form), headers=asked)).status_code == 200


async def test_the_calendar_has_the_day_of_the_change_and_the_last_day_to_object(
    office: Office, pool: Pool, client_id: str, dana: dict[str, str]
) -> None:
    token = (await subscribe(office, dana))["secret"]
    _, change = await office.added(day="2027-02-01")
    await pool.execute(GIVEN, client_id)

    async def events() -> dict[str, Any]:
        answer = await office.client.get(address(token, "deadlines.ics"))
        assert answer.status_code == 200, answer.text
        calendar: Any = icalendar.Calendar.from_ical(answer.content)
        return {event["SUMMARY"].split(":")[0]: event for event in calendar.walk("VEVENT")}

    found = await events()
    assert found["Last day to object"]["DTSTART"].dt == date(2026, 12, 8)
    assert found["Acme Hosting GmbH is added as a sub-processor from 1 February 2027"]["UID"] == (
        f"urn:uuid:{change['id']}"
    )
    assert b"Last day to object" not in (await office.client.get("/feeds/deadlines.ics")).content

    drafted = await office.about(change["id"], "withdrawal")
    assert (await office.publish(drafted.json()["id"])).status_code == 201
    found = await events()
    assert {event["STATUS"] for event in found.values()} == {"CANCELLED"}
