"""Reminders: before the last day or not at all, dated as they came due; and no letter states a day that has passed."""

import json

import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.receivers import receiving
from tests.registry.office import Office
from tests.registry.test_notices import later
from tests.registry.working import Desk, open_desk, reaching, verified


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return reaching(settings)


async def specific(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    """A client that authorises each change itself."""
    client_id = await clients.taken_on(office, pool, clock, "C-2", channel=False, authorisation="specific")
    return Desk(office, pool, clock, settings, client_id, await clients.key(pool, clock, client_id))


@pytest.mark.parametrize("authorisation", ["general", "specific"])
@pytest.mark.parametrize(
    ("moment", "reminded"), [("2026-12-08T23:50:00+01:00", True), ("2026-12-09T00:01:00+01:00", False)]
)
async def test_a_reminder_is_sent_until_the_last_day_ends_and_not_after(
    office: Office,
    pool: Pool,
    clock: Clock,
    settings: Settings,
    *,
    authorisation: str,
    moment: str,
    reminded: bool,
) -> None:
    opened = specific if authorisation == "specific" else open_desk
    desk = await opened(office, pool, clock, settings)
    async with receiving() as receiver:
        made = await desk.webhook(receiver)
        await desk.delivered()
        _, change = await office.added(day="2027-06-01")
        await desk.delivered()
        await (await later(desk, moment)).delivered()
        asked = receiver.asked[2:]
    [row] = [row for row in await desk.ledger(change=change["id"]) if row["occasion"] == "reminder"]
    if reminded:
        assert row["state"] == "delivered"
        [sent] = asked
        assert verified(sent, made["secret"])
        # It happened when it came due, however long nothing ran.
        assert json.loads(sent.body)["timestamp"] == "2026-12-01T07:00:00Z"
    else:
        assert asked == []
        assert (row["state"], row["attempts"]) == ("suppressed", 0)
        assert "last day for objections, 2026-12-08, had passed" in row["last_status"]
