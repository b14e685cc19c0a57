"""Publishing to very many, while others read; and a worker with its ledger beside a bare client loop."""

import asyncio
import statistics
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any, cast
from uuid import uuid4

import httpx
from msgspec.structs import replace

from registry.app import create_app
from registry.channels.allowances import Allowances
from registry.clock import Clock
from registry.database import Pool, open_pool
from registry.delivery.webhooks import new_secret
from registry.delivery.worker import Worker
from registry.settings import Settings
from tests import databases
from tests.bench import webhooks
from tests.bench.targets import at_least, at_most
from tests.registry.office import Office

SUBSCRIPTIONS = 100_000
WEBHOOKS = 5_000
NOW = datetime.fromisoformat("2026-11-24T10:00:00+01:00")

PUBLIC = """
    INSERT INTO subscription (channel, purpose, address, state, created_at, created_by, confirmed_at)
    SELECT 'email', 'news', 'reader-' || n || '@example.com', 'confirmed', $2, 'bench', $2
    FROM generate_series(1, $1::integer) AS n
"""

CLIENT = "INSERT INTO client (reference, created_at, created_by) VALUES ($1, $2, 'bench') RETURNING id"

HOOKS = """
    INSERT INTO subscription
        (client_id, channel, purpose, address, secret, state, created_at, created_by, confirmed_at)
    SELECT $2, 'webhook', 'news', $3 || '?' || n, $4, 'confirmed', $5, 'bench', $5
    FROM generate_series(1, $1::integer) AS n
"""

PENDING = "SELECT count(*) FROM delivery WHERE state = 'pending'"
DELIVERED = "SELECT count(*) FROM delivery WHERE state = 'delivered'"


def publishing() -> None:
    """Seconds that a publication takes, and what a reader waits meanwhile and before."""
    with (
        tempfile.TemporaryDirectory(prefix="onward-bench-") as folder,
        databases.durable(Path(folder) / "postgres") as dsn,
    ):
        asyncio.run(_publishing(dsn, Path(folder)))


def working() -> None:
    """Webhooks per second of a worker that claims, sends and notes, beside a bare client loop."""
    with (
        tempfile.TemporaryDirectory(prefix="onward-bench-") as folder,
        databases.durable(Path(folder) / "postgres") as dsn,
        webhooks.receiver() as port,
    ):
        rounds = []
        for _ in range(webhooks.ROUNDS):
            bare = asyncio.run(webhooks.bare(f"http://127.0.0.1:{port}/hook"))
            rounds.append((bare, asyncio.run(_working(dsn, Path(folder), port))))
    bare, ours = (max(column) for column in zip(*rounds, strict=True))
    print(f"  a bare loop of httpx             {bare:10,.0f} /s")
    print(f"  a worker with its ledger         {ours:10,.0f} /s")
    print(f"  of the bare loop                 {ours / bare:10.0%}   {at_least(ours / bare, 0.5)}")


async def _publishing(dsn: str, folder: Path) -> None:
    settings = Settings(data_dir=folder, database_url=dsn, now=NOW)
    async with await open_pool(dsn) as pool:
        office = await _office(pool, settings)
        await pool.execute(PUBLIC, SUBSCRIPTIONS, NOW)
        await pool.execute("ANALYZE")
        quiet = await _reading(office, asyncio.sleep(2))
        started = perf_counter()
        busy = await _reading(office, office.added(day="2027-03-01"))
        took = perf_counter() - started
        assert await pool.fetchval(PENDING) == SUBSCRIPTIONS
    print(f"  published to {SUBSCRIPTIONS:,} in         {took:10.1f} s   {at_most(took, 60, ' s')}")
    for name, times in (("before", quiet), ("meanwhile", busy)):
        slow = max(times) * 1000
        print(f"  a reader {name:<23} {statistics.median(times) * 1000:10.1f} ms, at most {slow:.0f} ms")


async def _reading(office: Office, other: Any) -> list[float]:
    """Read again and again while something else goes on."""
    task = asyncio.ensure_future(other)
    times = []
    while not task.done():
        started = perf_counter()
        (await office.client.get("/v1/changes")).raise_for_status()
        times.append(perf_counter() - started)
        await asyncio.sleep(0.005)
    await task
    return times


async def _working(dsn: str, folder: Path, port: int) -> float:
    settings = Settings(data_dir=folder, database_url=dsn, now=NOW)
    settings = replace(settings, webhook_allow=Allowances.read(f"http://127.0.0.1:{port}"))
    async with await open_pool(dsn) as pool:
        office = await _office(pool, settings)
        await pool.execute("TRUNCATE subscription, delivery, delivery_attempt, link_token")
        client_id = await pool.fetchval(CLIENT, f"bench-{uuid4()}", NOW)
        await pool.execute(HOOKS, WEBHOOKS, client_id, f"http://127.0.0.1:{port}/hook", new_secret(), NOW)
        _, change = await office.added(f"Vendor {uuid4()} GmbH", day="2027-03-01")
        stop = asyncio.Event()
        started = perf_counter()
        worker = asyncio.create_task(Worker(pool, Clock(settings), settings, dsn=dsn).run(stop))
        while await pool.fetchval(PENDING):  # noqa: ASYNC110 - it is the worker that is measured
            await asyncio.sleep(0.05)
        took = perf_counter() - started
        stop.set()
        await worker
        assert await pool.fetchval(DELIVERED) == WEBHOOKS, change
    return WEBHOOKS / took


async def _office(pool: Pool, settings: Settings) -> Office:
    app = create_app(settings, pool)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(cast("Any", app)), base_url=settings.public_url, timeout=120
    )
    return await Office.open(client, pool, Clock(settings), settings)


if __name__ == "__main__":
    publishing()
    working()
