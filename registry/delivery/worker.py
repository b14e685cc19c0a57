"""The worker: claims what is due, sends it, and notes what became of it. Any number of them serve one database.

Each delivery is attempted by itself, several at once; a lease keeps others away from it for as long as an attempt can
take. Whatever is killed at whatever instant, a delivery is either pending, and is tried again under its id, or it
is noted. A notification of the database only wakes a worker up: it would find the same by looking every second.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from importlib.metadata import version
from typing import Any

from registry import database
from registry.clock import Clock
from registry.database import Pool
from registry.delivery import webhooks
from registry.delivery.composing import Message, WebhookMessage
from registry.delivery.guard import Guard
from registry.delivery.lanes import AWAY, GLANCE, PATIENCE, Lane, Moments, away, either
from registry.delivery.mail import CONNECTIONS, TIMEOUT, Mailer
from registry.delivery.outcomes import Outcome
from registry.resources.links import GOOD_FOR, LinkPurpose
from registry.resources.subscriptions import Channel
from registry.settings import Settings
from registry.store import deliveries as delivery_store
from registry.store import forgetting, link_tokens
from registry.store.outbox import Claimed

WEBHOOKS_AT_ONCE = 128
"""So many that those which hang do not hold up those which answer."""
TIDIED_EVERY = 3_600.0
FORGOTTEN_AFTER = timedelta(days=30)
"""How long the address of somebody who unsubscribed, or could not be reached, is kept."""
CONNECTIONS_TAKEN = 5
"""How large a pool a worker makes use of."""


class Worker:
    """Delivers until it is told to stop: webhooks, and mail where there is a server for it.

    ``dsn`` is where it listens for what wakes it up; without, it looks every second only.
    """

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        settings: Settings,
        *,
        dsn: str | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._settings = settings
        self._dsn = dsn
        self._chance = chance

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; attempts under way then have a moment to end."""
        async with AsyncExitStack() as stack:
            lanes = [self._webhooks(await stack.enter_async_context(self._guard()))]
            if self._settings.smtp is not None:
                lanes.append(self._mail(await stack.enter_async_context(Mailer(self._settings.smtp))))
            async with asyncio.TaskGroup() as tasks:
                for work in (
                    *(lane.serve(stop) for lane in lanes),
                    self._listen(lanes, stop),
                    self._tidy(stop),
                ):
                    tasks.create_task(work)

    def _guard(self) -> Guard:
        agent = f"Onward/{version('onward')}"
        return Guard(self._settings.webhook_allow, self._settings.webhook_timeout, agent=agent)

    def _webhooks(self, guard: Guard) -> Lane:
        async def send(claimed: Claimed, message: Message, at: datetime) -> Outcome:
            assert isinstance(message, WebhookMessage)  # noqa: S101 - composed for this channel
            return await webhooks.send(
                guard,
                claimed.address,
                delivery_id=claimed.id,
                at=at,
                content=message.content,
                signing=message.signing,
            )

        return self._lane(Channel.WEBHOOK, WEBHOOKS_AT_ONCE, self._settings.webhook_timeout, send)

    def _mail(self, mailer: Mailer) -> Lane:
        async def send(_claimed: Claimed, message: Message, _at: datetime) -> Outcome:
            assert isinstance(message, EmailMessage)  # noqa: S101 - composed for this channel
            return await mailer.send(message)

        return self._lane(Channel.EMAIL, CONNECTIONS, TIMEOUT, send)

    def _lane(self, channel: Channel, at_once: int, timeout: float, send: Any) -> Lane:
        return Lane(
            channel,
            at_once,
            timeout,
            send,
            pool=self._pool,
            clock=self._clock,
            settings=self._settings,
            chance=self._chance,
        )

    async def _listen(self, lanes: list[Lane], stop: asyncio.Event) -> None:
        """Be woken by publications; a connection that is lost is made anew, and nothing is missed meanwhile."""

        def wake() -> None:
            for lane in lanes:
                lane.wake.set()

        while self._dsn is not None and not stop.is_set():
            try:
                async with _listening(self._dsn, wake) as lost:
                    wake()
                    await either(lost, stop, None)
            except (*AWAY, database.ServerError):
                await either(stop, stop, GLANCE)

    async def _tidy(self, stop: asyncio.Event) -> None:
        """Drop tokens of links that have expired, and addresses of the public that nobody needs any more."""
        moments = Moments(self._clock)
        while not stop.is_set():
            try:
                async with self._pool.acquire() as db:
                    at = await moments.read(db)
                    await link_tokens.purge(db, at)
                    await forgetting.forget_unconfirmed(db, at - GOOD_FOR[LinkPurpose.CONFIRM])
                    await forgetting.forget_ended(db, at - FORGOTTEN_AFTER, at)
            except AWAY as error:
                away(error)
            await either(stop, stop, TIDIED_EVERY)


@asynccontextmanager
async def _listening(dsn: str, wake: Callable[[], None]) -> AsyncIterator[asyncio.Event]:
    """Listen on a connection of its own; the event is set when it is lost."""
    lost = asyncio.Event()

    def heard(*_: Any) -> None:
        wake()

    connection = await database.connect(dsn)
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(delivery_store.CHANNEL, heard)
        yield lost
    finally:
        with suppress(*AWAY):
            await connection.close(timeout=PATIENCE)
