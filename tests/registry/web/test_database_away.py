"""A database that is not there: a 503 that may be tried again, and an answer as soon as it is back."""

import asyncio
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

import migrations
from registry.app import create_app
from registry.database import open_pool
from registry.embedded import Postgres
from registry.settings import Settings


@pytest.mark.parametrize("path", ["/health", "/v1/services", "/"])
async def test_it_answers_again_when_the_database_does(tmp_path: Path, path: str) -> None:
    root = tmp_path / "postgres"
    with Postgres(root) as postgres:
        dsn = postgres.dsn
        pool = await open_pool(dsn)
        async with pool.acquire() as db:
            await migrations.apply(db)
        app = create_app(Settings(data_dir=tmp_path, database_url=dsn), pool)
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:  # type: ignore[arg-type]
            assert (await client.get(path)).status_code == 200

            # In threads, so that the pool hears of it.
            await asyncio.to_thread(postgres.stop)
            away = await client.get(path)

            await asyncio.to_thread(postgres.start)
            back = await client.get(path)
        pool.terminate()

    assert away.status_code == 503
    assert away.json()["type"] == "urn:onward:problem:unavailable"
    assert back.status_code == 200
