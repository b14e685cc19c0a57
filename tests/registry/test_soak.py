"""A publication to many webhooks of which some fail, hang or recover, while the worker is killed again and again."""

import asyncio
import random
import signal
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from registry.database import Pool
from registry.settings import Settings
from tests.registry.delivery.receivers import receiving
from tests.registry.office import Office
from tests.registry.soaking import Habit, Village, Workers, habit, size
from tests.registry.working import verified

KILLS = 5
SCHEDULE = "0s, 1s, 1s"
ATTEMPTS = 3

LEDGER = """
    SELECT d.id, d.state, d.attempts, s.state AS channel, count(a.outcome) AS ended
    FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place)
    JOIN subscription s ON s.id = asked.id
    JOIN delivery d ON d.subscription_id = s.id AND d.change_id = $2 AND d.occasion = 'announcement'
    JOIN delivery_attempt a ON a.delivery_id = d.id
    GROUP BY asked.place, d.id, s.state
    ORDER BY asked.place
"""

PENDING = "SELECT count(*) FROM delivery WHERE state = 'pending' AND occasion = 'announcement'"
GIVEN = "SELECT count(*) FROM notice WHERE given_on IS NOT NULL"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """By the real clock: workers that are started again must agree what time it is."""
    return replace(settings, now=None)


async def test_nothing_is_lost_and_the_ledger_equals_what_receivers_saw(
    office: Office, pool: Pool, settings: Settings
) -> None:
    village, chance = Village(size()), random.Random(5)
    workers = Workers(str(settings.database_url), SCHEDULE)
    async with receiving(village.answer) as receiver:
        at = await pool.fetchval("SELECT at FROM head")
        channels = await village.settle(pool, receiver, at)
        _, change = await office.added(day=str(at.date() + timedelta(days=100)))
        for _ in range(KILLS):
            await workers.start()
            await _until_some_more_is_sent(village, chance)
            await workers.end(signal.SIGKILL)
        await workers.start()
        while await pool.fetchval(PENDING):  # noqa: ASYNC110 - the worker is another process
            await asyncio.sleep(0.1)
        said = await workers.end(signal.SIGTERM)
    assert "Traceback" not in said, said
    rows = await pool.fetch(LEDGER, channels, UUID(change["id"]))
    assert len(rows) == size()
    assert any(row["ended"] < row["attempts"] for row in rows), "no kill came in the middle of an attempt"
    for number, row in enumerate(rows):
        _compare(number, row, village)
    assert await pool.fetchval(GIVEN) == sum(habit(number) in WELL for number in range(size()))


WELL = {Habit.ANSWERS, Habit.RECOVERS}


def _compare(number: int, row: Any, village: Village) -> None:
    seen, what = village.seen[number], habit(number)
    told = f"endpoint {number}, which {what}: {dict(row)}, asked {len(seen)} times"
    assert all(verified(asked, village.secrets[number]) for asked in seen), told
    assert {asked.headers["webhook-id"] for asked in seen} == {str(row["id"])}, told
    # An attempt that a kill cut off may have reached the receiver or not; one that ended did.
    assert row["ended"] <= len(seen) <= row["attempts"], told
    assert row["attempts"] - row["ended"] <= KILLS, told
    if what in WELL:
        assert (row["state"], row["channel"]) == ("delivered", "confirmed"), told
        assert what is Habit.ANSWERS or len(seen) >= 2, told
    else:
        assert (row["state"], row["channel"]) == ("failed", "suspended"), told
        assert row["attempts"] >= ATTEMPTS, told


async def _until_some_more_is_sent(village: Village, chance: random.Random) -> None:
    """Wait for a few requests more, so that the kill comes in the middle of the work."""
    before = _sent(village.seen)
    for _ in range(100):
        if _sent(village.seen) > before + chance.randrange(size() // 8):
            return
        await asyncio.sleep(0.02)


def _sent(seen: Sequence[Sequence[object]]) -> int:
    return sum(len(each) for each in seen)
