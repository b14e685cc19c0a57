"""A worker for tests, and what it is to deliver to: channels of clients at receivers on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
from msgspec.structs import replace
from standardwebhooks import Webhook

from registry.channels.allowances import Allowances
from registry.channels.schedules import Schedule
from registry.clock import Clock
from registry.database import Pool
from registry.delivery.worker import Worker
from registry.settings import Settings
from tests.registry import clients
from tests.registry.delivery.receivers import Asked, Receiver
from tests.registry.office import Office

SOON = timedelta(seconds=5)
PENDING = """
    SELECT count(*) FROM delivery d JOIN subscription s ON s.id = d.subscription_id
    WHERE d.state = 'pending' AND d.due_at <= $1 AND (s.channel = 'webhook' AND d.address IS NULL OR $2)
"""


class Desk(NamedTuple):
    """A register with people, and a client with a key of its own."""

    office: Office
    pool: Pool
    clock: Clock
    settings: Settings
    client_id: str
    dana: dict[str, str]
    """What a request of the client sends."""

    async def delivered(self) -> None:
        await delivered(self.pool, self.clock, self.settings)

    async def webhook(self, receiver: Receiver, path: str = "/hook", **members: Any) -> dict[str, Any]:
        return await webhook(self.office.client, self.dana, receiver, path, **members)

    async def ledger(self, **filters: str) -> list[dict[str, Any]]:
        """The deliveries as an auditor sees them."""
        found = await self.office.client.get("/v1/deliveries", params=filters, headers=self.office.otto)
        assert found.status_code == 200, found.text
        data: list[dict[str, Any]] = found.json()["data"]
        return data

    async def notices(self, **filters: str) -> list[dict[str, Any]]:
        """The client's notices as it sees them."""
        found = await self.office.client.get("/v1/notices", params=filters, headers=self.dana)
        assert found.status_code == 200, found.text
        data: list[dict[str, Any]] = found.json()["data"]
        return data

    async def subscription(self, subscription_id: str) -> dict[str, Any]:
        found = await self.office.client.get(f"/v1/subscriptions/{subscription_id}", headers=self.office.otto)
        answer: dict[str, Any] = found.json()
        return answer


async def open_desk(office: Office, pool: Pool, clock: Clock, settings: Settings) -> Desk:
    """A client without any channel."""
    client_id = await clients.taken_on(office, pool, clock, channel=False)
    return Desk(office, pool, clock, settings, client_id, await clients.key(pool, clock, client_id))


def reaching(settings: Settings, schedule: str = "0s, 1s, 1s", timeout: int = 1) -> Settings:
    """Settings with which webhooks may go to this machine, and failures are tried again soon."""
    return replace(
        settings,
        webhook_allow=Allowances.read("http://127.0.0.1:*"),
        webhook_timeout=timeout,
        retry_schedule=Schedule.read(schedule),
    )


@asynccontextmanager
async def working(pool: Pool, clock: Clock, settings: Settings) -> AsyncIterator[None]:
    """A worker beside the test, told to stop at its end."""
    stop = asyncio.Event()
    task = asyncio.create_task(
        Worker(pool, clock, settings, dsn=settings.database_url, chance=_none).run(stop)
    )
    try:
        yield
    finally:
        stop.set()
        await task


async def delivered(pool: Pool, clock: Clock, settings: Settings) -> None:
    """Let a worker do what is due, and what becomes due while it works."""
    async with working(pool, clock, settings):
        await idle(pool, clock, mail=settings.smtp is not None)


async def idle(pool: Pool, clock: Clock, *, mail: bool = False) -> None:
    """Wait until no webhook is due, or will be in a moment; nor any ``mail``."""
    while await pool.fetchval(PENDING, clock.now() + SOON, mail):  # noqa: ASYNC110 - the worker has no event for it
        await asyncio.sleep(0.02)


async def webhook(
    client: httpx.AsyncClient,
    key: dict[str, str],
    receiver: Receiver,
    path: str = "/hook",
    **members: Any,
) -> dict[str, Any]:
    """Make a webhook of a client at a receiver; the answer, with its secret."""
    url = receiver.url("127.0.0.1", path, "http")
    body = {"channel": "webhook", "purpose": "contract", "address": url, **members}
    made = await client.post("/v1/subscriptions", json=body, headers=key)
    assert made.status_code == 201, made.text
    answer: dict[str, Any] = made.json()
    return answer


def _none() -> float:
    """No jitter, so that tests know when."""
    return 0.0


def verified(asked: Asked, secret: str) -> bool:
    """Whether the public library signs the same: it verifies by the machine's clock, and the tests' is set."""
    at = datetime.fromtimestamp(int(asked.headers["webhook-timestamp"]), UTC)
    signed = Webhook(secret).sign(asked.headers["webhook-id"], at, asked.body.decode())
    return signed in asked.headers["webhook-signature"].split()
