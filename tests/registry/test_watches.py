"""Watched lists: what differs is told by its weight and drafted for a person, with manners, and never published."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from registry.actions import watches
from registry.actions.watching import Setting
from registry.channels.allowances import Allowances
from registry.clock import Clock
from registry.database import Pool
from registry.delivery.fetching import Fetcher
from registry.delivery.guard import Guard
from registry.resources.access_keys import KeyRole
from registry.resources.actors import Actor, Role
from registry.resources.watches import Fetched, Watched, WatchedDifference, WatchedList, WatchState, Weight
from registry.store import watches as store
from tests import keys
from tests.registry.delivery.receivers import Asked, Receiver, answer, receiving
from tests.registry.office import Office, terms
from transfers import load_law

NOOR = Actor(name="key:noor", holder="Noor", role=Role.PROCUREMENT)
LIST = (
    "<h1>Sub-processors</h1><table><tr><th>Name</th><th>Purpose</th><th>Location</th></tr>"
    "<tr><td>Chain GmbH</td><td>Hosting of backups</td><td>Germany</td></tr>"
    "<tr><td>Link Inc.</td><td>Support by telephone</td><td>Ireland</td></tr></table>"
)
SETTING = Setting(law=load_law(), notice_days=30)


class Site:
    """What a vendor publishes, by path; a page is answered with its ETag, and with 304 to who has it."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {"/list": LIST.encode()}
        self.receiver: Receiver | None = None

    async def __call__(self, writer: asyncio.StreamWriter, asked: Asked) -> None:
        path = asked.line.split()[1]
        page = self.pages.get(path)
        tag = f'"{hash(page)}"'
        if page is None:
            written = answer("404 Not Found")
        elif page.startswith(b"HTTP/1.1 "):
            written = page
        elif asked.headers.get("if-none-match") == tag:
            written = answer("304 Not Modified", f"ETag: {tag}")
        else:
            written = answer("200 OK", f"ETag: {tag}", "Content-Type: text/html; charset=utf-8", body=page)
        writer.write(written)
        await writer.drain()

    @property
    def paths(self) -> list[str]:
        assert self.receiver is not None
        return [asked.line.split()[1] for asked in self.receiver.asked]

    def url(self, path: str = "/list") -> str:
        assert self.receiver is not None
        return f"http://127.0.0.1:{self.receiver.port}{path}"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    published = Site()
    async with receiving(published, tls=None) as receiver:
        published.receiver = receiver
        yield published


class Desk:
    """Watches and looks, as `onward watch` does."""

    def __init__(self, pool: Pool, clock: Clock, site: Site) -> None:
        self.pool, self.clock, self.site = pool, clock, site

    async def add(self, source: str, vendor: str | None = None) -> WatchedList:
        async with self.pool.acquire() as db:
            key = UUID(vendor) if vendor else None
            return await watches.add(
                db, NOOR, self.clock, source=source, name="Vendor's list", sub_processor_id=key
            )

    async def look(self, *, take: bool = False) -> WatchedList:
        """Look at the one list that is watched."""
        assert self.site.receiver is not None
        allow = Allowances.read(f"http://127.0.0.1:{self.site.receiver.port}")
        async with Guard(allow, 5) as guard, self.pool.acquire() as db:
            [watched] = await store.watched(db)
            fetched = await watches.ask(watched, Fetcher(guard, self.clock, files=True, pause=0), self.clock)
            return await watches.look(db, NOOR, self.clock, watched, fetched, SETTING, take=take)


@pytest.fixture
def desk(pool: Pool, clock: Clock, site: Site) -> Desk:
    return Desk(pool, clock, site)


def found(of: WatchedList) -> list[tuple[str, Weight, bool]]:
    return [(one.name, one.weight, one.change_id is not None) for one in of.found]


async def change(office: Office, of: WatchedDifference) -> dict[str, Any]:
    answered = await office.client.get(f"/v1/changes/{of.change_id}", headers=office.otto)
    drafted: dict[str, Any] = answered.json()
    return drafted


async def test_the_first_look_remembers_and_the_next_asks_only_whether_it_changed(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added()
    await desk.add(site.url(), vendor)

    first = await desk.look()
    second = await desk.look()

    assert (first.state, first.entries, first.found) == (WatchState.UNCHANGED, 2, ())
    assert "first time, with 2 sub-processors" in str(first.message)
    assert (second.state, second.message) == (WatchState.UNCHANGED, None)
    assert site.paths == ["/robots.txt", "/list", "/robots.txt", "/list"]
    assert second.read_at == first.read_at


async def test_what_differs_is_told_by_its_weight_and_drafted_for_a_person(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added("Acme Hosting GmbH")
    await desk.add(site.url(), vendor)
    await desk.look()
    site.pages["/list"] = (
        LIST.replace("Link Inc.</td><td>Support by telephone", "Link Inc.</td><td>Support by  Telephone")
        .replace("</table>", "<tr><td>Fresh Ltd</td><td>Analytics</td><td>India</td></tr></table>")
        .replace("<td>Germany</td>", "<td>Germany, Singapore</td>")
        .encode()
    )

    looked = await desk.look()

    assert looked.state is WatchState.CHANGED
    assert found(looked) == [
        ("Chain GmbH", Weight.MATERIAL, True),
        ("Link Inc.", Weight.CORRECTION, True),
        ("Fresh Ltd", Weight.MATERIAL, True),
    ]
    chain, _, fresh = looked.found
    assert any("Singapore" in told for told in chain.told)
    assert "new on their list: Analytics, India" in fresh.told[0]
    drafted = await change(office, fresh)
    assert (drafted["state"], drafted["kind"], drafted["published_by"]) == ("draft", "added", None)
    acme = await organisation_of(office, "Acme Hosting GmbH")
    assert drafted["parts"][0]["patch"]["engaged_by"] == {acme: True}
    journal = (await office.client.get("/v1/journal", params={"limit": 200}, headers=office.otto)).json()
    assert journal["verified"]
    assert [entry["operation"] for entry in journal["data"]].count("watched") == 1


async def test_spelling_alone_is_cosmetic_and_drafts_nothing(office: Office, desk: Desk, site: Site) -> None:
    vendor, _ = await office.added()
    await desk.add(site.url(), vendor)
    await desk.look()
    site.pages["/list"] = LIST.replace("Link Inc.", "LINK, Inc").encode()

    looked = await desk.look()

    assert found(looked) == [("LINK, Inc", Weight.COSMETIC, False)]


async def organisation_of(office: Office, name: str) -> str:
    listed = (await office.client.get("/v1/organisations", headers=office.otto)).json()["data"]
    [found_one] = [one["id"] for one in listed if one["facts"]["legal_name"] == name]
    return str(found_one)


async def test_one_that_is_gone_ends_where_the_vendor_alone_engages_it(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added("Acme Hosting GmbH")
    acme = await organisation_of(office, "Acme Hosting GmbH")
    link, _ = await office.added("Link Inc.", **terms(engaged_by={acme: True}))
    await desk.add(site.url(), vendor)
    await desk.look()
    site.pages["/list"] = LIST.partition("<tr><td>Link")[0].encode() + b"</table>"

    [gone] = (await desk.look()).found

    assert (gone.name, gone.weight, gone.told) == (
        "Link Inc.",
        Weight.MATERIAL,
        ("It is not on their list any more.",),
    )
    drafted = await change(office, gone)
    assert (drafted["kind"], drafted["parts"][0]["sub_processor_id"]) == ("removed", link)


async def test_what_the_register_refuses_is_told_beside_what_was_found(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added("Acme Hosting GmbH")
    acme = await organisation_of(office, "Acme Hosting GmbH")
    await office.added("Link Inc.", day="2026-11-24", **terms(engaged_by={acme: True}))
    await desk.add(site.url(), vendor)
    await desk.look()
    row = "<tr><td>Fresh Ltd</td><td>Analytics</td><td>India</td></tr></table>"
    site.pages["/list"] = (LIST.partition("<tr><td>Link")[0] + row).encode()

    looked = await desk.look()

    assert found(looked) == [("Fresh Ltd", Weight.MATERIAL, True), ("Link Inc.", Weight.MATERIAL, False)]
    assert "It cannot be drafted" in looked.found[1].told[1]
    journal = (await office.client.get("/v1/journal", params={"limit": 200}, headers=office.otto)).json()
    assert journal["verified"]


async def test_who_is_engaged_by_us_too_gets_the_vendor_as_another_engager(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added("Acme Hosting GmbH")
    ours, _ = await office.added("Fresh Ltd")
    await desk.add(site.url(), vendor)
    await desk.look()
    row = "<tr><td>Fresh Ltd</td><td>Analytics</td><td>India</td></tr></table>"
    site.pages["/list"] = LIST.replace("</table>", row).encode()

    [fresh] = (await desk.look()).found

    drafted = await change(office, fresh)
    [made] = drafted["parts"]
    assert (drafted["kind"], made["sub_processor_id"], list(made["patch"])) == (
        "material_change",
        ours,
        ["engaged_by"],
    )
    assert len(made["patch"]["engaged_by"]) == 2


async def test_our_own_list_kept_elsewhere_is_compared_with_the_register_and_drafted_once(
    office: Office, desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Name,Purpose,Location\nAcme GmbH,Hosting,Germany\n")
    await desk.add(str(file))

    first, second = await desk.look(), await desk.look()

    assert found(first) == [("Acme GmbH", Weight.MATERIAL, True)]
    assert (second.state, second.found) == (WatchState.UNCHANGED, first.found)
    drafts = (await office.client.get("/v1/changes/drafts", headers=office.otto)).json()["data"]
    assert [draft["kind"] for draft in drafts] == ["added"]
    assert (await office.client.get("/v1/sub-processors")).json()["data"] == []


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Changes</title>
<item><guid>1</guid><title>Chain GmbH is added</title><link>https://vendor.example/1</link></item>{}</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Changes</title><entry><id>1</id>
<title>Chain GmbH is added</title><link href="https://vendor.example/1"/></entry>{}</feed>"""
JSON = '{{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{{"id": "1", "title": "One"}}{}]}}'


@pytest.mark.parametrize(
    ("feed", "item"),
    [
        (RSS, "<item><guid>2</guid><title>Link leaves</title><link>https://vendor.example/2</link></item>"),
        (ATOM, "<entry><id>2</id><title>Link leaves</title><link href='https://vendor.example/2'/></entry>"),
        (JSON, ', {"id": "2", "title": "Link leaves", "url": "https://vendor.example/2"}'),
    ],
)
async def test_a_new_item_of_a_feed_is_for_a_person_to_read(
    office: Office, desk: Desk, site: Site, feed: str, item: str
) -> None:
    vendor, _ = await office.added()
    site.pages["/feed"] = feed.format("").encode()
    await desk.add(site.url("/feed"), vendor)
    first = await desk.look()
    site.pages["/feed"] = feed.format(item).encode()

    looked = await desk.look()

    assert (first.entries, first.found) == (1, ())
    assert found(looked) == [("Link leaves", Weight.MATERIAL, False)]
    assert "https://vendor.example/2" in looked.found[0].told[0]


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        ({"/robots.txt": b"User-agent: *\nDisallow: /list\n"}, "asks programs not to read this"),
        ({"/robots.txt": answer("500 Internal Server Error")}, "not known what may be read"),
        ({"/list": answer("410 Gone")}, "answered with 410"),
        ({"/list": b"<html><p>Nothing here</p></html>"}, ""),
        ({"/list": answer("302 Found", "Location: http://10.0.0.1/list")}, "This address is not called"),
        ({"/list": answer("302 Found", "Location: /list")}, "leads on more than 5 times"),
    ],
)
async def test_what_cannot_be_had_is_said_and_what_was_read_stays(
    office: Office, desk: Desk, site: Site, pages: dict[str, bytes], told: str
) -> None:
    vendor, _ = await office.added()
    await desk.add(site.url(), vendor)
    first = await desk.look()
    site.pages |= pages

    looked = await desk.look()
    site.pages = {"/list": LIST.encode()}

    assert looked.state is WatchState.FAILED
    assert told in str(looked.message)
    assert (looked.entries, looked.read_at) == (2, first.read_at)
    assert (await desk.look()).state is WatchState.UNCHANGED


async def test_a_redirect_is_followed_through_the_guard(office: Office, desk: Desk, site: Site) -> None:
    vendor, _ = await office.added()
    site.pages["/old"] = answer("301 Moved Permanently", "Location: /list")
    await desk.add(site.url("/old"), vendor)

    assert (await desk.look()).entries == 2


async def test_a_server_that_asks_to_be_left_alone_is(office: Office, desk: Desk, site: Site) -> None:
    vendor, _ = await office.added()
    site.pages["/list"] = answer("429 Too Many Requests", "Retry-After: 90000")
    await desk.add(site.url(), vendor)

    first = await desk.look()
    second = await desk.look()

    assert first.state is second.state is WatchState.FAILED
    assert second.failures == 1
    assert "not to be asked again before" in str(second.message)
    assert site.paths == ["/robots.txt", "/list"]


async def test_of_several_processes_one_looks_at_what_is_due(
    office: Office, pool: Pool, clock: Clock, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added()
    await desk.add(site.url(), vendor)
    asked: list[Watched] = []

    async def fetch(watched: Watched) -> Any:
        asked.append(watched)
        await asyncio.sleep(0)
        return Fetched(body=LIST.encode())

    async with pool.acquire() as db:
        await db.execute("UPDATE watched_list SET due_at = '2026-01-01 00:00:00+00'")

    counts = await asyncio.gather(*(watches.look_at_due(pool, fetch, clock, SETTING) for _ in range(3)))

    assert sorted(counts) == [0, 0, 1]
    assert len(asked) == 1
    assert await watches.look_at_due(pool, fetch, clock, SETTING) == 0


async def test_lists_are_watched_and_looked_at_over_http(office: Office, site: Site) -> None:
    vendor, _ = await office.added()
    body = {"source": "https://vendor.example/list", "name": "Acme's list", "sub_processor_id": vendor}
    added = await office.client.post("/v1/watched-lists", json=body, headers=office.noor)
    again = await office.client.post("/v1/watched-lists", json=body, headers=office.noor)
    file = await office.client.post("/v1/watched-lists", json={"source": "/etc/passwd"}, headers=office.noor)
    nobody = await office.client.post(
        "/v1/watched-lists",
        json={"source": "https://other.example", "sub_processor_id": "0199a7b6-0000-7000-8000-000000000000"},
        headers=office.noor,
    )
    address = added.headers["location"].partition("/v1")[2]
    inside = await office.client.post("/v1/watched-lists", json={"source": site.url()}, headers=office.noor)
    looked = await office.client.post(f"/v1/watched-lists/{inside.json()['id']}/look", headers=office.noor)

    assert (added.status_code, added.json()["state"], added.json()["created_by"]) == (201, "new", "Noor")
    assert (again.status_code, file.status_code, nobody.status_code) == (409, 400, 400)
    assert (looked.json()["state"], site.paths) == ("failed", [])
    assert "This address is not called" in looked.json()["message"]
    listed = (await office.client.get("/v1/watched-lists", headers=office.otto)).json()["data"]
    assert [one["source"] for one in listed] == [body["source"], site.url()]
    removed = await office.client.delete(
        f"/v1{address}", headers={**office.noor, "If-Match": added.headers["etag"]}
    )
    assert removed.status_code == 204
    assert (await office.client.get(f"/v1{address}", headers=office.noor)).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (None, 401, 401),
        (KeyRole.CONTRACTS, 403, 403),
        (KeyRole.AUDITOR, 200, 403),
        (KeyRole.PRIVACY, 200, 201),
    ],
)
async def test_colleagues_alone_see_what_is_watched_and_auditors_alter_nothing(  # noqa: PLR0917 - as it is read
    client: httpx.AsyncClient, pool: Pool, clock: Clock, role: KeyRole | None, reads: int, writes: int
) -> None:
    headers = await keys.headers(pool, clock, role, "Somebody") if role else {}

    body = {"source": "https://vendor.example/list"}
    assert (await client.get("/v1/watched-lists", headers=headers)).status_code == reads
    assert (await client.post("/v1/watched-lists", json=body, headers=headers)).status_code == writes
