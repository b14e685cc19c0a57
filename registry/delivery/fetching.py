"""Fetching what others publish, with manners: robots.txt is asked first, nothing twice, and never more than they allow.

All of it goes through the guard, every step of a redirect too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from msgspec import Struct

from registry.clock import Clock
from registry.delivery.calls import Answer, CallError, TooLongError
from registry.delivery.guard import Guard
from registry.formats.robots import READ, Robots
from registry.formats.robots import read as read_robots
from registry.resources.watches import Fetched, Watched

PRODUCT = "Onward"
MOST = 5_000_000
"""Bytes of a list or feed."""

REDIRECTS = 5
WAIT_MOST = 7 * 86_400
"""Seconds that we wait at most, whatever a server asks."""
WAIT = 3_600
"""Seconds that a host is left alone which says that it is too much, and not for how long."""
PAUSE = 1.0
"""Seconds between two requests to one host."""
PAUSE_MOST = 30.0
"""A host that asks for longer pauses is asked for one thing at a time, and later for the next."""
KEPT = timedelta(hours=24)
"""For so long robots.txt is believed at most (RFC 9309 2.4)."""

MOVED = frozenset({301, 302, 303, 307, 308})
BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

Sleep = Callable[[float], Awaitable[None]]


def agent(public_url: str) -> str:
    """How we call ourselves: product, version, and where whoever is asked finds us."""
    return f"{PRODUCT}/{version('onward')} (+{public_url})"


class _HeldError(Exception):
    """The host asked to be left alone until then."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(host)
        self.host, self.until = host, until


class _Host(Struct):
    """What is known of one host while this is there."""

    turn: asyncio.Lock
    robots: Robots | str | None = None
    """A text is why nobody may read there."""
    read_at: datetime | None = None
    asked_at: float | None = None
    """On the clock of the event loop."""
    until: datetime | None = None
    """Not to be asked before."""


class Fetcher:
    """Asks for watched lists: one request at a time to each host, with a pause between them."""

    def __init__(
        self, guard: Guard, clock: Clock, *, files: bool, pause: float = PAUSE, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.guard = guard
        self._clock = clock
        self._files = files
        self._pause = pause
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    async def __call__(self, watched: Watched) -> Fetched:
        """The list as it is now; unchanged where its server says so."""
        if "://" not in watched.source:
            return self._file(watched.source)
        headers = {"If-None-Match": watched.etag, "If-Modified-Since": watched.last_modified}
        # Our own list is compared with the register, which may have changed where the list has not.
        is_theirs = watched.sub_processor_id is not None
        asked = {name: value for name, value in headers.items() if value and is_theirs}
        try:
            return await self._fetch(watched.source, asked)
        except TooLongError:
            return Fetched(failure=f"It is longer than {MOST:,} bytes. Watch a shorter page or file of it.")
        except CallError as error:
            return Fetched(failure=str(error))
        except _HeldError as error:
            left = int((error.until - self._clock.now()).total_seconds()) + 1
            until = error.until.isoformat(timespec="minutes")
            return Fetched(
                later=f"{error.host} asks not to be asked again before {until}.", wait=left, host=error.host
            )

    async def _fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        first = urlsplit(url).netloc
        for _ in range(REDIRECTS + 1):
            parts = urlsplit(url)
            refused = await self._refused(parts)
            if refused is not None:
                return Fetched(failure=refused, host=parts.netloc, wait=self._left(parts.netloc))
            # What one host said of its list is nothing that another is asked about.
            answer = await self._get(url, headers if parts.netloc == first else {}, MOST)
            location = answer.headers.get("location")
            if answer.status not in MOVED or location is None:
                return self._answered(url, answer, keeps=parts.netloc == first)
            url = urljoin(url, location)
        return Fetched(failure=f"It leads on more than {REDIRECTS} times. Watch the address where it ends.")

    def _answered(self, url: str, answer: Answer, *, keeps: bool) -> Fetched:
        host = urlsplit(url).netloc
        # A host that wants long pauses is held back after what it answered, too.
        wait = self._left(host)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return Fetched(unchanged=True, host=host, wait=wait)
        if answer.status == HTTPStatus.OK:
            return Fetched(
                body=answer.body,
                media_type=answer.headers.get("content-type"),
                etag=answer.headers.get("etag") if keeps else None,
                last_modified=answer.headers.get("last-modified") if keeps else None,
                host=host,
                wait=wait,
            )
        failure = f"{url} answered with {answer.status}. Look whether the list has moved."
        if answer.status in BUSY:
            failure = (
                f"{url} answered with {answer.status}: it is too much for it now. It is asked again later."
            )
        return Fetched(failure=failure, host=host, wait=wait)

    async def _get(self, url: str, headers: Mapping[str, str], most: int, *, cut: bool = False) -> Answer:
        """One request in its turn; whoever is told that it is too much lets the whole host be."""
        name = urlsplit(url).netloc
        host = self._host(name)
        async with host.turn:
            if host.until is not None and host.until > self._clock.now():
                raise _HeldError(name, host.until)
            delay = host.robots.delay if isinstance(host.robots, Robots) else 0.0
            loop = asyncio.get_running_loop()
            if host.asked_at is not None:
                left = host.asked_at + min(max(self._pause, delay), PAUSE_MOST) - loop.time()
                if left > 0:
                    await self._sleep(left)
            try:
                answer = await self.guard.get(url, headers, most, cut=cut)
            finally:
                # The list itself may follow upon robots.txt at once.
                host.asked_at = host.asked_at if cut else loop.time()
            is_read = answer.status not in MOVED and not cut
            wait = delay if delay > PAUSE_MOST and is_read else 0
            if answer.status in BUSY:
                wait = max(wait, self._wait(answer.headers.get("retry-after", "")))
            if wait:
                host.until = self._clock.now() + timedelta(seconds=min(wait, WAIT_MOST))
            return answer

    def _host(self, name: str) -> _Host:
        return self._hosts.setdefault(name, _Host(asyncio.Lock()))

    def _left(self, name: str) -> int:
        """Seconds for which the host is to be left alone from now on."""
        until = self._host(name).until
        return 0 if until is None else max(0, int((until - self._clock.now()).total_seconds()))

    def _wait(self, text: str) -> int:
        """What `Retry-After` asks for, in seconds (RFC 9110 10.2.3)."""
        if text.isdecimal():
            return min(int(text[:9]), WAIT_MOST)
        try:
            moment = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return WAIT
        if moment.tzinfo is None:
            return WAIT
        return max(0, min(int((moment - self._clock.now()).total_seconds()), WAIT_MOST))

    async def _refused(self, parts: SplitResult) -> str | None:
        """Why the host does not want this to be asked for by programs (RFC 9309)."""
        host = self._host(parts.netloc)
        now = self._clock.now()
        if host.read_at is None or now - host.read_at >= KEPT:
            host.robots = await self._read_robots(f"{parts.scheme}://{parts.netloc}/robots.txt")
            # Where nobody could tell, it is asked again at the next look.
            host.read_at = None if isinstance(host.robots, str) else now
        if isinstance(host.robots, str):
            return host.robots
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path
        if host.robots is None or host.robots.allow(path):
            return None
        where = f"{parts.scheme}://{parts.netloc}/robots.txt"
        return f"{where} asks programs not to read this. Ask them for a feed, or read it yourself."

    async def _read_robots(self, url: str) -> Robots | str:
        """The rules of a host; without any, everything may be read, and where nobody can tell, nothing."""
        at = url
        for _ in range(REDIRECTS + 1):
            answer = await self._get(at, {}, READ, cut=True)
            location = answer.headers.get("location")
            if answer.status in MOVED and location is not None:
                at = urljoin(at, location)
                continue
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in BUSY:
                return f"{url} answered with {answer.status}, so it is not known what may be read. It is tried later."
            return read_robots(answer.body if answer.status == HTTPStatus.OK else b"", PRODUCT)
        return Robots()

    def _file(self, path: str) -> Fetched:
        if not self._files:
            return Fetched(failure="It is a file, which only `onward watch run` on that machine reads.")
        try:
            if Path(path).stat().st_size > MOST:
                return Fetched(failure=f"It is longer than {MOST:,} bytes. Watch a shorter file of it.")
            return Fetched(body=Path(path).read_bytes())
        except OSError as error:
            return Fetched(failure=f"{error}. Put the file back, or watch another.")
