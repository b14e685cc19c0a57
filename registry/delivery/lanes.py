"""One lane of a worker: what is due on one channel is claimed, sent several at once, and settled many at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import TypeAlias

import asyncpg

from registry.actions import outbox as actions
from registry.actions.links import Issuing
from registry.actions.outbox import Attempted
from registry.clock import Clock
from registry.database import Connection, Pool
from registry.delivery import composing
from registry.delivery.composing import Message
from registry.delivery.outcomes import Outcome, Result
from registry.resources.deliveries import DeliveryState
from registry.resources.subscriptions import Channel
from registry.rules.retries import next_due
from registry.settings import Settings
from registry.store import head as head_store
from registry.store import outbox
from registry.store.outbox import Claimed, Done

log = logging.getLogger(__name__)

GLANCE = 1.0
"""Seconds between two looks at what is due, when nothing wakes us."""
PATIENCE = 5.0
"""Seconds that attempts under way have to end when the worker is told to stop."""
SLACK = timedelta(seconds=5)
"""How much longer than two attempts a lease is: for the database, and for a machine that is busy."""
MOST_SETTLED_AT_ONCE = 200
MOST_FAILURES = 3
"""How often the database is asked in vain by a worker that was told to stop."""

REFUSED_FOR_GOOD = 500
"""From here on the codes of a mail server are refusals for good (RFC 5321, 4.2.1)."""

AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    OSError,
    TimeoutError,
)
"""The database does not answer: whatever was to be asked is asked again."""

Send: TypeAlias = Callable[[Claimed, Message, datetime], Awaitable[Outcome]]


class Moments:
    """The moment, never before the last one that was written: a clock that was set begins anew with its process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: datetime | None = None

    async def read(self, db: Connection) -> datetime:
        """The moment now, as far as the database knows."""
        self._last = (await head_store.read(db)).at
        return self.now()

    def now(self) -> datetime:
        """The moment now, as far as was read."""
        now = self._clock.now()
        return now if self._last is None else max(now, self._last)


class Lane:
    """Delivers on one channel, ``at_once`` attempts at a time, each of which takes at most ``timeout`` seconds."""

    def __init__(
        self,
        channel: Channel,
        at_once: int,
        timeout: float,
        send: Send,
        *,
        pool: Pool,
        clock: Clock,
        settings: Settings,
        chance: Callable[[], float],
    ) -> None:
        self._channel = channel
        self._at_once = at_once
        self._lease = timedelta(seconds=2 * timeout) + SLACK
        self._send = send
        self._pool = pool
        self._clock = clock
        self._settings = settings
        self._chance = chance
        self._moments = Moments(clock)
        self.wake = asyncio.Event()
        """Set it when there may be something to do; unset, the lane looks by itself all the same."""

    async def serve(self, stop: asyncio.Event) -> None:
        """Claim, send and settle until ``stop`` is set."""
        ended: list[Attempted] = []
        flying: set[asyncio.Task[None]] = set()
        more, landed = asyncio.Event(), asyncio.Event()
        settling = asyncio.create_task(self._settle(ended, more, landed))

        async def attempt(claimed: Claimed, message: Message) -> None:
            ended.append(await self._attempt(claimed, message))
            more.set()
            self.wake.set()

        try:
            while not stop.is_set():
                self.wake.clear()
                free = self._at_once - len(flying)
                claimed: Sequence[tuple[Claimed, Message]] = ()
                touched = 0
                if free > 0 and len(ended) < MOST_SETTLED_AT_ONCE:
                    claimed, touched = await self._claim(free)
                for each in claimed:
                    task = asyncio.create_task(attempt(*each))
                    flying.add(task)
                    task.add_done_callback(flying.discard)
                if touched < max(free, 1):
                    await either(self.wake, stop, GLANCE)
        finally:
            await _land(flying)
            landed.set()
            await settling

    async def _claim(self, free: int) -> tuple[Sequence[tuple[Claimed, Message]], int]:
        """What is due, composed. What cannot be composed is a fault of ours: it is noted, and tried again later."""
        try:
            async with self._pool.acquire() as db:
                at = await self._moments.read(db)
                day = at.astimezone(self._settings.time_zone).date()
                claimed, touched = await outbox.claim(db, self._channel, free, at, at + self._lease, day=day)
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
            away(error)
            return (), 0

    async def _attempt(
        self,
        claimed: Claimed,
        message: Message,
    ) -> Attempted:
        try:
            outcome = await self._send(claimed, message, self._moments.now())
        except asyncio.CancelledError:
            outcome = Outcome(result=Result.LATER, text="The worker was stopped before there was an answer.")
            return self._attempted(claimed, outcome, self._moments.now(), message, again=True)
        except Exception as error:
            log.exception("Delivery %s cannot be sent.", claimed.id)
            outcome = Outcome(result=Result.LATER, text=f"It could not be sent: {type(error).__name__}.")
        return self._attempted(claimed, outcome, self._moments.now(), message)

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
                tries = claimed.tries
                if _is_our_own(claimed, outcome):
                    tries = min(tries, len(schedule.pauses) - 1)
                due_at = next_due(schedule, tries, at, self._chance(), outcome.not_before)
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
                await either(more, landed, None)
                continue
            batch = ended[:MOST_SETTLED_AT_ONCE]
            try:
                await self._note(batch)
            except AWAY as error:
                away(error)
                failures += 1
                if landed.is_set() and failures > MOST_FAILURES:
                    return  # Their leases end, and they are tried again under their ids.
                await asyncio.sleep(GLANCE)
                continue
            failures = 0
            del ended[: len(batch)]

    async def _note(self, batch: Sequence[Attempted]) -> None:
        """Note attempts with what follows from them; a fault of ours in one of them spoils no other."""
        clock, time_zone = self._clock, self._settings.time_zone
        async with self._pool.acquire() as db:
            try:
                await actions.settle(db, clock, time_zone, batch)
            except AWAY:
                raise
            except Exception:
                log.exception("Attempts cannot be settled together, and are settled one by one.")
                for each in batch:
                    await self._note_one(db, each)

    async def _note_one(self, db: Connection, attempted: Attempted) -> None:
        try:
            await actions.settle(db, self._clock, self._settings.time_zone, [attempted])
        except AWAY:
            raise
        except Exception:
            # It was sent: were it not noted, it would be sent again and again.
            log.exception("Delivery %s is noted without what follows from it.", attempted.claimed.id)
            await outbox.finish(db, [attempted.done])


async def _land(flying: set[asyncio.Task[None]]) -> None:
    """Let attempts under way end, for a while; those that do not are cut off, and tried again at once."""
    if flying:
        _, late = await asyncio.wait(flying, timeout=PATIENCE)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)


def _is_our_own(claimed: Claimed, outcome: Outcome) -> bool:
    """Whether our own mail server could not be used, or refused us: that uses up nobody's attempts.

    What it says of the address for now is a 4xx; a 5xx that is worth another attempt speaks of our login or policy.
    """
    if claimed.channel is not Channel.EMAIL:
        return False
    return outcome.status is None or outcome.status >= REFUSED_FOR_GOOD


def away(error: Exception) -> None:
    """Tell the operator, in one line."""
    log.warning("The database does not answer: %s.", " ".join(str(error).split()) or type(error).__name__)


async def either(first: asyncio.Event, second: asyncio.Event, seconds: float | None) -> None:
    """Wait for one of two events, or for a time."""
    waiting = [asyncio.create_task(event.wait()) for event in (first, second)]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
