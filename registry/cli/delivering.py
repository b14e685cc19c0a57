"""A worker in a process: on its own, or in a thread beside the server."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from registry.clock import Clock
from registry.database import ServerError, open_pool
from registry.delivery.lanes import AWAY, GLANCE, either
from registry.delivery.worker import CONNECTIONS_TAKEN, Worker
from registry.settings import Settings

log = logging.getLogger(__name__)

JOINED_IN = 15.0
"""Seconds in which a worker has stopped that was told to."""


async def deliver(settings: Settings, stop: asyncio.Event) -> None:
    """Deliver until told to stop. A database that is away is waited for, and a fault of ours begun anew."""
    dsn = settings.database_url
    if dsn is None:
        raise RuntimeError("There is no database to deliver from.")
    clock = Clock(settings)
    while not stop.is_set():
        try:
            async with await open_pool(dsn, max_size=CONNECTIONS_TAKEN) as pool:
                await Worker(pool, clock, settings, dsn=dsn).run(stop)
        except (*AWAY, ServerError) as error:
            log.warning("The worker waits for the database: %s", " ".join(str(error).split()))
        except Exception:
            log.exception("The worker failed for a reason that nobody foresaw, and begins anew.")
        await either(stop, stop, GLANCE)


@contextmanager
def delivering(settings: Settings) -> Iterator[None]:
    """A worker in a thread of this process, which is otherwise idle: the server's own processes only answer."""
    thread = _Thread(settings)
    thread.start()
    try:
        yield
    finally:
        thread.stop()
        thread.join(JOINED_IN)


class _Thread(threading.Thread):
    """Runs a worker in a loop of its own."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="onward-worker", daemon=True)
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._stop_event = asyncio.Event()

    def run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(deliver(self._settings, self._stop_event))

    def stop(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop_event.set)
