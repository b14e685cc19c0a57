"""Behind a real nginx with the configuration that is shipped: kept while it may be, and never what is private."""

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import httpx
import pytest

from tests import nginx as proxies
from tests import serving
from tests.nginx import Nginx
from tests.registry.office import Office

pytestmark = pytest.mark.needs("nginx", "root")

FEED = "/feeds/changes.rss"
STATUS = "x-cache-status"


@pytest.fixture(scope="module")
def onward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A server whose feeds may be shown for a second without asking."""
    folder = tmp_path_factory.mktemp("onward") / "data"
    with serving.serving(folder, environ={"ONWARD_FEED_MAX_AGE": "1"}) as running:
        yield running


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A server as it is: its feeds may be shown for a quarter of an hour."""
    with serving.serving(tmp_path_factory.mktemp("slow") / "data") as running:
        yield running


@pytest.fixture
def proxy(onward: serving.Server, tmp_path: Path) -> Iterator[Nginx]:
    with proxies.running(tmp_path, int(onward.url.rpartition(":")[2])) as running:
        yield running


@pytest.fixture
def slow_proxy(slow: serving.Server, tmp_path: Path) -> Iterator[Nginx]:
    with proxies.running(tmp_path, int(slow.url.rpartition(":")[2])) as running:
        yield running


async def office(server: serving.Server) -> Office:
    """People of a live server: Noor drafts, Bram publishes."""
    client = httpx.AsyncClient(base_url=server.url)
    people = {}
    for role, holder in {"procurement": "Noor", "privacy": "Bram", "auditor": "Otto"}.items():
        made = await client.post(
            "/v1/access-keys", json={"role": role, "holder": holder}, headers=server.headers
        )
        assert made.status_code == 201, made.text
        people[role] = {"Authorization": f"Bearer {made.json()['secret']}"}
    return Office(client, {**people, "admin": server.headers})


@pytest.mark.parametrize(
    "path", [FEED, "/feeds/changes.atom", "/feeds/changes.json?kind=added", "/feeds/deadlines.ics"]
)
def test_the_second_request_is_answered_by_the_proxy(
    slow_proxy: Nginx, slow: serving.Server, path: str
) -> None:
    with httpx.Client(base_url=slow_proxy.url) as client:
        first, second = client.get(path), client.get(path)
        head = client.head(path)
    own = httpx.get(slow.url + path)

    assert (first.status_code, first.headers[STATUS]) == (200, "MISS")
    assert second.headers[STATUS] == head.headers[STATUS] == "HIT"
    assert first.content == second.content == own.content
    for name in ("etag", "cache-control", "content-type", "access-control-allow-origin"):
        assert second.headers[name].removeprefix("W/") == own.headers[name]


def test_who_has_the_feed_gets_304_from_the_proxy(slow_proxy: Nginx) -> None:
    with httpx.Client(base_url=slow_proxy.url, headers={"Accept-Encoding": "identity"}) as client:
        whole = client.get(FEED)
        same = client.get(FEED, headers={"If-None-Match": f'"other", {whole.headers["etag"]}'})
        other = client.get(FEED, headers={"If-None-Match": '"other"'})

    assert (same.status_code, same.headers[STATUS], same.content) == (304, "HIT", b"")
    assert (other.status_code, other.headers[STATUS]) == (200, "HIT")


def test_a_tag_of_what_the_proxy_compressed_is_still_good(slow_proxy: Nginx) -> None:
    with httpx.Client(base_url=slow_proxy.url, headers={"Accept-Encoding": "gzip"}) as client:
        whole = client.get("/feeds/changes.json")
        same = client.get("/feeds/changes.json", headers={"If-None-Match": whole.headers["etag"]})

    assert same.status_code == 304


def test_a_browser_is_sent_to_the_page_past_the_cache_and_readers_are_not(slow_proxy: Nginx) -> None:
    person = {"Sec-Fetch-Dest": "document"}
    with httpx.Client(base_url=slow_proxy.url) as client:
        answers = [client.get(FEED, headers=headers) for headers in ({}, person, {}, person)]

    assert [answer.status_code for answer in answers] == [200, 303, 200, 303]
    assert [answer.headers[STATUS] for answer in answers][2] == "HIT"


def test_a_key_decides_alone_what_it_is_answered(slow_proxy: Nginx, slow: serving.Server) -> None:
    with httpx.Client(base_url=slow_proxy.url) as client:
        assert client.get(FEED).status_code == 200
        wrong = client.get(FEED, headers={"Authorization": "Bearer onw_" + "x" * 43})
        right = client.get("/v1/journal", headers=slow.headers)
        public = client.get("/v1/journal")

    assert (wrong.status_code, right.status_code, public.status_code) == (401, 200, 401)
    assert wrong.headers[STATUS] == "BYPASS"


@pytest.mark.parametrize("path", ["/", "/v1/changes", "/v1/sub-processors", "/feeds/changes.rss?kind=x"])
def test_what_says_nothing_of_being_kept_is_not_kept(slow_proxy: Nginx, path: str) -> None:
    with httpx.Client(base_url=slow_proxy.url) as client:
        answers = [client.get(path) for _ in range(3)]

    assert "HIT" not in {answer.headers[STATUS] for answer in answers}


def test_a_private_feed_is_never_kept_nor_written_into_a_log(slow_proxy: Nginx) -> None:
    with httpx.Client(base_url=slow_proxy.url) as client:
        answers = [client.get("/feeds/clients/a-token-to-be-guarded/changes.rss") for _ in range(2)]
        client.get("/health")

    assert {answer.headers[STATUS] for answer in answers} == {"PRIVATE"}
    kept = [file for file in (slow_proxy.folder / "cache").rglob("*") if file.is_file()]
    assert not any(b"a-token-to-be-guarded" in file.read_bytes() for file in kept)
    assert "/health" in slow_proxy.logged
    assert "a-token-to-be-guarded" not in slow_proxy.logged


async def test_a_new_change_shows_once_the_feed_is_older_than_it_may_be(
    proxy: Nginx, onward: serving.Server
) -> None:
    people = await office(onward)
    async with httpx.AsyncClient(base_url=proxy.url) as client:
        assert b"Late GmbH" not in (await client.get(FEED)).content
        await people.added("Late GmbH", "2030-01-01")
        for _ in range(600):
            answer = await client.get(FEED)
            if b"Late GmbH" in answer.content:
                break
            sleep(0.05)  # noqa: ASYNC251 - there is nothing else to do meanwhile.
        else:
            pytest.fail("the proxy never shows what is new")
        assert (await client.get(FEED)).status_code == 200
    await people.client.aclose()


def test_readers_are_served_while_the_server_is_away(tmp_path: Path) -> None:
    port = serving.free_port()
    (tmp_path / "nginx").mkdir()
    with proxies.running(tmp_path / "nginx", port) as proxy, httpx.Client(base_url=proxy.url) as client:
        with serving.serving(tmp_path / "data", environ={"ONWARD_FEED_MAX_AGE": "1"}, port=port):
            whole = client.get(FEED)
        for _ in range(600):
            stale = client.get(FEED)
            if stale.headers[STATUS] == "STALE":
                break
            sleep(0.05)

        assert (stale.status_code, stale.headers[STATUS]) == (200, "STALE")
        assert stale.content == whole.content


def test_no_token_is_written_into_a_log_while_the_server_is_away(tmp_path: Path) -> None:
    tokens = {"confirm": "token-of-a-link", "feed": "token-of-a-feed"}
    with (
        proxies.running(tmp_path, serving.free_port()) as proxy,
        httpx.Client(base_url=proxy.url) as client,
    ):
        answers = [
            client.get(f"/links/confirm/{tokens['confirm']}"),
            client.post(f"/links/confirm/{tokens['confirm']}", content="x" * 100),
            client.post(f"/links/confirm/{tokens['confirm']}", content=b"x" * 11_000_000),
            client.get(f"/feeds/clients/{tokens['feed']}/changes.rss"),
            client.get(f"/feeds/clients/{tokens['feed']}/deadlines.ics"),
            client.get("/health"),
        ]
        logged = proxy.logged

    assert [answer.status_code for answer in answers] == [502, 502, 413, 502, 502, 502]
    # That it is away is known by what is no secret.
    assert "connect() failed" in logged
    assert "/health" in logged
    assert [token for token in tokens.values() if token in logged] == []


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def test_a_browser_on_plain_http_is_sent_to_the_page_past_the_cache_and_readers_are_not(
    slow_proxy: Nginx,
) -> None:
    with httpx.Client(base_url=slow_proxy.url) as client:
        answers = [client.get(FEED, headers={"Accept": accept}) for accept in ("*/*", BROWSER) * 2]

    assert [answer.status_code for answer in answers] == [200, 303, 200, 303]
    assert [answer.headers[STATUS] for answer in answers][2] == "HIT"
