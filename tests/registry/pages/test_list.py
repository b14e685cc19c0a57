"""The published list as people read it."""

from typing import Any

import httpx
import pytest

from registry.settings import Settings
from tests.registry.pages.publishing import FRANKFURT, LYON, Desk, alter, end, start, subject, use
from tests.registry.pages.reading import page, text, texts

COLUMNS = [
    "Entity name",
    "Product or service",
    "Purpose of processing",
    "Categories of data",
    "Location of processing",
    "Corporate location",
    "Transfer mechanism",
    "Type",
    "Optional",
    "Added on",
    "Effective from",
    "DPA",
    "Their sub-processors",
]
ENTITIES = "//table//tbody/tr/th[@scope='rowgroup']"
PLANNED = "//section[@aria-labelledby='planned-title']//li"


def cells(document: Any, column: str) -> list[str]:
    return texts(document, f"//table//td[@data-column='{column}']")


async def test_the_columns_are_those_users_know_in_their_order(client: httpx.AsyncClient, desk: Desk) -> None:
    await desk.publish(start(product="Campaigns", sub_processors_url="https://vendor.example/subs"))

    document = await page(client, "/")

    assert texts(document, "//thead//th[@scope='col']") == COLUMNS
    assert texts(document, ENTITIES) == ["Sendinblue SAS Brevo Active"]
    shown = {cell.get("data-column"): text(cell) for cell in document.xpath("//table//td")}
    assert [*shown] == COLUMNS[1:]
    assert shown.pop("Transfer mechanism")
    assert shown == {
        "Product or service": "Campaigns",
        "Purpose of processing": "Sending newsletters",
        "Categories of data": "E-mail addresses",
        "Location of processing": "Frankfurt, Germany Storage",
        "Corporate location": "France",
        "Type": "Service-specific",
        "Optional": "No",
        "Added on": "1 Jan 2026",
        "Effective from": "1 Jan 2026",
        "DPA": "– not stated",
        "Their sub-processors": "Their list of Sendinblue SAS",
    }


async def test_each_place_of_each_use_has_its_row_under_the_sub_processor(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    uses = {
        "a-mail": use(places={"frankfurt": FRANKFURT, "lyon": LYON}),
        "b-logs": use(purpose="Keeping logs", places={"lyon": LYON}, optional=True),
    }
    await desk.publish(start(uses=uses))

    document = await page(client, "/")

    assert cells(document, "Location of processing") == [
        "Frankfurt, Germany Storage",
        "Lyon, France Backup",
        "Lyon, France Backup",
    ]
    assert len(cells(document, "Transfer mechanism")) == 3
    assert cells(document, "Purpose of processing") == ["Sending newsletters", "Keeping logs"]
    assert cells(document, "Optional") == ["No", "Yes"]
    assert [cell.get("rowspan") for cell in document.xpath("//td[@data-column='Purpose of processing']")] == [
        "2",
        None,
    ]
    assert document.xpath(ENTITIES)[0].get("rowspan") == "3"


async def test_status_and_what_is_planned_are_told_with_their_days(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    brevo = subject(await desk.publish(start()))
    await desk.publish(alter(brevo, "2027-02-01", {"uses": {"mail": {"places": {"lyon": LYON}}}}))
    await desk.publish(start({"legal_name": "Kakao Corp.", "country": "KR"}, on="2027-01-15"))
    gone = subject(await desk.publish(start({"legal_name": "Acme Ltd", "country": "GB"})))
    await desk.publish(end(gone, "2027-04-01"))
    past = subject(await desk.publish(start({"legal_name": "Mailjet SAS", "country": "FR"}, on="2020-01-01")))
    await desk.publish(end(past, "2021-01-01"))

    document = await page(client, "/")

    assert texts(document, ENTITIES) == [
        "Acme Ltd Ends on 1 Apr 2027",
        "Sendinblue SAS Brevo Active",
        "Kakao Corp. Planned from 15 Jan 2027",
    ]
    planned = texts(document, PLANNED)
    assert [line[:15] for line in planned] == ["15 January 2027", "1 February 2027", "1 April 2027 Ac"]
    assert "Lyon, France" in planned[1]
    assert "2 sub-processors, 1 more planned" in text(document.xpath("//main")[0])
    ended = texts(document, "//section[@aria-labelledby='ended-title']//li")
    assert ended == ["until 31 December 2020 Mailjet SAS"]


async def test_any_day_can_be_asked_for(client: httpx.AsyncClient, desk: Desk) -> None:
    brevo = subject(await desk.publish(start(on="2026-01-01")))
    await desk.publish(alter(brevo, "2027-02-01", {"uses": {"mail": {"places": {"lyon": LYON}}}}))

    before = await page(client, "/?as_of=2025-12-31")
    after = await page(client, "/?as_of=2027-02-01")

    assert texts(before, ENTITIES) == []
    assert "No sub-processor is on the list on this day." in text(before)
    assert texts(before, "//h1") == ["Sub-processors on 31 December 2025"]
    assert len(texts(before, PLANNED)) == 2
    assert cells(after, "Location of processing") == ["Frankfurt, Germany Storage", "Lyon, France Backup"]
    assert after.xpath("//input[@name='as_of']/@value") == ["2027-02-01"]
    assert texts(await page(client, "/list/2027-02-01"), "//table") == texts(after, "//table")


@pytest.mark.parametrize("path", ["/list/2026-02-30", "/list/today", "/list/9999-12-31", "/list/20260201"])
async def test_a_list_of_no_day_is_a_page_that_says_so(client: httpx.AsyncClient, path: str) -> None:
    document = await page(client, path, 404)

    assert "write a day such as 2026-11-24" in text(document)


@pytest.mark.parametrize(
    "query", ["as_of=2026-02-30", "as_of=", "as_of=1&as_of=2", "known_at=3", "as_off=2026-01-01"]
)
async def test_a_query_that_cannot_be_read_is_a_page_that_says_why(
    client: httpx.AsyncClient, query: str
) -> None:
    document = await page(client, f"/?{query}", 400)

    assert query.partition("=")[0] in text(document.xpath("//main")[0])


@pytest.mark.parametrize(
    ("file", "media_type"),
    [
        ("changes.rss", "application/rss+xml"),
        ("changes.atom", "application/atom+xml"),
        ("changes.json", "application/feed+json"),
        ("deadlines.ics", "text/calendar"),
    ],
)
async def test_every_feed_is_found_from_the_page_and_its_headers(
    client: httpx.AsyncClient, settings: Settings, file: str, media_type: str
) -> None:
    answer = await client.get("/")
    document = await page(client, "/")
    address = f"{settings.public_url}/feeds/{file}"

    [link] = document.xpath(f"//head/link[@rel='alternate'][@type='{media_type}']")
    assert link.get("href") == address
    assert f'<{address}>; rel="alternate"; type="{media_type}"' in answer.headers["link"].split(", ")
    assert address in texts(await page(client, "/feeds"), "//main//a")
    assert (await client.get(address)).headers["content-type"] == f"{media_type}; charset=utf-8"


async def test_the_name_of_the_register_is_shown_and_an_example_says_so(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    assert "Example register" not in text(await page(client, "/"))

    await desk.open("MIBNtech & friends", example=True)

    document = await page(client, "/")
    assert texts(document, "//head/title") == ["MIBNtech & friends"]
    assert texts(document, "//a[@class='name']") == ["MIBNtech & friends"]
    assert text(document.xpath("//*[@role='note']")[0]).startswith("Example register.")


async def test_what_somebody_typed_is_never_markup(client: httpx.AsyncClient, desk: Desk) -> None:
    nasty = '"><script>alert(1)</script>&amp;'
    change = await desk.publish(
        start(
            {"legal_name": nasty, "trading_name": nasty, "website": "https://a.example/'x'"},
            product=nasty,
            uses={"mail": use(purpose=nasty, data={"a": {"text": nasty}})},
        )
    )

    for path in ("/", f"/sub-processors/{subject(change)}", f"/changes/{change.id}"):
        document = await page(client, path)
        assert document.xpath("//script") == []
        assert nasty in text(document.xpath("//main")[0])


async def test_contacts_and_references_of_contracts_are_not_shown(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    change = await desk.publish(
        start(
            {"legal_name": "Acme Ltd", "country": "GB", "contacts": {"dpo": {"name": "Ann Hidden"}}},
            contacts={"support": {"email": "hidden@vendor.example"}},
            safeguards={
                "scc": {"tool": {"type": "other", "name": "A letter"}, "reference": "hidden-drawer-7"}
            },
        )
        | {"note": "hidden note"}
    )
    later = alter(subject(change), "2027-02-01", {"contacts": {"support": {"email": "hidden@other.example"}}})
    second = await desk.publish(later)

    for path in (
        "/",
        f"/sub-processors/{subject(change)}",
        f"/changes/{change.id}",
        f"/changes/{second.id}",
        "/feeds/changes.rss",
    ):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert "hidden" not in answer.text.replace('"hidden"', "").replace("aria-hidden", "").lower()


async def test_a_reader_who_has_the_page_gets_304_until_something_is_written(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    first = await client.get("/")
    asked = {"If-None-Match": first.headers["etag"]}

    assert first.headers["cache-control"] == "no-cache"
    again = await client.get("/", headers=asked)
    assert again.status_code == 304
    # What a 304 carries replaces what the browser kept with the page: no stricter policy may come with it.
    assert again.headers.get("content-security-policy") in {None, first.headers["content-security-policy"]}
    assert (await client.get("/?as_of=2026-01-01", headers=asked)).status_code == 200
    await desk.publish(start())
    assert (await client.get("/", headers=asked)).status_code == 200


async def test_a_page_lets_nothing_in_but_our_own_files(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/")).headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
