"""A part of the news: by service, category, kind and country, as a feed and as a page."""

import json
from typing import Any
from uuid import UUID

import feedparser
import httpx
import pytest

from registry.actions import services
from registry.clock import Clock
from registry.database import Pool
from registry.resources.services import ServiceDraft
from registry.resources.stored import ChangeRow
from tests.registry.office import Office
from tests.registry.pages.publishing import BREVO, LYON, OPERATOR, Desk, alter, end, start, subject, use
from tests.registry.pages.reading import page, text, texts
from transfers import codes

BROWSER = {"Sec-Fetch-Dest": "document", "Accept": "text/html,application/xhtml+xml"}
ACME = {"legal_name": "Acme Inc.", "country": "US"}
OHIO = {"role": "storage", "text": "Ohio, United States", "country": "US"}


@pytest.fixture
async def scoped(desk: Desk, pool: Pool, clock: Clock) -> dict[str, ChangeRow]:
    """Brevo mails for the shop from Frankfurt, Acme hosts the intranet in Ohio."""
    async with pool.acquire() as db:
        for key in ("shop", "intranet"):
            await services.add(db, OPERATOR, clock, ServiceDraft(key=key, name=key.capitalize()))
    brevo = await desk.publish(start(BREVO, category="tools", uses={"mail": use(services={"shop": True})}))
    acme = await desk.publish(
        start(
            ACME,
            category="hosting",
            uses={"hosting": use(services={"intranet": True}, places={"ohio": OHIO})},
        )
    )
    return {"brevo": brevo, "acme": acme}


async def followed(client: httpx.AsyncClient, query: str) -> list[str]:
    """The ids of the changes in a part of the feed."""
    answer = await client.get(f"/feeds/changes.json?{query}")
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("service=shop", ["brevo"]),
        ("service=intranet", ["acme"]),
        ("service=shop&service=intranet", ["acme", "brevo"]),
        ("category=hosting", ["acme"]),
        ("category=hosting&category=tools", ["acme", "brevo"]),
        ("kind=added", ["acme", "brevo"]),
        ("kind=removed", []),
        ("country=US", ["acme"]),
        ("country=DE", ["brevo"]),
        ("country=FR", ["brevo"]),
        ("country=UK", []),
        ("service=shop&country=US", []),
        ("service=shop&country=DE&kind=added&category=tools", ["brevo"]),
    ],
)
async def test_a_part_of_the_news_is_what_it_says(
    client: httpx.AsyncClient, scoped: dict[str, ChangeRow], query: str, expected: list[str]
) -> None:
    assert await followed(client, query) == [scoped[name].id.urn for name in expected]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("service=shopp", "shopp"),
        ("category=hostin", "hostin"),
        ("kind=deleted", "deleted"),
        ("country=XX", "XX"),
        ("country=Belgium", "country"),
        ("services=shop", "services"),
        ("kind=added&kind=gone", "gone"),
        ("service=", "service"),
    ],
)
@pytest.mark.parametrize("path", ["/feeds/changes.rss", "/feeds/changes.atom", "/feeds/changes.json"])
async def test_an_unknown_value_is_named_and_nothing_else(
    client: httpx.AsyncClient, scoped: dict[str, ChangeRow], path: str, query: str, named: str
) -> None:
    answer = await client.get(f"{path}?{query}")

    assert scoped
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert named in answer.text
    assert "cache-control" not in answer.headers or "no-store" in answer.headers["cache-control"]
    assert "Brevo" not in answer.text


async def test_only_the_use_that_changes_is_concerned(
    client: httpx.AsyncClient, desk: Desk, scoped: dict[str, ChangeRow]
) -> None:
    brevo = subject(scoped["brevo"])
    both = await desk.publish(
        alter(brevo, "2026-06-01", {"uses": {"backup": use(services={"intranet": True})}})
    )
    lyon = await desk.publish(alter(brevo, "2027-02-01", {"uses": {"backup": {"places": {"lyon": LYON}}}}))

    assert await followed(client, "service=intranet&country=FR") == [lyon.id.urn, both.id.urn]
    assert await followed(client, "service=shop") == [scoped["brevo"].id.urn]


async def test_what_nobody_can_tell_concerns_everybody(
    client: httpx.AsyncClient, desk: Desk, scoped: dict[str, ChangeRow]
) -> None:
    anywhere = {"role": "storage", "text": "Worldwide"}
    open_to_all = await desk.publish(
        start({"legal_name": "Wide Ltd", "country": "GB"}, uses={"any": use(places={"any": anywhere})})
    )

    for query in ("service=shop", "service=intranet", "category=support", "country=JP"):
        assert open_to_all.id.urn in await followed(client, query)
    assert len(scoped) == 2


async def test_a_group_of_countries_concerns_its_members_and_nobody_else(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    within = {"role": "storage", "text": "EEA", "group": "EEA"}
    change = await desk.publish(
        start({"legal_name": "Euro SA", "country": "FR"}, uses={"a": use(places={"a": within})})
    )

    assert await followed(client, "country=NO") == [change.id.urn]
    assert await followed(client, "country=US") == []


@pytest.mark.parametrize(
    ("code", "said"), [("EU", "EU is no single country"), ("YU", "a country no more"), ("QQ", "never was")]
)
async def test_a_country_in_which_nothing_lies_is_no_filter(
    client: httpx.AsyncClient, office: Office, *, code: str, said: str
) -> None:
    for path in (
        "/feeds/changes.rss",
        "/feeds/changes.json",
        "/feeds",
        "/v1/sub-processors",
        "/v1/transfers",
    ):
        answer = await client.get(path, params={"country": code}, headers=office.otto)
        assert (answer.status_code, said in answer.text) == (400, True), path
    body = {"channel": "email", "purpose": "news", "address": "r@example.com", "countries": [code]}
    asked = await client.post("/v1/subscriptions", json=body)
    assert asked.status_code == 400
    assert said in asked.json()["errors"][0]["message"]


async def test_all_members_can_be_named_and_a_country_that_was_united_is_meant_by_both_codes(
    client: httpx.AsyncClient,
) -> None:
    members = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO"
    for path in ("/feeds/changes.rss", "/feeds"):
        answer = await client.get(path, params={"country": members.split()})
        assert answer.status_code == 200
    assert "country=DE" in (await client.get("/feeds/changes.atom", params={"country": "DD"})).text


async def test_who_follows_a_kind_learns_what_becomes_of_it(client: httpx.AsyncClient, desk: Desk) -> None:
    added = await desk.publish(start(on="2027-06-01"))
    moved = await desk.postpone(added.id, "2027-07-01")
    gone = await desk.withdraw(added.id)

    assert await followed(client, "kind=added") == [gone.id.urn, moved.id.urn, added.id.urn]
    assert await followed(client, "kind=postponement") == [moved.id.urn]
    assert await followed(client, "kind=removed") == []


async def test_an_end_concerns_what_was_there(
    client: httpx.AsyncClient, desk: Desk, scoped: dict[str, ChangeRow]
) -> None:
    ended = await desk.publish(end(subject(scoped["acme"]), "2027-01-01"))

    assert (await followed(client, "service=intranet&country=US"))[0] == ended.id.urn
    assert ended.id.urn not in await followed(client, "service=shop")


async def test_a_change_of_facts_concerns_all_that_is_done_for_us(
    client: httpx.AsyncClient, desk: Desk, scoped: dict[str, ChangeRow], pool: Pool
) -> None:
    organisation = await pool.fetchval(
        "SELECT organisation_id FROM sub_processor WHERE id = $1", subject(scoped["brevo"])
    )
    part = {
        "organisation_id": str(organisation),
        "operation": "set",
        "effective_on": "2027-03-01",
        "patch": {"country": "US"},
    }
    moved = await desk.publish({"kind": "material_change", "reason": "They moved", "parts": [part]})

    for query in ("service=shop", "country=US", "country=FR", "country=DE", "category=tools"):
        assert moved.id.urn in await followed(client, query)
    assert moved.id.urn not in await followed(client, "service=intranet")


async def test_a_part_has_a_tag_of_its_own(client: httpx.AsyncClient, scoped: dict[str, ChangeRow]) -> None:
    assert scoped
    tags = {
        (await client.get(f"/feeds/changes.{form}{query}")).headers["etag"]
        for form in ("rss", "atom", "json")
        for query in ("", "?service=shop", "?service=intranet", "?country=US")
    }

    assert len(tags) == 12


async def test_the_same_part_asked_for_in_another_order_is_the_same_document(
    client: httpx.AsyncClient, scoped: dict[str, ChangeRow]
) -> None:
    assert scoped
    one = await client.get("/feeds/changes.atom?country=US&kind=added&kind=removed&service=intranet")
    other = await client.get(
        "/feeds/changes.atom?kind=removed&service=intranet&kind=added&country=US&kind=added"
    )

    assert one.headers["etag"] == other.headers["etag"]
    assert one.content == other.content


async def test_what_a_tracker_adds_to_the_address_is_passed_over(
    client: httpx.AsyncClient, scoped: dict[str, ChangeRow]
) -> None:
    assert scoped
    plain = await client.get("/feeds/changes.rss")

    assert (await client.get("/feeds/changes.rss?utm_source=reader")).content == plain.content


async def test_the_documents_of_a_part_name_each_other(
    client: httpx.AsyncClient, scoped: dict[str, ChangeRow]
) -> None:
    assert scoped
    read = feedparser.parse((await client.get("/feeds/changes.atom?service=shop&kind=added")).content)
    links = {link.rel: link.href for link in read.feed.links}

    assert links["self"] == "http://127.0.0.1:8000/feeds/changes.atom?service=shop&kind=added"
    assert links["alternate"] == "http://127.0.0.1:8000/feeds?service=shop&kind=added"
    assert (await client.get(links["alternate"])).status_code == 200
    assert read.feed.title == "MIBNtech sub-processors (service shop; kind added)"


# People


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/changes.rss?kind=added",
        "/feeds/changes.atom?kind=added",
        "/feeds/changes.json?kind=added",
        "/feeds/archive/1/changes.rss?kind=added",
    ],
)
async def test_a_browser_is_sent_to_the_page_and_a_reader_never(
    client: httpx.AsyncClient, desk: Desk, path: str
) -> None:
    await desk.publish(start())
    reader = await client.get("/feeds/changes.rss", headers={"Accept": "text/html, */*"})
    opened = await client.get(path, headers=BROWSER)

    assert reader.status_code == 200
    assert (opened.status_code, opened.headers["cache-control"]) == (303, "no-store")
    assert opened.headers["location"] == "http://127.0.0.1:8000/feeds?kind=added"
    assert opened.headers["vary"] == reader.headers["vary"] == "Accept, Sec-Fetch-Dest"


async def test_a_feed_that_is_ready_still_sends_a_browser_to_the_page(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    await desk.publish(start())
    for _ in range(2):
        assert (await client.get("/feeds/changes.rss")).status_code == 200

    assert (await client.get("/feeds/changes.rss", headers=BROWSER)).status_code == 303


async def test_the_page_has_the_addresses_and_the_newest_changes_of_a_part(
    client: httpx.AsyncClient, scoped: dict[str, ChangeRow]
) -> None:
    document = await page(client, "/feeds?service=shop&category=&kind=&country=")

    addresses = texts(document, "//main//dl//a")
    assert addresses[:3] == [
        f"http://127.0.0.1:8000/feeds/changes.{form}?service=shop" for form in ("rss", "atom", "json")
    ]
    [change] = document.xpath("//section[@aria-labelledby='changes']//a")
    assert change.get("href") == f"/changes/{scoped['brevo'].id}"
    assert "service shop" in text(document.xpath("//p[@class='note']")[0])
    assert document.xpath("//select[@name='service']/option[@selected]/@value") == ["shop"]


async def test_more_alternatives_than_a_feed_takes_are_refused_by_both(client: httpx.AsyncClient) -> None:
    there = sorted(code for code, country in codes.countries().items() if country.assigned)

    for path in ("/feeds", "/feeds/changes.rss"):
        assert (await client.get(path, params={"country": there[:60]})).status_code == 200
        assert (await client.get(path, params={"country": there[:61]})).status_code == 400


@pytest.mark.parametrize("query", ["service=nope", "category=nope", "kind=nope", "country=nope"])
async def test_the_page_says_which_choice_there_is_not(client: httpx.AsyncClient, query: str) -> None:
    assert "nope" in text(await page(client, f"/feeds?{query}", 400))


async def test_the_page_is_asked_again_only_when_it_has_changed(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    await desk.publish(start())
    tag = (await client.get("/feeds?kind=added")).headers["etag"]

    assert (await client.get("/feeds?kind=added", headers={"If-None-Match": tag})).status_code == 304
    assert (await client.get("/feeds", headers={"If-None-Match": tag})).status_code == 200


# The archive


COPY = """
    WITH copied AS (
        INSERT INTO change (kind, reason, drafted_at, drafted_by, drafted_by_holder, number, published_at,
                            published_by, published_by_holder, published_on, late, news)
        SELECT c.kind, c.reason, c.drafted_at, c.drafted_by, c.drafted_by_holder, n, c.published_at,
               c.published_by, c.published_by_holder, c.published_on, c.late, c.news
        FROM change c, generate_series(2, $1) n
        RETURNING id
    )
    INSERT INTO change_part (change_id, position, sub_processor_id, operation, effective_on, patch)
    SELECT copied.id, p.position, p.sub_processor_id, p.operation, p.effective_on, p.patch
    FROM copied, change_part p
"""


async def copied(desk: Desk, pool: Pool, count: int) -> None:
    await desk.publish(start())
    await pool.execute(COPY, count)
    await pool.execute("UPDATE head SET change_no = $1", count)


def numbers(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [item["_onward"]["number"] for item in json.loads(answer.content)["items"]]


async def test_every_change_is_reached_from_the_feed_over_its_archive(
    client: httpx.AsyncClient, desk: Desk, pool: Pool
) -> None:
    await copied(desk, pool, 431)
    seen: list[int] = []
    address: str | None = "/feeds/changes.json"
    visited = []
    while address is not None:
        visited.append(address.removeprefix("http://127.0.0.1:8000"))
        answer = await client.get(address)
        seen += numbers(answer)
        address = answer.json().get("next_url")

    assert set(seen) == set(range(1, 432))
    assert visited == [
        "/feeds/changes.json",
        *(f"/feeds/archive/{number}/changes.json" for number in (3, 2, 1)),
    ]


async def test_a_page_of_the_archive_is_fixed_once_it_is_there(
    client: httpx.AsyncClient, desk: Desk, pool: Pool, app: Any
) -> None:
    await copied(desk, pool, 199)
    assert (await client.get("/feeds/archive/2/changes.atom")).status_code == 404
    first = await client.get("/feeds/archive/1/changes.atom")
    await pool.execute("UPDATE head SET change_no = 150, feed_at = feed_at + interval '1 day'")
    app.state.shelf.forget()
    again = await client.get("/feeds/archive/1/changes.atom")

    assert first.status_code == 200
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["last-modified"] == first.headers["last-modified"]
    assert first.headers["cache-control"] == "public, max-age=2592000, immutable"
    for name, header in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        asked = {name: first.headers[header]}
        assert (await client.get("/feeds/archive/1/changes.atom", headers=asked)).status_code == 304


@pytest.mark.parametrize("number", ["0", "-1", "2", "99999999999999999999", "x", "1.5"])
async def test_a_page_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, desk: Desk, pool: Pool, number: str
) -> None:
    await copied(desk, pool, 150)

    answer = await client.get(f"/feeds/archive/{number}/changes.rss")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_part_of_the_news_has_an_archive_of_its_own(
    client: httpx.AsyncClient, desk: Desk, pool: Pool
) -> None:
    await copied(desk, pool, 250)
    await pool.execute("UPDATE change SET kind = 'removed' WHERE number % 50 = 0")

    whole = await client.get("/feeds/changes.json?kind=removed")
    part = await client.get("/feeds/archive/1/changes.json?kind=removed")

    assert numbers(whole) == [250, 200, 150, 100, 50]
    assert "next_url" not in whole.json()
    assert numbers(part) == [100, 50]
    assert (
        feedparser.parse((await client.get("/feeds/archive/2/changes.rss?kind=removed")).content)
        .feed.links[-1]
        .href.endswith("?kind=removed")
    )


async def test_an_id_belongs_to_one_change_in_every_form(client: httpx.AsyncClient, desk: Desk) -> None:
    change = await desk.publish(start())

    rss = feedparser.parse((await client.get("/feeds/changes.rss")).content)
    atom = feedparser.parse((await client.get("/feeds/changes.atom")).content)

    found = {rss.entries[0].id, atom.entries[0].id, *(await followed(client, ""))}
    assert found == {UUID(str(change.id)).urn}
