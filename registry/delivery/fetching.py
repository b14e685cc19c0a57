"""Fetching what others publish, with manners: robots.txt is asked first, nothing twice, and never more than they allow.

All of it goes through the guard, every step of a redirect too.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from registry.clock import Clock
from registry.delivery.calls import Answer, CallError, TooLongError
from registry.delivery.guard import Guard
from registry.resources.watches import Fetched, Watched

AGENT = "Onward"
MOST = 5_000_000
"""Bytes of a list or feed."""

ROBOTS_MOST = 500_000
REDIRECTS = 5
WAIT_MOST = 7 * 86_400
"""Seconds that we wait at most, whatever a server asks."""

MOVED = frozenset({301, 302, 303, 307, 308})


class Fetcher:
    """Asks for watched lists; each host's robots.txt is asked once for as long as this is there."""

    def __init__(self, guard: Guard, clock: Clock, *, files: bool) -> None:
        self._guard = guard
        self._clock = clock
        self._files = files
        self._robots: dict[str, RobotFileParser | str] = {}

    async def __call__(self, watched: Watched) -> Fetched:
        """The list as it is now; unchanged where its server says so."""
        if "://" not in watched.source:
            return self._file(watched.source)
        headers = {"If-None-Match": watched.etag, "If-Modified-Since": watched.last_modified}
        asked = {name: value for name, value in headers.items() if value}
        try:
            return await self._fetch(watched.source, asked)
        except TooLongError:
            return Fetched(failure=f"It is longer than {MOST:,} bytes. Watch a shorter page or file of it.")
        except CallError as error:
            return Fetched(failure=str(error))

    async def _fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        for _ in range(REDIRECTS + 1):
            refused = await self._refused(url)
            if refused is not None:
                return Fetched(failure=refused)
            answer = await self._guard.get(url, headers, MOST)
            location = answer.headers.get("location")
            if answer.status not in MOVED or location is None:
                return self._answered(url, answer)
            url = urljoin(url, location)
        return Fetched(failure=f"It leads on more than {REDIRECTS} times. Watch the address where it ends.")

    def _answered(self, url: str, answer: Answer) -> Fetched:
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return Fetched(unchanged=True)
        if answer.status == HTTPStatus.OK:
            return Fetched(
                body=answer.body,
                media_type=answer.headers.get("content-type"),
                etag=answer.headers.get("etag"),
                last_modified=answer.headers.get("last-modified"),
            )
        wait = self._wait(answer.headers.get("retry-after", ""))
        return Fetched(
            failure=f"{url} answered with {answer.status}. Look whether the list has moved.", wait=wait
        )

    def _wait(self, text: str) -> int:
        """What `Retry-After` asks for, in seconds (RFC 9110 10.2.3)."""
        if text.isdecimal():
            return min(int(text), WAIT_MOST)
        try:
            moment = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return 0
        if moment.tzinfo is None:
            return 0
        return max(0, min(int((moment - self._clock.now()).total_seconds()), WAIT_MOST))

    async def _refused(self, url: str) -> str | None:
        """Why the host does not want this to be asked for by programs (RFC 9309)."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._robots:
            self._robots[host] = await self._read_robots(f"{host}/robots.txt")
        robots = self._robots[host]
        if isinstance(robots, str):
            return robots
        if robots.can_fetch(AGENT, url):
            return None
        return f"{host}/robots.txt asks programs not to read this. Ask them for a feed, or read it yourself."

    async def _read_robots(self, url: str) -> RobotFileParser | str:
        """The rules of a host; without any, everything may be read, and where nobody can tell, nothing."""
        answer = await self._guard.get(url, {}, ROBOTS_MOST)
        rules = RobotFileParser(url)
        if answer.status == HTTPStatus.OK:
            rules.parse(answer.body.decode("utf-8", "replace").splitlines())
        elif (
            answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS
        ):
            return f"{url} answered with {answer.status}, so it is not known what may be read. It is tried later."
        else:
            rules.parse([])
        return rules

    def _file(self, path: str) -> Fetched:
        if not self._files:
            return Fetched(failure="It is a file, which only `onward watch run` on that machine reads.")
        try:
            if Path(path).stat().st_size > MOST:
                return Fetched(failure=f"It is longer than {MOST:,} bytes.")
            return Fetched(body=Path(path).read_bytes())
        except OSError as error:
            return Fetched(failure=f"{error}.")
