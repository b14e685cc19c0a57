"""Webhooks per second: guarded, signed and sent, beside a bare client loop against the same receiver."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

import httpx

from registry.channels.allowances import Allowances
from registry.delivery import webhooks
from registry.delivery.guard import Guard
from registry.delivery.outcomes import Result
from registry.resources.webhooks import WebhookType
from tests.bench.targets import at_least
from tests.registry.delivery import examples

AT_ONCE = 16
SECONDS = 3.0
ROUNDS = 3
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def per_second() -> None:
    """Print the best round of each, taken in turns, and how they compare."""
    with receiver() as port:
        url = f"http://127.0.0.1:{port}/hook"
        rounds = [(asyncio.run(bare(url)), asyncio.run(_ours(url, port))) for _ in range(ROUNDS)]
    loop, ours = (max(column) for column in zip(*rounds, strict=True))
    print(f"  a bare loop of httpx             {loop:10,.0f} /s")
    print(f"  guarded and signed               {ours:10,.0f} /s")
    print(f"  of the bare loop                 {ours / loop:10.0%}   {at_least(ours / loop, 0.5)}")


async def bare(url: str) -> float:
    """Requests per second of httpx alone."""
    content = webhooks.body(WebhookType.PUBLISHED, AT, examples.ADDED)
    headers = {"Content-Type": "application/json"}
    async with httpx.AsyncClient(trust_env=False) as client:

        async def send() -> None:
            (await client.post(url, content=content, headers=headers)).raise_for_status()

        return await _rate(send)


async def _ours(url: str, port: int) -> float:
    secret = webhooks.new_secret()
    async with Guard(Allowances.read(f"http://127.0.0.1:{port}"), 20) as guard:

        async def send() -> None:
            content = webhooks.body(WebhookType.PUBLISHED, AT, examples.ADDED)
            outcome = await webhooks.send(
                guard, url, delivery_id=uuid4(), at=AT, content=content, signing=[secret]
            )
            assert outcome.result is Result.ACCEPTED

        return await _rate(send)


async def _rate(send: Callable[[], Awaitable[None]]) -> float:
    started = perf_counter()
    sent = 0

    async def again() -> None:
        nonlocal sent
        while perf_counter() - started < SECONDS:
            await send()
            sent += 1

    await asyncio.gather(*(again() for _ in range(AT_ONCE)))
    return sent / (perf_counter() - started)


@contextmanager
def receiver() -> Iterator[int]:
    """A receiver in a process of its own; its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.receiver"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    per_second()
