"""The feed over HTTP: what was published, and 304 for those who have it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import feedparser
import httpx
import pytest

from registry.app import create_app
from registry.database import Pool
from registry.settings import Settings
from tests.registry.pages.publishing import BREVO, LYON, Desk, alter, start, subject

FEED = "/feeds/changes.rss"
SECOND_PLACE = {"uses": {"mail": {"places": {"lyon": LYON}}}}

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


@asynccontextmanager
async def another(settings: Settings, pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    """Another process on the same database, which has nothing ready."""
    transport = httpx.ASGITransport(cast("Any", create_app(settings, pool)))
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as process:
        yield process


async def test_each_published_change_is_an_item_newest_first(client: httpx.AsyncClient, desk: Desk) -> None:
    added = await desk.publish(start())
    altered = await desk.publish(alter(subject(added), "2027-02-01", SECOND_PLACE))
    postponed = await desk.postpone(altered.id, "2027-03-01")
    withdrawn = await desk.withdraw(altered.id)
    await desk.draft(alter(subject(added), "2027-04-01", {"product": "Mailer"}))

    answer = await client.get(FEED)
    read = feedparser.parse(answer.content, response_headers=dict(answer.headers))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert not read.bozo
    assert read.feed.title == "MIBNtech sub-processors"
    assert [entry.id for entry in read.entries] == [
        change.id.urn for change in (withdrawn, postponed, altered, added)
    ]
    assert [entry.onward_kind for entry in read.entries] == [
        "withdrawal",
        "postponement",
        "material_change",
        "added",
    ]
    assert read.entries[1].onward_effective_on == "2027-03-01"
    assert read.entries[2].onward_effective_on == "2027-02-01"
    assert "Lyon, France" in read.entries[2].title
    assert read.entries[3].onward_sub_processor == "Sendinblue SAS (Brevo)"
    assert read.entries[3].onward_sub_processor_id == subject(added).urn


async def test_every_address_is_the_public_one_whatever_host_was_asked(
    client: httpx.AsyncClient, desk: Desk, settings: Settings
) -> None:
    change = await desk.publish(start())

    read = feedparser.parse((await client.get(FEED, headers={"Host": "evil.example"})).content)

    assert read.entries[0].link == f"{settings.public_url}/changes/{change.id}"
    assert all(link.href.startswith(settings.public_url) for link in read.feed.links)
    assert (await client.get(read.entries[0].link)).status_code == 200


async def test_the_same_rows_give_the_same_bytes_and_tag(client: httpx.AsyncClient, desk: Desk) -> None:
    await desk.publish(start())
    first, second = await client.get(FEED), await client.get(FEED)

    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert first.headers["cache-control"].startswith("public, max-age=")


async def test_an_empty_feed_is_a_feed_without_a_date(client: httpx.AsyncClient) -> None:
    answer = await client.get(FEED)

    assert answer.status_code == 200
    assert not feedparser.parse(answer.content).bozo
    assert "last-modified" not in answer.headers
    assert (await client.get(FEED, headers={"If-None-Match": answer.headers["etag"]})).status_code == 304


async def test_publishing_makes_another_tag_and_drafting_does_not(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    change = await desk.publish(start())
    tag = (await client.get(FEED)).headers["etag"]

    await desk.draft(alter(subject(change), "2027-02-01", SECOND_PLACE))
    assert (await client.get(FEED, headers={"If-None-Match": tag})).status_code == 304

    await desk.publish(alter(subject(change), "2027-02-01", SECOND_PLACE))
    assert (await client.get(FEED, headers={"If-None-Match": tag})).status_code == 200


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"a",W/{} , "b"', "*"])
async def test_who_has_the_feed_gets_304_without_a_body(
    client: httpx.AsyncClient, desk: Desk, form: str
) -> None:
    await desk.publish(start())
    whole = await client.get(FEED)

    answer = await client.get(FEED, headers={"If-None-Match": form.format(whole.headers["etag"])})

    assert answer.status_code == 304
    assert answer.content == b""
    assert "content-type" not in answer.headers
    for name in ("etag", "last-modified", "cache-control"):
        assert answer.headers[name] == whole.headers[name]


async def test_not_modified_is_decided_before_the_feed_is_built(
    client: httpx.AsyncClient, desk: Desk, pool: Pool, settings: Settings
) -> None:
    await desk.publish(start())
    whole = await client.get(FEED)
    await pool.execute("UPDATE change SET news = '[{}]'")  # From here on the feed cannot be built.

    async with another(settings, pool) as process:
        asked = {"If-None-Match": whole.headers["etag"]}
        assert (await process.get(FEED)).status_code == 500
        assert (await process.get(FEED, headers=asked)).status_code == 304
        asked = {"If-Modified-Since": whole.headers["last-modified"]}
        assert (await process.get(FEED, headers=asked)).status_code == 304


@pytest.mark.parametrize(
    ("since", "status"),
    [
        pytest.param("Tue, 24 Nov 2026 07:59:00 GMT", 200, id="older"),
        pytest.param("Tue, 24 Nov 2026 07:59:59 GMT", 200, id="the second before"),
        pytest.param("Tue, 24 Nov 2026 08:00:00 GMT", 304, id="the date that the feed had"),
        pytest.param("Tue, 24 Nov 2026 09:59:00 GMT", 304, id="newer"),
        pytest.param("Tuesday, 24-Nov-26 09:59:00 GMT", 304, id="the old form"),
        pytest.param("yesterday", 200, id="not a date"),
        pytest.param("Tue, 24 Nov 2026 25:61:00 GMT", 200, id="impossible"),
        pytest.param("", 200, id="empty"),
    ],
)
async def test_a_date_is_compared_where_there_is_no_tag(
    client: httpx.AsyncClient, desk: Desk, pool: Pool, since: str, status: int
) -> None:
    await desk.publish(start())
    await pool.execute("UPDATE head SET feed_at = '2026-11-24T08:00:00Z'")

    assert (await client.get(FEED, headers={"If-Modified-Since": since})).status_code == status


async def test_what_is_published_within_one_second_is_never_missed_by_its_date(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    added = await desk.publish(start())
    first = await client.get(FEED)
    again = await client.get(FEED, headers={"If-Modified-Since": first.headers["last-modified"]})
    await desk.publish(alter(subject(added), "2027-02-01", SECOND_PLACE))
    news = await client.get(FEED, headers={"If-Modified-Since": first.headers["last-modified"]})

    assert (again.status_code, news.status_code) == (304, 200)
    assert len(feedparser.parse(news.content).entries) == 2
    assert news.headers["last-modified"]


async def test_a_tag_wins_over_a_date(client: httpx.AsyncClient, desk: Desk) -> None:
    await desk.publish(start())
    headers = {"If-None-Match": '"another"', "If-Modified-Since": "Wed, 25 Nov 2026 09:00:00 GMT"}

    assert (await client.get(FEED, headers=headers)).status_code == 200


async def test_head_answers_like_get_without_the_body(client: httpx.AsyncClient, desk: Desk) -> None:
    await desk.publish(start())
    got, head = await client.get(FEED), await client.head(FEED)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-type"] == got.headers["content-type"]


async def test_any_text_that_is_taken_leaves_the_feed_readable(client: httpx.AsyncClient, desk: Desk) -> None:
    nasty = "<script>alert('1')</script> ]]> & \"Söhne\" 😀 \u0378"
    draft = start(
        BREVO | {"legal_name": nasty, "trading_name": nasty}, product=nasty, summary=f"{nasty}\n\tmore"
    )
    await desk.publish(draft | {"reason": f"{nasty}\n\u202e{nasty}"})

    content = (await client.get(FEED)).content

    read = feedparser.parse(content, sanitize_html=False)
    assert not read.bozo
    assert b"<script" not in content
    assert read.entries[0].title == f"{nasty} is added as a sub-processor from 1 January 2026"


async def test_the_feed_holds_the_newest_two_hundred(
    client: httpx.AsyncClient, desk: Desk, pool: Pool
) -> None:
    await desk.publish(start())
    await pool.execute(COPY, 205)
    await pool.execute("UPDATE head SET change_no = 205")

    read = feedparser.parse((await client.get(FEED)).content)

    assert [int(entry.onward_number) for entry in read.entries] == list(range(205, 5, -1))


@pytest.mark.parametrize("page", ["02", "+2", "2.0", "٢"])
async def test_a_page_of_the_archive_has_one_address(client: httpx.AsyncClient, page: str) -> None:
    for form in ("rss", "atom", "json"):
        assert (await client.get(f"/feeds/archive/{page}/changes.{form}")).status_code == 404
