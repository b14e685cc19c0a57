"""Many webhooks with habits of their own, and workers that are killed: what is needed to see that nothing is lost."""

import asyncio
import os
import signal
import subprocess
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from registry.database import Pool
from registry.delivery.webhooks import new_secret
from tests import serving
from tests.registry.clients import terms
from tests.registry.delivery.receivers import Asked, Receiver, answer, hang

CLIENTS = """
    INSERT INTO client (reference, created_at, created_by)
    SELECT 'soak-' || n, $2, 'tester' FROM generate_series(0, $1::integer - 1) AS n
    RETURNING id
"""

TERMS = """
    INSERT INTO client_terms (client_id, valid, document)
    SELECT id, daterange('2025-01-01', NULL), $2 FROM unnest($1::uuid[]) AS id
"""

SUBSCRIPTIONS = """
    INSERT INTO subscription
        (client_id, channel, purpose, address, secret, state, created_at, created_by, confirmed_at)
    SELECT client_id, 'webhook', 'contract', address, secret, 'confirmed', $4, 'tester', $4
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS made (client_id, address, secret)
    RETURNING id
"""


class Habit(StrEnum):
    """What an endpoint does."""

    ANSWERS = "answers"
    FAILS = "fails"
    HANGS = "hangs"
    RECOVERS = "recovers"
    """Answers 500 the first time, and 200 from then on."""


def habit(number: int) -> Habit:
    """Of ten endpoints one fails, one hangs, and one recovers."""
    return {0: Habit.FAILS, 1: Habit.HANGS, 2: Habit.RECOVERS}.get(number % 10, Habit.ANSWERS)


class Village:
    """Endpoints on one receiver, each with a path, a secret and a habit of its own."""

    def __init__(self, count: int) -> None:
        self.secrets = [new_secret() for _ in range(count)]
        self.seen: list[list[Asked]] = [[] for _ in range(count)]

    async def answer(self, writer: asyncio.StreamWriter, asked: Asked) -> None:
        number = int(asked.line.split()[1].rpartition("/")[2])
        before = len(self.seen[number])
        self.seen[number].append(asked)
        what = habit(number)
        if what is Habit.HANGS:
            await hang(writer, asked)
        failing = what is Habit.FAILS or (what is Habit.RECOVERS and before == 0)
        writer.write(answer("500 Internal Server Error" if failing else "200 OK"))
        await writer.drain()

    async def settle(self, pool: Pool, receiver: Receiver, at: datetime) -> list[UUID]:
        """Make a client with a confirmed webhook for each; the ids of their subscriptions, in order."""
        count = len(self.secrets)
        made = [row["id"] for row in await pool.fetch(CLIENTS, count, at)]
        await pool.execute(TERMS, made, terms())
        addresses = [receiver.url("127.0.0.1", f"/{number}", "http") for number in range(count)]
        return [row["id"] for row in await pool.fetch(SUBSCRIPTIONS, made, addresses, self.secrets, at)]


class Workers:
    """One worker at a time in a process of its own, killed as nobody can prepare for."""

    def __init__(self, database_url: str, schedule: str) -> None:
        self._environ = serving.clean_environ() | {
            "DATABASE_URL": database_url,
            "ONWARD_WEBHOOK_ALLOW": "http://127.0.0.1:*",
            "ONWARD_WEBHOOK_TIMEOUT": "1",
            "ONWARD_RETRY_SCHEDULE": schedule,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            serving.ONWARD, "worker", env=self._environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    async def end(self, how: signal.Signals) -> str:
        """Send a signal and wait; what it said about errors."""
        assert self._process is not None
        self._process.send_signal(how)
        _, said = await self._process.communicate()
        return said.decode()


def size() -> int:
    """How many endpoints: some in every run, many in `make soak`."""
    return int(os.environ.get("ONWARD_TEST_SOAK", "100"))
