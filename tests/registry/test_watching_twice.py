"""Watched lists over several looks: what broke is not believed, nothing is drafted twice, and failures are counted."""

from datetime import timedelta
from pathlib import Path

import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from registry.resources.watches import WatchState
from tests import keys
from tests.registry.office import Office, terms
from tests.registry.test_attention_of_clients import coded
from tests.registry.test_watches import LIST, Desk, Site, change, organisation_of
from tests.registry.test_watches import desk as desk  # noqa: PLC0414 - a fixture
from tests.registry.test_watches import site as site  # noqa: PLC0414 - a fixture

ROW = "<tr><td>{}</td><td>Analytics</td><td>India</td></tr>"
FRESH = LIST.replace("</table>", f"{ROW.format('Fresh Ltd')}</table>")


def long_list(*numbers: int) -> bytes:
    rows = "".join(ROW.format(f"Vendor{number} Ltd") for number in numbers)
    return LIST.replace("</table>", f"{rows}</table>").encode()


async def drafts(office: Office) -> list[tuple[str, str]]:
    answered = await office.client.get("/v1/changes/drafts", headers=office.otto)
    return [(draft["kind"], draft["parts"][0]["name"]) for draft in answered.json()["data"]]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (long_list(1), "lost most of its rows: 3 are left of 12"),
        (long_list(*range(10)).replace(b"<th>Location</th>", b"<th>Remarks</th>"), "lost its place"),
        (b"<table><tr><th>Name</th><th>Purpose</th><th>Location</th></tr></table>", "no rows"),
    ],
)
async def test_a_page_that_broke_is_not_believed_until_a_person_says_so(
    office: Office, desk: Desk, site: Site, page: bytes, told: str
) -> None:
    vendor, _ = await office.added()
    site.pages["/list"] = long_list(*range(10))
    await desk.add(site.url(), vendor)
    first = await desk.look()
    site.pages["/list"] = page

    broken = await desk.look()

    assert (first.entries, broken.state, broken.entries, broken.found) == (12, WatchState.FAILED, 12, ())
    assert told in str(broken.message)
    assert await drafts(office) == []
    if broken.doubtful:
        [item] = await coded(office, "watch_failing")
        assert "onward watch run --take" in item["to_do"]
        taken = await desk.look(take=True)
        assert (taken.state, taken.doubtful) == (WatchState.CHANGED, False)
        assert await coded(office, "watch_failing") == []


async def test_a_list_that_becomes_a_feed_is_not_believed(office: Office, desk: Desk, site: Site) -> None:
    vendor, _ = await office.added()
    await desk.add(site.url(), vendor)
    await desk.look()
    site.pages["/list"] = b"<rss><channel><item><guid>1</guid><title>News</title></item></channel></rss>"

    looked = await desk.look()

    assert (looked.state, looked.doubtful) == (WatchState.FAILED, True)
    assert "It was a list when it was last read, and is a feed now" in str(looked.message)


async def test_our_own_list_that_lacks_most_of_the_register_ends_nothing(
    office: Office, desk: Desk, tmp_path: Path
) -> None:
    for number in range(5):
        await office.added(f"Vendor{number} Ltd")
    file = tmp_path / "list.csv"
    file.write_text("Name,Purpose,Location\nVendor0 Ltd,Hosting,Germany\n")
    await desk.add(str(file))

    looked = await desk.look()

    assert (looked.state, looked.doubtful) == (WatchState.FAILED, True)
    assert "does not have most of what is on the register" in str(looked.message)
    assert await drafts(office) == []


async def test_what_comes_goes_and_comes_again_is_drafted_once(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added()
    await desk.add(site.url(), vendor)
    await desk.look()
    site.pages["/list"] = FRESH.encode()
    [came] = (await desk.look()).found
    site.pages["/list"] = LIST.encode()
    [went] = (await desk.look()).found
    site.pages["/list"] = FRESH.encode()
    [again] = (await desk.look()).found

    assert went.change_id is None
    assert f"Draft {came.change_id} says what the list said before, and waits" in went.told[1]
    assert again.change_id == came.change_id
    assert "the draft still waits" in again.told[1]
    assert await drafts(office) == [("added", "Fresh Ltd")]


async def test_a_draft_that_somebody_discarded_is_not_made_again_while_the_list_says_the_same(
    office: Office, desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Name,Purpose,Location\nAcme GmbH,Hosting,Germany\n")
    await desk.add(str(file))
    [first] = (await desk.look()).found
    await desk.look()
    read = await office.client.get(f"/v1/changes/{first.change_id}", headers=office.noor)
    discarded = await office.client.delete(
        f"/v1/changes/{first.change_id}", headers={**office.noor, "If-Match": read.headers["etag"]}
    )
    assert discarded.status_code == 204

    [second] = (await desk.look()).found
    [third] = (await desk.look()).found
    file.write_text("Name,Purpose,Location\nAcme GmbH,Hosting,France\n")
    [other] = (await desk.look()).found

    assert second.change_id is third.change_id is None
    assert "has been decided. Nothing more is drafted" in third.told[-1]
    assert other.change_id is not None


async def test_one_draft_that_fails_leaves_nothing_in_the_next(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added("Acme Hosting GmbH")
    await desk.add(site.url(), vendor)
    await desk.look()
    await office.added("Later Ltd", day="2027-06-01")
    rows = ROW.format("Good One Ltd") + ROW.format("Later Ltd") + ROW.format("Good Two Ltd")
    site.pages["/list"] = LIST.replace("</table>", f"{rows}</table>").encode()

    looked = await desk.look()

    assert [one.change_id is not None for one in looked.found] == [True, False, True]
    assert "It cannot be drafted" in looked.found[1].told[-1]
    listed = (await office.client.get("/v1/organisations", headers=office.otto)).json()["data"]
    names = [one["facts"]["legal_name"] for one in listed]
    assert len(names) == len(set(names))
    journal = (await office.client.get("/v1/journal", params={"limit": 200}, headers=office.otto)).json()
    assert journal["verified"]


async def test_our_own_list_tells_from_what_to_what_each_entry_differs(
    office: Office, desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Name,Purpose,Location\nAcme GmbH,Hosting,India\n")
    await office.added("Acme GmbH")
    await desk.add(str(file))

    looked = await desk.look()

    [acme] = looked.found
    assert any("India" in told and "place" in told for told in acme.told), acme.told
    assert acme.change_id is not None


async def test_places_of_a_sub_processor_that_we_engage_already_are_noted_in_the_draft(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added("Acme Hosting GmbH")
    acme = await organisation_of(office, "Acme Hosting GmbH")
    await office.added("Other GmbH")
    other = await organisation_of(office, "Other GmbH")
    await office.added("Fresh Ltd", **terms(engaged_by={other: True}))
    await desk.add(site.url(), vendor)
    await desk.look()
    site.pages["/list"] = FRESH.encode()

    [fresh] = (await desk.look()).found

    drafted = await change(office, fresh)
    assert drafted["parts"][0]["patch"] == {"engaged_by": {acme: True}}
    assert "places that its terms do not have: India" in drafted["note"]


async def test_pauses_grow_while_it_fails_and_a_person_is_asked_after_three(
    office: Office, desk: Desk, site: Site, clock: Clock
) -> None:
    vendor, _ = await office.added()
    site.pages.clear()
    await desk.add(site.url(), vendor)

    pauses = []
    for _ in range(8):
        looked = await desk.look()
        assert looked.asked_at is not None
        pauses.append((looked.due_at - looked.asked_at) / timedelta(hours=1))
        if looked.failures == 2:
            assert await coded(office, "watch_failing") == []

    [item] = await coded(office, "watch_failing")
    assert pauses == [1, 2, 4, 8, 16, 32, 48, 48]
    assert (looked.failures, item["noun"], item["since"]) == (8, "watched_list", str(clock.today()))
    assert "answered with 404" in item["message"]
    site.pages["/list"] = LIST.encode()
    mended = await desk.look()
    assert (mended.failures, mended.failing_since) == (0, None)
    assert mended.looks
    assert [one.state.value for one in mended.looks][:2] == ["unchanged", "failed"]
    assert await coded(office, "watch_failing") == []


async def test_the_last_twenty_looks_are_remembered(office: Office, desk: Desk, site: Site) -> None:
    vendor, _ = await office.added()
    watched = await desk.add(site.url(), vendor)
    for _ in range(22):
        await desk.look()

    read = await office.client.get(f"/v1/watched-lists/{watched.id}", headers=office.noor)
    listed = await office.client.get("/v1/watched-lists", headers=office.noor)

    assert len(read.json()["looks"]) == 20
    assert read.json()["looks"][0]["state"] == "unchanged"
    assert "looks" not in listed.json()["data"][0]


async def test_headings_the_table_and_the_interval_can_be_said(
    office: Office, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added()
    site.pages["/list"] = LIST.replace("Location", "Wo").encode()
    body = {"source": site.url(), "sub_processor_id": vendor, "columns": {"Wo": "place"}, "every_hours": 48}
    added = await office.client.post("/v1/watched-lists", json=body, headers=office.noor)
    wrong = {**body, "source": "https://a.example/list", "columns": {"Wo": "planet"}}
    refused = await office.client.post("/v1/watched-lists", json=wrong, headers=office.noor)

    looked = await desk.look()

    assert added.status_code == 201, added.text
    assert looked.asked_at is not None
    assert (looked.entries, looked.due_at - looked.asked_at) == (2, timedelta(hours=48))
    assert refused.status_code == 400
    assert "“planet” is no column" in refused.text


async def test_a_list_is_removed_by_who_has_seen_it_as_it_is(office: Office, desk: Desk, site: Site) -> None:
    vendor, _ = await office.added()
    watched = await desk.add(site.url(), vendor)
    path = f"/v1/watched-lists/{watched.id}"
    old = (await office.client.get(path, headers=office.noor)).headers["etag"]
    await desk.look()
    new = (await office.client.get(path, headers=office.noor)).headers["etag"]

    unseen = await office.client.delete(path, headers=office.noor)
    stale = await office.client.delete(path, headers={**office.noor, "If-Match": old})
    removed = await office.client.delete(path, headers={**office.noor, "If-Match": new})

    assert (unseen.status_code, stale.status_code, removed.status_code) == (428, 412, 204)


@pytest.mark.parametrize(
    ("role", "expected"),
    [(None, 401), (KeyRole.CONTRACTS, 403), (KeyRole.AUDITOR, 403), (KeyRole.PROCUREMENT, 200)],
)
async def test_who_may_draft_may_look_and_take(  # noqa: PLR0917 - fixtures
    office: Office, desk: Desk, site: Site, pool: Pool, clock: Clock, role: KeyRole | None, expected: int
) -> None:
    vendor, _ = await office.added()
    watched = await desk.add(site.url(), vendor)
    headers = await keys.headers(pool, clock, role, "Somebody") if role else {}
    path = f"/v1/watched-lists/{watched.id}"

    looked = await office.client.post(f"{path}/look", params={"take": "true"}, headers=headers)
    removed = await office.client.delete(path, headers={**headers, "If-Match": "*"})

    assert looked.status_code == expected
    assert removed.status_code == (204 if expected == 200 else expected)
