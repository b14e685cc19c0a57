"""From a publication to a receiver: every client is told, each by itself, and the ledger says what happened."""

import json
from typing import Any

import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.receivers import receiving
from tests.registry.office import Office
from tests.registry.working import delivered, reaching, verified, webhook


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return reaching(settings)


async def ledger(office: Office, **filters: str) -> list[dict[str, Any]]:
    found = await office.client.get("/v1/deliveries", params=filters, headers=office.otto)
    assert found.status_code == 200, found.text
    data: list[dict[str, Any]] = found.json()["data"]
    return data


async def test_a_publication_reaches_the_webhook_of_a_client_signed_and_gives_the_notice(
    office: Office, pool: Pool, clock: Clock, settings: Settings
) -> None:
    client_id = await clients.taken_on(office, pool, clock, channel=False)
    key = await clients.key(pool, clock, client_id)
    async with receiving() as receiver:
        made = await webhook(office.client, key, receiver)
        await delivered(pool, clock, settings)
        [test] = receiver.asked
        _, change = await office.added(day="2027-03-01")
        await delivered(pool, clock, settings)
        _, told = receiver.asked

    assert verified(test, made["secret"])
    assert verified(told, made["secret"])
    assert json.loads(test.body)["type"] == "subscription.test"
    body = json.loads(told.body)
    assert (body["type"], body["data"]["id"]) == ("change.published", change["id"])
    assert body["notice"]["state"] == "open"
    delivery, reminder = await ledger(office, change=change["id"])
    assert (delivery["id"], delivery["state"]) == (told.headers["webhook-id"], "delivered")
    assert (reminder["occasion"], reminder["due_at"]) == ("reminder", "2026-12-01T07:00:00Z")
    notices = await office.client.get("/v1/notices", headers=key)
    [notice] = notices.json()["data"]
    assert (notice["state"], notice["given_on"], notice["objection_until"]) == (
        "open",
        "2026-11-24",
        "2026-12-08",
    )
