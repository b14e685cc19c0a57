"""Who becomes a client, takes a service or has a channel confirmed during a notice period gets its notice then."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace

from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.postoffice import PostOffice, open_office
from tests.registry.delivery.receivers import receiving
from tests.registry.office import Office, terms
from tests.registry.pages.test_links import paths, press
from tests.registry.working import Desk, delivered, open_desk, reaching

DECLARED = {"declaration": "Clause 9.2 of the contract"}
ADDRESS = {"channel": "email", "purpose": "contract", "address": "dpo@client.example"}


@pytest.fixture
async def post() -> AsyncIterator[PostOffice]:
    async with open_office() as opened:
        yield opened


@pytest.fixture
def settings(settings: Settings, post: PostOffice) -> Settings:
    mail = Settings.load(
        {
            "ONWARD_SMTP_URL": f"smtp+plain://127.0.0.1:{post.port}",
            "ONWARD_MAIL_FROM": "Privacy <privacy@register.example>",
        }
    )
    return replace(reaching(settings), smtp=mail.smtp, mail_from=mail.mail_from)


@pytest.fixture
async def desk(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    return await open_desk(office, pool, clock, settings)


async def make(desk: Desk, **members: Any) -> str:
    """A channel of the client, made by privacy in its name; its id."""
    body = {**ADDRESS, "client_id": desk.client_id, **members}
    made = await desk.office.client.post("/v1/subscriptions", json=body, headers=desk.office.bram)
    assert made.status_code == 201, made.text
    channel: str = made.json()["subscription"]["id"]
    return channel


async def declare(desk: Desk, channel: str) -> None:
    path = f"/v1/subscriptions/{channel}/confirmation"
    done = await desk.office.client.post(path, json=DECLARED, headers=desk.office.bram)
    assert done.status_code in (200, 202), done.text


@pytest.mark.parametrize("way", ["declared when made", "declared later", "by its link", "after a suspension"])
async def test_an_address_that_is_confirmed_in_any_way_hears_of_what_runs(
    desk: Desk, post: PostOffice, *, way: str
) -> None:
    _, change = await desk.office.added(day="2027-06-01")
    assert [notice["state"] for notice in await desk.notices()] == ["not_given"]
    channel = await make(desk, **(DECLARED if way in ("declared when made", "after a suspension") else {}))
    if way == "declared later":
        await declare(desk, channel)
    elif way == "by its link":
        await desk.delivered()
        assert (await press(desk.office.client, paths(post)["confirm"])).status_code == 200
    elif way == "after a suspension":
        await desk.pool.execute("UPDATE subscription SET state = 'suspended', suspended_at = created_at")
        await desk.pool.execute("UPDATE delivery SET state = 'failed'")
        await declare(desk, channel)
    await desk.delivered()
    [notice] = await desk.notices()
    assert (notice["change_id"], notice["state"]) == (change["id"], "open")
    told = [mail for mail in post.mails if "Acme Hosting GmbH" in str(mail["subject"])]
    assert len(told) == 1
    # The reminder before the last day is made with it.
    occasions = [row["occasion"] for row in await desk.ledger(change=change["id"])]
    assert sorted(occasions) == ["announcement", "reminder"]


@pytest.mark.parametrize("suspended", [False, True])
async def test_a_webhook_that_answers_its_test_hears_of_what_runs(desk: Desk, *, suspended: bool) -> None:
    _, change = await desk.office.added(day="2027-06-01")
    async with receiving() as receiver:
        made = await desk.webhook(receiver)
        if suspended:
            channel = made["subscription"]["id"]
            await desk.pool.execute("UPDATE subscription SET state = 'suspended', suspended_at = created_at")
            await desk.pool.execute("UPDATE delivery SET state = 'failed'")
            path = f"/v1/subscriptions/{channel}/confirmation"
            asked = await desk.office.client.post(path, json={}, headers=desk.dana)
            assert asked.status_code in (200, 202), asked.text
        await desk.delivered()
        told = [asked.body for asked in receiver.asked if change["id"].encode() in asked.body]
    assert len(told) == 1
    [notice] = await desk.notices()
    assert notice["state"] == "open"


async def test_a_new_client_whose_channel_is_declared_hears_of_what_runs(
    desk: Desk, post: PostOffice
) -> None:
    _, change = await desk.office.added(day="2027-06-01")
    newcomer = await clients.taken_on(
        desk.office, desk.pool, desk.clock, "C-2", day="2026-11-24", channel=False
    )
    await make(desk, client_id=newcomer, **DECLARED)
    await desk.delivered()
    key = await clients.key(desk.pool, desk.clock, newcomer)
    [notice] = (await desk.office.client.get("/v1/notices", headers=key)).json()["data"]
    assert (notice["change_id"], notice["state"]) == (change["id"], "open")
    assert [str(mail["to"]) for mail in post.mails] == [ADDRESS["address"]]


async def alter(desk: Desk, **body: Any) -> None:
    path = f"/v1/clients/{desk.client_id}"
    seen = await desk.office.client.get(path, headers=desk.office.ada)
    headers = {**desk.office.ada, "If-Match": seen.headers["etag"]}
    done = await desk.office.client.patch(path, json=body, headers=headers)
    assert done.status_code == 200, done.text


async def test_who_takes_a_service_or_an_option_hears_of_what_runs(
    office: Office, pool: Pool, clock: Clock, settings: Settings, post: PostOffice
) -> None:
    for key in ("desk", "payroll"):
        await office.client.post("/v1/services", json={"key": key, "name": key}, headers=office.noor)
    client_id = await clients.taken_on(office, pool, clock, channel=False, services={"desk": True})
    desk = Desk(office, pool, clock, settings, client_id, await clients.key(pool, clock, client_id))
    await make(desk, **DECLARED)
    used = terms()
    used["uses"]["hosting"]["services"] = {"payroll": True}
    _, change = await office.added(day="2027-06-01", **used)
    await delivered(pool, clock, settings)
    assert (await desk.notices(), post.mails) == ([], [])
    await alter(desk, terms={"services": {"payroll": True}}, valid_from="2026-11-24")
    await delivered(pool, clock, settings)
    [notice] = await desk.notices()
    assert (notice["change_id"], notice["state"]) == (change["id"], "open")
    assert len(post.mails) == 1
