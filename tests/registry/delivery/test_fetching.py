"""The manners of fetching: who we say we are, how often we come, and whom we leave alone."""

from datetime import datetime, timedelta
from importlib.metadata import version
from uuid import UUID

import pytest

from registry.actions import watches
from registry.channels.allowances import Allowances
from registry.clock import Clock
from registry.database import Pool
from registry.delivery.fetching import PAUSE_MOST, Fetcher, agent
from registry.delivery.guard import Guard
from registry.formats.robots import READ
from registry.resources.watches import Fetched, Watched, WatchState
from registry.settings import Settings
from registry.store import watches as store
from tests.registry.delivery.receivers import answer, receiving
from tests.registry.office import Office
from tests.registry.test_watches import LIST, NOOR, SETTING, Desk, Site
from tests.registry.test_watches import desk as desk  # noqa: PLC0414 - a fixture
from tests.registry.test_watches import site as site  # noqa: PLC0414 - a fixture

VENDOR = UUID("0199a7b6-0000-7000-8000-000000000001")
MOMENT = datetime.fromisoformat("2026-11-24T09:00:00+00:00")


class Moved(Clock):
    """A clock that a test moves on."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


def watched(url: str, etag: str | None = None) -> Watched:
    return Watched(
        id=VENDOR,
        name="List",
        source=url,
        sub_processor_id=VENDOR,
        etag=etag,
        last_modified=None,
        due_at=MOMENT,
        wait_until=None,
        reading=None,
    )


def reaching(*sites: Site) -> Guard:
    ports = [one.receiver.port for one in sites if one.receiver is not None]
    allow = ",".join(f"http://127.0.0.0/8:{port}" for port in ports)
    return Guard(Allowances.read(allow), 5, agent=agent("https://register.example"))


async def test_we_say_who_we_are_and_where_we_are_found(clock: Clock, site: Site) -> None:
    async with reaching(site) as guard:
        await Fetcher(guard, clock, files=False, pause=0)(watched(site.url()))

    assert site.receiver is not None
    told = f"Onward/{version('onward')} (+https://register.example)"
    assert [asked.headers["user-agent"] for asked in site.receiver.asked] == [told, told]


async def test_what_one_host_said_of_its_list_is_not_told_to_another(clock: Clock, site: Site) -> None:
    other = Site()
    async with receiving(other, tls=None) as receiver:
        other.receiver = receiver
        site.pages["/old"] = answer("301 Moved Permanently", f"Location: {other.url()}")
        async with reaching(site, other) as guard:
            fetched = await Fetcher(guard, clock, files=False, pause=0)(watched(site.url("/old"), '"abc"'))

    assert site.receiver is not None
    assert site.receiver.asked[-1].headers["if-none-match"] == '"abc"'
    assert "if-none-match" not in receiver.asked[-1].headers
    assert (fetched.body, fetched.etag) == (LIST.encode(), None)


async def test_robots_txt_is_asked_once_a_day_and_followed_where_it_leads(
    settings: Settings, site: Site
) -> None:
    moved = Moved(settings)
    site.pages["/robots.txt"] = answer("302 Found", "Location: /rules")
    site.pages["/rules"] = b"User-agent: *\nDisallow: /list\n"
    async with reaching(site) as guard:
        fetch = Fetcher(guard, moved, files=False, pause=0)
        refused = [await fetch(watched(site.url())) for _ in range(2)]
        site.pages["/rules"] = b"User-agent: *\nDisallow: /other\n"
        moved.ahead = timedelta(hours=25)
        allowed = await fetch(watched(site.url()))

    assert ["asks programs not to read this" in str(one.failure) for one in refused] == [True, True]
    assert allowed.body == LIST.encode()
    assert site.paths == ["/robots.txt", "/rules", "/robots.txt", "/rules", "/list"]


async def test_of_a_robots_txt_that_is_too_long_the_beginning_counts(clock: Clock, site: Site) -> None:
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /list\n" + b"# x\n" * READ
    async with reaching(site) as guard:
        fetched = await Fetcher(guard, clock, files=False, pause=0)(watched(site.url()))

    assert "asks programs not to read this" in str(fetched.failure)


@pytest.mark.parametrize(("asked", "waited"), [("", 1), ("Crawl-delay: 20", 20)])
async def test_between_two_requests_to_a_host_we_pause(
    clock: Clock, site: Site, asked: str, waited: int
) -> None:
    site.pages["/robots.txt"] = f"User-agent: *\n{asked}\n".encode()
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with reaching(site) as guard:
        fetch = Fetcher(guard, clock, files=False, sleep=sleep)
        for _ in range(3):
            await fetch(watched(site.url()))

    assert [round(pause) for pause in pauses] == [waited, waited]


async def test_a_host_that_wants_long_pauses_is_asked_for_one_thing_and_later_for_the_next(
    settings: Settings, site: Site
) -> None:
    moved = Moved(settings)
    site.pages["/robots.txt"] = f"User-agent: *\nCrawl-delay: {int(PAUSE_MOST) * 10}\n".encode()
    async with reaching(site) as guard:
        fetch = Fetcher(guard, moved, files=False, pause=0)
        first, second = await fetch(watched(site.url())), await fetch(watched(site.url("/other")))
        paths = list(site.paths)

    assert first.body == LIST.encode()
    assert "asks not to be asked again before" in str(second.later)
    assert second.failure is None
    assert paths == ["/robots.txt", "/list"]


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_a_host_that_says_it_is_too_much_is_left_alone_with_all_its_lists(  # noqa: PLR0917 - fixtures
    office: Office, pool: Pool, clock: Clock, desk: Desk, site: Site, status: str
) -> None:
    vendor, _ = await office.added()
    site.pages["/busy"] = answer(status, "Retry-After: 7200")
    busy = await desk.add(site.url("/busy"), vendor)
    other = await desk.add(site.url(), vendor)
    fetches: list[Fetched] = []

    for one in (busy, other):
        # As two processes do, of which the one knows nothing of what the other was told.
        async with reaching(site) as guard, pool.acquire() as db:
            claimed = await watches.claim(db, clock, one.id)
            fetches.append(await watches.ask(claimed, Fetcher(guard, clock, files=False, pause=0), clock))
            await watches.look(db, NOOR, clock, claimed, fetches[-1], SETTING)

    async with pool.acquire() as db:
        failed, waiting = await store.get(db, busy.id), await store.get(db, other.id)
    assert (failed.state, failed.failures) == (WatchState.FAILED, 1)
    assert (waiting.state, waiting.failures) == (WatchState.NEW, 0)
    assert "asks not to be asked again before" in str(waiting.message)
    assert waiting.due_at >= clock.now() + timedelta(minutes=119)
    assert site.paths == ["/robots.txt", "/busy"]


async def test_two_lists_of_one_host_are_not_looked_at_at_the_same_time(
    office: Office, pool: Pool, clock: Clock, desk: Desk, site: Site
) -> None:
    vendor, _ = await office.added()
    first = await desk.add(site.url(), vendor)
    second = await desk.add(site.url("/other"), vendor)
    async with pool.acquire() as db:
        await watches.claim(db, clock, first.id)

    asked = await office.client.post(f"/v1/watched-lists/{second.id}/look", headers=office.noor)

    assert asked.status_code == 409
    assert "Try again in a minute" in asked.json()["detail"]
    assert site.paths == []
