"""Notices over time: the clock of each is its own, and every read moves on by itself."""

from datetime import datetime
from typing import Any, cast

import httpx
import pytest
from msgspec.structs import replace

from registry.app import create_app
from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.receivers import receiving
from tests.registry.office import Office, organisation, terms
from tests.registry.working import Desk, open_desk, reaching, webhook


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return reaching(settings)


@pytest.fixture
async def desk(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    return await open_desk(office, pool, clock, settings)


async def later(desk: Desk, moment: str) -> Desk:
    """The same register at another moment, which nothing has run in between."""
    settings = replace(desk.settings, now=datetime.fromisoformat(moment))
    app = create_app(settings, desk.pool)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url=settings.public_url)
    office = Office(
        client,
        {
            "procurement": desk.office.noor,
            "privacy": desk.office.bram,
            "admin": desk.office.ada,
            "auditor": desk.office.otto,
        },
    )
    return desk._replace(office=office, settings=settings, clock=Clock(settings))


@pytest.mark.parametrize(
    ("days", "last", "after"),
    [
        (10, "2026-12-04T23:59:00+01:00", "2026-12-05T00:01:00+01:00"),
        (30, "2026-12-24T23:59:00+01:00", "2026-12-25T00:01:00+01:00"),
        (180, "2027-05-23T23:59:00+02:00", "2027-05-24T00:01:00+02:00"),
    ],
)
async def test_the_last_day_ends_at_midnight_and_every_read_has_moved_on(
    office: Office, pool: Pool, clock: Clock, settings: Settings, *, days: int, last: str, after: str
) -> None:
    client_id = await clients.taken_on(
        office, pool, clock, channel=False, notice_days=days, objection_days=days
    )
    key = await clients.key(pool, clock, client_id)
    desk = Desk(office, pool, clock, settings, client_id, key)
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        vendor, _ = await office.added(day="2027-06-01")
        await desk.delivered()
    [before] = await desk.notices()
    [then] = await (await later(desk, last)).notices()
    moved = await later(desk, after)
    [now] = await moved.notices()
    assert (before["state"], then["state"], now["state"]) == ("open", "open", "accepted_by_silence")
    assert then["objection_until"] == last[:10]
    assert len(await moved.notices(state="accepted_by_silence")) == 1
    assert await moved.notices(state="open") == []
    effective = await later(desk, "2027-06-01T00:00:00+02:00")
    listed = await effective.office.client.get(f"/v1/sub-processors/{vendor}")
    assert listed.json()["status"] == "active"


async def test_a_notice_that_reaches_nobody_counts_for_nothing_however_long(desk: Desk) -> None:
    _, change = await desk.office.added(day="2027-06-01")
    [notice] = await (await later(desk, "2028-01-01T00:00:00+01:00")).notices()
    assert (notice["change_id"], notice["state"]) == (change["id"], "not_given")
    assert (notice["given_on"], notice["objection_until"]) == (None, None)


async def test_the_period_counts_from_the_day_on_which_the_receiver_accepts(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        await desk.office.added(day="2027-06-01")
        # Nothing was sent for a week, as when every worker was down.
        afterwards = await later(desk, "2026-12-01T10:00:00+01:00")
        await afterwards.delivered()
    [notice] = await afterwards.notices()
    assert (notice["given_on"], notice["objection_until"]) == ("2026-12-01", "2026-12-15")


async def test_a_reminder_comes_a_week_before_the_last_day_to_who_has_said_nothing(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        await desk.office.added(day="2027-06-01")
        await desk.delivered()
        early = await later(desk, "2026-12-01T07:59:00+01:00")
        await early.delivered()
        assert len(receiver.asked) == 2
        due = await later(desk, "2026-12-01T08:01:00+01:00")
        await due.delivered()
        assert b'"type":"change.reminder"' in receiver.asked[2].body
        await due.delivered()
        assert len(receiver.asked) == 3


async def test_a_withdrawal_is_told_to_who_was_told_and_ends_its_reminder(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        _, change = await desk.office.added(day="2027-06-01")
        await desk.delivered()
        drafted = await desk.office.about(change["id"], "withdrawal")
        await desk.office.publish(drafted.json()["id"])
        await desk.delivered()
        assert b'"kind":"withdrawal"' in receiver.asked[2].body
        await (await later(desk, "2026-12-02T10:00:00+01:00")).delivered()
        assert len(receiver.asked) == 3
    states = {notice["change_id"]: notice["state"] for notice in await desk.notices()}
    assert states == {change["id"]: "withdrawn", drafted.json()["id"]: "told"}


async def test_a_postponement_is_told_and_restarts_no_clock(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        _, change = await desk.office.added(day="2027-06-01")
        await desk.delivered()
        drafted = await desk.office.about(change["id"], "postponement", effective_on="2027-07-01")
        await desk.office.publish(drafted.json()["id"])
        await desk.delivered()
        assert b'"kind":"postponement"' in receiver.asked[2].body
    until = {notice["change_id"]: notice["objection_until"] for notice in await desk.notices()}
    assert until[change["id"]] == "2026-12-08"


async def test_who_was_told_by_other_means_has_a_notice_of_that_day_and_is_not_told_again(desk: Desk) -> None:
    async with receiving() as receiver:
        await desk.webhook(receiver)
        await desk.delivered()
        drafted = await desk.office.draft(
            kind="added",
            parts=[
                {
                    "sub_processor": {"organisation": organisation()},
                    "operation": "start",
                    "effective_on": "2026-11-01",
                    "patch": terms(),
                }
            ],
        )
        told = {"told_on": "2026-09-30", "how": "By letter"}
        published = await desk.office.publish(drafted.json()["id"], already_told=told)
        await desk.delivered()
        assert published.status_code == 201, published.text
        assert len(receiver.asked) == 1
    [notice] = await desk.notices()
    assert (notice["given_on"], notice["given_at"], notice["state"]) == (
        "2026-09-30",
        None,
        "accepted_by_silence",
    )


async def test_who_became_a_client_after_others_were_told_is_told_now(desk: Desk) -> None:
    newcomer = await clients.taken_on(
        desk.office, desk.pool, desk.clock, "C-2", day="2026-10-15", channel=False
    )
    key = await clients.key(desk.pool, desk.clock, newcomer)
    async with receiving() as receiver:
        await webhook(desk.office.client, key, receiver)
        await desk.delivered()
        drafted = await desk.office.draft(
            kind="added",
            parts=[
                {
                    "sub_processor": {"organisation": organisation()},
                    "operation": "start",
                    "effective_on": "2026-11-01",
                    "patch": terms(),
                }
            ],
        )
        told = {"told_on": "2026-09-30", "how": "By letter"}
        published = await desk.office.publish(drafted.json()["id"], already_told=told)
        assert published.status_code == 201, published.text
        await desk.delivered()
        assert drafted.json()["id"].encode() in receiver.asked[-1].body
    listed = await desk.office.client.get(
        f"/v1/changes/{drafted.json()['id']}/notices", headers=desk.office.bram
    )
    found = {notice["client_id"]: notice for notice in listed.json()["data"]}
    assert found[desk.client_id]["given_on"] == "2026-09-30"
    assert found[newcomer]["given_on"] == "2026-11-24"
    assert (found[newcomer]["state"], found[newcomer]["objection_until"]) == ("open", "2026-12-08")


async def test_a_change_that_touches_only_others_makes_no_notice(desk: Desk) -> None:
    """A client that takes one service is not told of what serves another."""
    for name in ("desk", "payroll"):
        await desk.office.client.post(
            "/v1/services", json={"key": name, "name": name.title()}, headers=desk.office.noor
        )
    other = await clients.taken_on(
        desk.office, desk.pool, desk.clock, "C-2", channel=False, services={"payroll": True}
    )
    key = await clients.key(desk.pool, desk.clock, other)
    used = terms()
    used["uses"]["hosting"]["services"] = {"desk": True}
    async with receiving() as receiver:
        await webhook(desk.office.client, key, receiver)
        await desk.delivered()
        await desk.office.added(day="2027-06-01", **used)
        await desk.delivered()
        assert len(receiver.asked) == 1
    assert (await desk.office.client.get("/v1/notices", headers=key)).json()["data"] == []
    assert len(await desk.notices()) == 1


async def test_a_client_that_was_told_by_letter_has_its_period_from_that_day(desk: Desk) -> None:
    _, change = await desk.office.added(day="2027-06-01")
    path = f"/v1/changes/{change['id']}/notices/{desk.client_id}/telling"
    told = {"told_on": "2026-11-24", "how": "By registered letter", "reference": "R 4711"}
    client = desk.office.client
    early = await client.post(path, json={**told, "told_on": "2026-11-23"}, headers=desk.office.bram)
    assert (early.status_code, early.json()["errors"][0]["member"]) == (400, "told_on")
    refused = await client.post(path, json={**told, "told_on": "2026-11-25"}, headers=desk.office.bram)
    for who, status in ((desk.office.noor, 403), (desk.dana, 403), (desk.office.otto, 403), ({}, 401)):
        assert (await client.post(path, json=told, headers=who)).status_code == status
    done = await client.post(path, json=told, headers=desk.office.bram)
    again = await client.post(path, json=told, headers=desk.office.bram)
    nobody = await client.post(
        path.replace(desk.client_id, change["id"]), json=told, headers=desk.office.bram
    )
    assert (refused.status_code, done.status_code, again.status_code, nobody.status_code) == (
        400,
        200,
        409,
        404,
    )
    assert (done.json()["state"], done.json()["given_at"]) == ("open", None)
    assert (done.json()["given_on"], done.json()["objection_until"]) == ("2026-11-24", "2026-12-08")


async def test_who_becomes_a_client_during_a_notice_period_gets_its_notice_then(desk: Desk) -> None:
    _, change = await desk.office.added(day="2027-06-01")
    await desk.office.added("Past GmbH", day="2026-01-01")
    newcomer = await clients.taken_on(
        desk.office, desk.pool, desk.clock, "C-2", day="2026-11-24", channel=False
    )
    key = await clients.key(desk.pool, desk.clock, newcomer)
    async with receiving() as receiver:
        await webhook(desk.office.client, key, receiver)
        await desk.delivered()
        _, told = receiver.asked
    [notice] = (await desk.office.client.get("/v1/notices", headers=key)).json()["data"]
    assert change["id"].encode() in told.body
    assert (notice["change_id"], notice["state"]) == (change["id"], "open")
