"""What a server process does beside answering: it looks again at its start, and stops when it is told to."""

import asyncio
import logging

import pytest

from registry.actions import reassessments
from registry.app import create_app
from registry.cli import daily
from registry.clock import Clock
from registry.database import Pool, open_pool
from registry.settings import Settings
from tests.registry.office import Office
from transfers import load_law


async def test_a_look_is_taken_at_the_start(
    office: Office, settings: Settings, pool: Pool, clock: Clock
) -> None:
    await office.added()
    app = create_app(settings, pool, beside=(daily.reassessing,))
    async with app.lifespan(), pool.acquire() as db:
        for _ in range(600):
            if not await reassessments.is_due(db, clock, load_law()):
                break
            await asyncio.sleep(0.1)
        assert await db.fetchval("SELECT count(*) FROM verdict_seen") == 1


async def test_a_database_that_is_away_is_told_and_holds_up_no_stop(
    settings: Settings, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    away = await open_pool(database_url)
    await away.close()
    app = create_app(settings, away, beside=(daily.reassessing,))
    with caplog.at_level(logging.WARNING):
        async with app.lifespan():
            for _ in range(600):
                if caplog.messages:
                    break
                await asyncio.sleep(0.1)

    [said] = caplog.messages
    assert said.startswith("the transfers of 2026-11-24 could not be reassessed: ")
    assert said.endswith("; tried again soon")
