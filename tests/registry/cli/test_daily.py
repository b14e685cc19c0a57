"""What a server process does beside answering: it looks again at its start, and stops when it is told to."""

import asyncio
import logging
from pathlib import Path
from uuid import UUID

import pytest

from registry.actions import reassessments, watches
from registry.app import create_app
from registry.cli import daily
from registry.clock import Clock
from registry.database import Pool, open_pool
from registry.resources.actors import Actor, Role
from registry.resources.watches import WatchState
from registry.settings import Settings
from registry.store import watches as watch_store
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


async def test_watched_lists_are_looked_at_when_they_are_due(
    office: Office, settings: Settings, pool: Pool, clock: Clock, tmp_path: Path
) -> None:
    vendor, _ = await office.added()
    file = tmp_path / "list.csv"
    file.write_text("Name,Purpose,Location\nChain GmbH,Hosting,Germany\n")
    async with pool.acquire() as db:
        actor = Actor(name="key:noor", holder="Noor", role=Role.PROCUREMENT)
        await watches.add(db, actor, clock, source=str(file), name="Theirs", sub_processor_id=UUID(vendor))
        # The app's own clock begins at the same moment as the one of this test, but later.
        await db.execute("UPDATE watched_list SET due_at = due_at - interval '1 hour'")
    app = create_app(settings, pool, beside=(daily.watching,))
    async with app.lifespan(), pool.acquire() as db:
        for _ in range(600):
            [watched] = await watch_store.everything(db)
            if watched.state is not WatchState.NEW:
                break
            await asyncio.sleep(0.1)

    assert (watched.state, watched.entries, watched.failures) == (WatchState.UNCHANGED, 1, 0)
