"""The worker: claims what is due, sends it, and notes what became of it. Any number of them serve one database.

Each delivery is attempted by itself, several at once; a lease keeps others away from it for as long as an attempt can
take. Whatever is killed at whatever instant, a delivery is either pending, and is tried again under its id, or it
is noted. A notification of the database only wakes a worker up: it would find the same by looking every second.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from importlib.metadata import version
from typing import Any

import asyncpg
from msgspec import Struct

from registry import database
from registry.actions import outbox as actions
from registry.actions.links import Issuing
from registry.actions.outbox import Attempted
from registry.clock import Clock
from registry.database import Pool
from registry.delivery import composing, webhooks
from registry.delivery.composing import Message, WebhookMessage
from registry.delivery.guard import Guard
from registry.delivery.mail import CONNECTIONS, TIMEOUT, Mailer
from registry.delivery.outcomes import Outcome, Result
from registry.resources.deliveries import DeliveryState
from registry.resources.subscriptions import Channel
from registry.rules.retries import next_due
from registry.settings import Settings
from registry.store import deliveries as delivery_store
from registry.store import head as head_store
from registry.store import link_tokens, outbox
from registry.store.outbox import Claimed, Done

log = logging.getLogger(__name__)

GLANCE = 1.0
"""Seconds between two looks at what is due, when nothing wakes us."""
PATIENCE = 5.0
"""Seconds that attempts under way have to end when the worker is told to stop."""
WEBHOOKS_AT_ONCE = 128
"""So many that those which hang do not hold up those which answer."""
MOST_SETTLED_AT_ONCE = 200
SLACK = timedelta(seconds=5)
"""How much longer than two attempts a lease is: for the database, and for a machine that is busy."""
MOST_FAILURES = 3
"""How often the database is asked in vain by a worker that was told to stop."""
TIDIED_EVERY = 3_600.0

AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""The database does not answer: whatever was to be asked is asked again."""


class Lane(Struct, frozen=True):
    """One channel: how many attempts are made at once, and how long a claim holds."""

    channel: Channel
    at_once: int
    lease: timedelta


class Worker:
    """Delivers until it is told to stop."""

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
        self._latest: datetime | None = None
        self._awake: list[asyncio.Event] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Serve webhooks, and mail where there is a server for it, until ``stop`` is set."""
        timeout = self._settings.webhook_timeout
        async with AsyncExitStack() as stack:
            guard = await stack.enter_async_context(
                Guard(self._settings.webhook_allow, timeout, agent=f"Onward/{version('onward')}")
            )

            async def by_webhook(claimed: Claimed, message: Message, at: datetime) -> Outcome:
                assert isinstance(message, WebhookMessage)  # noqa: S101 - the lane's channel decides
                return await webhooks.send(
                    guard,
                    claimed.address,
                    delivery_id=claimed.id,
                    at=at,
                    content=message.content,
                    signing=message.signing,
                )

            lanes = [self._serve(Lane(Channel.WEBHOOK, WEBHOOKS_AT_ONCE, _lease(timeout)), by_webhook, stop)]
            if self._settings.smtp is not None:
                mailer = await stack.enter_async_context(Mailer(self._settings.smtp))

                async def by_mail(_claimed: Claimed, message: Message, _at: datetime) -> Outcome:
                    assert isinstance(message, EmailMessage)  # noqa: S101 - as above
                    return await mailer.send(message)

                lanes.append(self._serve(Lane(Channel.EMAIL, CONNECTIONS, _lease(TIMEOUT)), by_mail, stop))
            await asyncio.gather(*lanes, self._listen(stop), self._tidy(stop))

    async def _serve(
        self,
        lane: Lane,
        send: Callable[[Claimed, Message, datetime], Awaitable[Outcome]],
        stop: asyncio.Event,
    ) -> None:
        """Claim, send and settle on one channel."""
        wake = asyncio.Event()
        self._awake.append(wake)
        ended: list[Attempted] = []
        flying: set[asyncio.Task[None]] = set()
        more, landed = asyncio.Event(), asyncio.Event()
        settling = asyncio.create_task(self._settle(ended, more, landed))

        async def attempt(claimed: Claimed, message: Message) -> None:
            ended.append(await self._attempt(claimed, message, send))
            more.set()
            wake.set()

        while not stop.is_set():
            wake.clear()
            free = lane.at_once - len(flying)
            claimed: Sequence[tuple[Claimed, Message]] = ()
            touched = 0
            if free > 0 and len(ended) < MOST_SETTLED_AT_ONCE:
                claimed, touched = await self._claim(lane, free)
            for each in claimed:
                task = asyncio.create_task(attempt(*each))
                flying.add(task)
                task.add_done_callback(flying.discard)
            if touched < max(free, 1):
                await _either(wake, stop, GLANCE)
        await self._land(flying)
        landed.set()
        await settling

    async def _claim(self, lane: Lane, free: int) -> tuple[Sequence[tuple[Claimed, Message]], int]:
        """What is due, composed. What cannot be composed is a fault of ours: it is noted, and tried again later."""
        try:
            async with self._pool.acquire() as db:
                at = await self._now(db)
                claimed, touched = await outbox.claim(db, lane.channel, free, at, at + lane.lease)
                if not claimed:
                    return (), touched
                known = await composing.background(db, claimed, self._settings, at)
                links = Issuing(self._settings.public_url, at)
                composed: list[tuple[Claimed, Message]] = []
                spoilt: list[Attempted] = []
                for each in claimed:
                    try:
                        composed.append((each, composing.compose(each, known, self._settings, links)))
                    except Exception as error:
                        log.exception("Delivery %s cannot be composed.", each.id)
                        text = f"It could not be composed: {type(error).__name__}."
                        spoilt.append(self._attempted(each, Outcome(result=Result.LATER, text=text), at))
                await links.store(db)
                if spoilt:
                    await actions.settle(db, self._clock, self._settings.time_zone, spoilt)
                return composed, touched
        except AWAY as error:
            _away(error)
            return (), 0

    async def _attempt(
        self,
        claimed: Claimed,
        message: Message,
        send: Callable[[Claimed, Message, datetime], Awaitable[Outcome]],
    ) -> Attempted:
        try:
            outcome = await send(claimed, message, self._moment())
        except asyncio.CancelledError:
            outcome = Outcome(result=Result.LATER, text="The worker was stopped before there was an answer.")
            return self._attempted(claimed, outcome, self._moment(), message, again=True)
        except Exception as error:
            log.exception("Delivery %s cannot be sent.", claimed.id)
            outcome = Outcome(result=Result.LATER, text=f"It could not be sent: {type(error).__name__}.")
        return self._attempted(claimed, outcome, self._moment(), message)

    def _attempted(
        self,
        claimed: Claimed,
        outcome: Outcome,
        at: datetime,
        message: Message | None = None,
        *,
        again: bool = False,
    ) -> Attempted:
        """What the outcome of an attempt makes of its delivery; ``again`` is for one that was cut off by us."""
        due_at = None
        if outcome.result is Result.ACCEPTED:
            state = DeliveryState.DELIVERED if claimed.channel is Channel.WEBHOOK else DeliveryState.SENT
        else:
            if again:
                due_at = at
            elif outcome.result is Result.LATER:
                schedule = self._settings.retry_schedule
                due_at = next_due(schedule, claimed.tries, at, self._chance(), outcome.not_before)
            state = DeliveryState.FAILED if due_at is None else DeliveryState.PENDING
        return Attempted(
            claimed,
            Done(
                id=claimed.id,
                number=claimed.number,
                ended_at=at,
                state=state,
                due_at=due_at,
                outcome="stopped" if again else outcome.result.value,
                status=None if outcome.status is None else str(outcome.status),
                detail=outcome.text,
                message_id=message["Message-ID"] if isinstance(message, EmailMessage) else None,
            ),
        )

    async def _settle(self, ended: list[Attempted], more: asyncio.Event, landed: asyncio.Event) -> None:
        """Note what has ended, as many as there are at a time, and as often as it takes; until all have landed."""
        failures = 0
        while ended or not landed.is_set():
            if not ended:
                more.clear()
                await _either(more, landed, None)
                continue
            batch = ended[:MOST_SETTLED_AT_ONCE]
            try:
                async with self._pool.acquire() as db:
                    await actions.settle(db, self._clock, self._settings.time_zone, batch)
            except AWAY as error:
                _away(error)
                failures += 1
                if landed.is_set() and failures > MOST_FAILURES:
                    return  # Their leases end, and they are tried again under their ids.
                await asyncio.sleep(GLANCE)
                continue
            failures = 0
            del ended[: len(batch)]

    async def _land(self, flying: set[asyncio.Task[None]]) -> None:
        """Let attempts under way end, for a while; those that do not are cut off, and tried again at once."""
        if flying:
            _, late = await asyncio.wait(flying, timeout=PATIENCE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    async def _now(self, db: database.Connection) -> datetime:
        """The moment, never before the last one that was written: a clock that was set begins anew with its process."""
        self._latest = max(self._clock.now(), (await head_store.read(db)).at)
        return self._latest

    def _moment(self) -> datetime:
        return max(self._clock.now(), self._latest or self._clock.now())

    async def _listen(self, stop: asyncio.Event) -> None:
        """Be woken by publications; a connection that is lost is made anew, and missed by nobody."""
        while self._dsn is not None and not stop.is_set():
            try:
                async with _listening(self._dsn, self._wake) as lost:
                    self._wake()
                    await _either(lost, stop, None)
            except (*AWAY, database.ServerError):
                await _either(stop, stop, GLANCE)

    def _wake(self) -> None:
        for event in self._awake:
            event.set()

    async def _tidy(self, stop: asyncio.Event) -> None:
        """Drop the tokens of links that have expired."""
        while not stop.is_set():
            try:
                async with self._pool.acquire() as db:
                    await link_tokens.purge(db, await self._now(db))
            except AWAY as error:
                _away(error)
            await _either(stop, stop, TIDIED_EVERY)


def _lease(timeout: float) -> timedelta:
    return timedelta(seconds=2 * timeout) + SLACK


def _away(error: Exception) -> None:
    log.warning("The database does not answer: %s.", " ".join(str(error).split()) or type(error).__name__)


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


async def _either(first: asyncio.Event, second: asyncio.Event, seconds: float | None) -> None:
    """Wait for one of two events, or for a time."""
    waiting = [asyncio.create_task(event.wait()) for event in (first, second)]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
