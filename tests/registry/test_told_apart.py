"""A client is told what touches it, never less, and nothing that is for colleagues alone."""

import json
from typing import Any

import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.receivers import receiving
from tests.registry.office import Office, terms
from tests.registry.working import Desk, open_desk, reaching, webhook

TAKE = "UPDATE client_terms SET document = jsonb_set(document, '{services}', $1)"

SALARIES = {
    "purpose": "Salary slips",
    "data": {"contact": {"text": "Contact details"}},
    "places": {"main": {"role": "storage", "text": "Norway"}},
    "services": {"payroll": True},
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return reaching(settings)


@pytest.fixture
async def desk(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    return await open_desk(office, pool, clock, settings)


def two_uses() -> dict[str, Any]:
    """Terms of which one use is for one service and the other for another."""
    used = terms()
    used["uses"]["hosting"]["services"] = {"desk": True}
    used["uses"]["salaries"] = SALARIES
    return used


async def service(desk: Desk, key: str) -> None:
    body = {"key": key, "name": key.title()}
    made = await desk.office.client.post("/v1/services", json=body, headers=desk.office.noor)
    assert made.status_code == 201, made.text


async def test_a_webhook_carries_the_public_change_and_what_of_it_touches_the_client(
    desk: Desk, pool: Pool, clock: Clock
) -> None:
    client = desk.office.client
    for name in ("desk", "payroll"):
        await service(desk, name)
    other = await clients.taken_on(desk.office, pool, clock, "C-2", channel=False, services={"desk": True})
    async with receiving() as receiver:
        await webhook(client, await clients.key(pool, clock, other), receiver)
        await desk.delivered()
        await desk.office.added(day="2027-06-01", **two_uses())
        await desk.delivered()
        told = json.loads(receiver.asked[-1].body)
    public = (await client.get("/v1/changes")).json()["data"][0]
    assert told["data"]["parts"] == public["parts"]
    assert "Norway" in json.dumps(told["data"])
    concerns = json.dumps(told["notice"]["concerns"])
    assert "Germany" in concerns
    assert "Norway" not in concerns
    assert "Salary slips" not in concerns


@pytest.mark.parametrize("what", ["withdrawal", "postponement"])
async def test_who_was_told_learns_what_becomes_of_it_and_nothing_for_colleagues_alone(
    desk: Desk, pool: Pool, what: str
) -> None:
    """Even where it does not take any more what the change was about."""
    await service(desk, "desk")
    await pool.execute(TAKE, {"desk": True})
    used = terms(notice_days=17)
    used["uses"]["hosting"]["services"] = {"desk": True}
    _, change = await desk.office.added(day="2027-06-01", **used)
    await service(desk, "payroll")
    await pool.execute(TAKE, {"payroll": True})
    day = {"effective_on": "2027-07-01"} if what == "postponement" else {}
    drafted = await desk.office.about(change["id"], what, **day)
    assert (await desk.office.publish(drafted.json()["id"])).status_code == 201
    told = {notice["change_number"]: json.dumps(notice["news"]) for notice in await desk.notices()}
    assert set(told) == {1, 2}
    for news in told.values():
        assert "Germany" in news
        assert "notice_days" not in news
        assert '"17' not in news
