"""Answers that are ready: sent from memory, never older than believed, never more than is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar

from registry.app import create_app
from registry.database import Pool
from registry.settings import Settings
from registry.web import ready
from registry.web.ready import Ready, Shelf, prefers_page
from tests.registry.office import Office

FEED = "/feeds/changes.rss"
HEADERS = [(b"content-type", b"text/plain"), (b"cache-control", b"public")]


def answer(size: int = 10, tag: str = '"a"') -> Ready:
    return Ready(HEADERS, b"x" * size, tag=tag)


@asynccontextmanager
async def another(settings: Settings, pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    """Another process on the same database."""
    transport = httpx.ASGITransport(cast("Any", create_app(settings, pool)))
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as process:
        yield process


async def test_a_ready_answer_is_that_of_the_ordinary_way_header_by_header(
    client: httpx.AsyncClient, office: Office, app: Litestar, pool: Pool
) -> None:
    await office.added()
    for asked in ({}, {"If-None-Match": "*"}):
        app.state.shelf.forget()
        first = await client.get(FEED, headers=asked)
        app.state.pool = None  # Whoever asks the database now fails.
        second = await client.get(FEED, headers=asked)
        head = await client.head(FEED, headers=asked)
        app.state.pool = pool

        assert second.status_code == first.status_code == head.status_code
        assert second.headers.raw == first.headers.raw == head.headers.raw
        assert second.content == first.content
        assert head.content == b""


async def test_who_always_has_the_feed_is_answered_from_memory_too(
    client: httpx.AsyncClient, office: Office, settings: Settings, pool: Pool
) -> None:
    await office.added()
    asked = {"If-None-Match": (await client.get(FEED)).headers["etag"]}
    transport_app = create_app(settings, pool)
    transport = httpx.ASGITransport(cast("Any", transport_app))
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as process:
        assert (await process.get(FEED, headers=asked)).status_code == 304
        transport_app.state.pool = None
        assert (await process.get(FEED, headers=asked)).status_code == 304


async def test_the_process_that_publishes_shows_it_at_once(client: httpx.AsyncClient, office: Office) -> None:
    await office.added("First GmbH")
    before = await client.get(FEED)
    await office.added("Second GmbH")
    after = await client.get(FEED, headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert b"Second GmbH" in after.content
    assert b"Second GmbH" not in before.content


@pytest.mark.parametrize("later", [ready.AHEAD, ready.BELIEVED, 3_600])
async def test_another_process_believes_what_it_read_for_a_while_and_then_asks(
    office: Office,
    settings: Settings,
    pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
    later: float,
) -> None:
    moment = began = 1_000.0
    monkeypatch.setattr(ready, "monotonic", lambda: moment)
    await office.added("First GmbH")
    async with another(settings, pool) as process:
        assert b"Second GmbH" not in (await process.get(FEED)).content
        await office.added("Second GmbH")
        moment = began + ready.AHEAD - 0.01
        assert b"Second GmbH" not in (await process.get(FEED)).content
        moment = began + later
        assert b"Second GmbH" in (await process.get(FEED)).content


def test_one_asker_reads_ahead_while_the_others_are_answered_and_nobody_after_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = began = 1_000.0
    monkeypatch.setattr(ready, "monotonic", lambda: moment)
    shelf = Shelf()
    shelf.believe(shelf.look(), 1)
    shelf.keep(1, "/", b"", answer())

    def answered() -> list[bool]:
        return [shelf.find("/", b"") is not None for _ in range(3)]

    moment = began + ready.AHEAD
    assert shelf.find("/", b"page=2") is None  # It is not ready, so that its asker reads anyway.
    assert answered() == [False, True, True]
    moment = began + ready.BELIEVED - 0.01
    assert answered() == [True, True, True]
    moment = began + ready.BELIEVED
    assert answered() == [False, False, False]
    shelf.believe(shelf.look(), 1)
    assert answered() == [True, True, True]


async def test_a_wrong_key_is_refused_though_the_answer_is_ready(
    client: httpx.AsyncClient, office: Office
) -> None:
    await office.added()
    assert (await client.get(FEED)).status_code == 200

    wrong = await client.get(FEED, headers={"Authorization": "Bearer onw_" + "x" * 43})
    right = await client.get(FEED, headers=office.otto)

    assert (wrong.status_code, right.status_code) == (401, 200)


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "DELETE"])
async def test_other_methods_are_answered_as_ever(
    client: httpx.AsyncClient, office: Office, method: str
) -> None:
    await office.added()
    await client.get(FEED)

    said = await client.request(method, FEED)

    assert said.headers["allow"] == "GET, HEAD, OPTIONS"
    assert said.status_code == (204 if method == "OPTIONS" else 405)


def test_nothing_is_believed_that_was_read_before_this_process_wrote() -> None:
    shelf = Shelf()
    before = shelf.look()
    shelf.forget()
    shelf.believe(before, 1)
    shelf.keep(1, "/", b"", answer())

    assert shelf.find("/", b"") is None


def test_an_older_reading_never_stands_in_for_a_newer_one() -> None:
    shelf = Shelf()
    older, newer = shelf.look(), shelf.look()
    shelf.believe(newer, 2)
    shelf.keep(2, "/", b"", answer())
    shelf.believe(older, 1)

    assert shelf.known(2, "/", b"") is not None
    assert shelf.known(1, "/", b"") is None


def test_another_edition_drops_every_answer() -> None:
    shelf = Shelf()
    shelf.believe(shelf.look(), 1)
    shelf.keep(1, "/", b"", answer())
    assert shelf.find("/", b"") is not None

    shelf.believe(shelf.look(), 2)

    assert shelf.find("/", b"") is None


def test_what_is_kept_has_an_end_whatever_is_asked_for() -> None:
    shelf = Shelf()
    shelf.believe(shelf.look(), 1)
    for number in range(3 * ready.MOST_ANSWERS):
        shelf.keep(1, "/", str(number).encode(), answer())

    kept = [number for number in range(3 * ready.MOST_ANSWERS) if shelf.find("/", str(number).encode())]
    assert 0 < len(kept) <= ready.MOST_ANSWERS
    assert kept[-1] == 3 * ready.MOST_ANSWERS - 1


def test_no_more_bytes_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "MOST_BYTES", 100)
    shelf = Shelf()
    shelf.believe(shelf.look(), 1)
    for number in range(10):
        shelf.keep(1, "/", str(number).encode(), answer(40))
    shelf.keep(1, "/", b"huge", answer(101))

    kept = [shelf.find("/", str(number).encode()) for number in range(10)]
    assert sum(each.size for each in kept if each is not None) <= 100
    assert shelf.find("/", b"huge") is None


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("TEXT/HTML", True),
        ("", False),
        ("*/*", False),
        ("text/html, */*", False),
        ("text/html, application/rss+xml", False),
        ("application/rss+xml, application/xml;q=0.4, text/html;q=0.2", False),
        ("text/html;q=0", False),
        ("text/html;q=nonsense", False),
        ("application/rss+xml;q=0.5, text/html;level=1;q=0.6", True),
    ],
)
async def test_who_prefers_a_page_has_one_from_memory_as_the_ordinary_way(
    client: httpx.AsyncClient, office: Office, *, accept: str, page: bool
) -> None:
    await office.added()
    assert prefers_page(accept.encode()) == page
    for _ in range(2):
        answer = await client.get(FEED, headers={"Accept": accept})
        assert answer.status_code == (303 if page else 200)
        assert answer.headers["vary"] == "Accept, Sec-Fetch-Dest"
