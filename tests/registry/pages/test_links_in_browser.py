"""The pages behind links of mails in a real browser: read, filled in and sent without scripts, on any width."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from registry.actions.links import Issuing
from registry.app import create_app
from registry.clock import Clock
from registry.database import open_pool
from registry.resources.links import LinkPurpose
from registry.settings import Settings
from tests import databases, serving
from tests.conftest import NOW
from tests.registry import clients
from tests.registry.office import Office

pytestmark = pytest.mark.needs("chromium")

ACCESSIBILITY, CONTRAST = (
    (Path(__file__).parent / script).read_text() for script in ("accessibility.js", "contrast.js")
)
WIDTHS = [1440, 768, 360]
NEWS = """
    INSERT INTO subscription (channel, purpose, address, kinds, state, created_at, created_by)
    VALUES ('email', 'news', 'reader@example.com', '{added}', 'pending', $1, 'tester') RETURNING id
"""
GIVEN = "UPDATE notice SET given_at = $1, given_on = $2::date, objection_until = $2::date + objection_days"


class Running(NamedTuple):
    """A live server, and the pages of links that nobody has used: for each purpose one for each width."""

    url: str
    pages: dict[str, list[str]]


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, database_server: str, template: str
) -> Iterator[Running]:
    with databases.fresh(database_server, template) as dsn:
        pages = asyncio.run(prepared(dsn, tmp_path_factory.mktemp("office")))
        environ = {
            "DATABASE_URL": dsn,
            "ONWARD_NOW": NOW.isoformat(),
            # Nobody listens there, and nobody needs to: what is sent is tested elsewhere.
            "ONWARD_SMTP_URL": f"smtp+plain://127.0.0.1:{serving.free_port()}",
            "ONWARD_MAIL_FROM": "Privacy <privacy@register.example>",
        }
        with serving.serving(
            tmp_path_factory.mktemp("links") / "data", "--no-worker", environ=environ
        ) as server:
            yield Running(server.url, pages)


async def prepared(dsn: str, directory: Path) -> dict[str, list[str]]:
    """For each width, a client with a notice and a reader who asked for news: the paths of their links."""
    settings = Settings(data_dir=directory, database_url=dsn, now=NOW)
    clock = Clock(settings)
    pages: dict[str, list[str]] = {purpose.value: [] for purpose in LinkPurpose}
    async with await open_pool(dsn) as pool:
        transport = httpx.ASGITransport(cast("Any", create_app(settings, pool)))
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as client:
            office = await Office.open(client, pool, clock, settings)
            for width in WIDTHS:
                await clients.taken_on(office, pool, clock, f"C-{width}")
            _, change = await office.added(day="2027-06-01")
            await pool.execute(GIVEN, clock.now(), clock.today())
        issuing = Issuing("", clock.now())
        change_id = UUID(change["id"])
        for row in await pool.fetch("SELECT id FROM subscription WHERE client_id IS NOT NULL"):
            for purpose in (LinkPurpose.OBJECT, LinkPurpose.ACKNOWLEDGE):
                pages[purpose.value].append(issuing.issue(purpose, row["id"], change_id))
            await pool.execute(
                "UPDATE delivery SET attempts = 1, state = 'sent' WHERE subscription_id = $1", row["id"]
            )
        for width in WIDTHS:
            reader = await pool.fetchval(NEWS.replace("reader@", f"reader{width}@"), clock.now())
            for purpose in (LinkPurpose.CONFIRM, LinkPurpose.UNSUBSCRIBE):
                pages[purpose.value].append(issuing.issue(purpose, reader, None))
        async with pool.acquire() as db:
            await issuing.store(db)
    return pages


@pytest.fixture(scope="module")
def browser(running: Running) -> Iterator[Browser]:
    """Started after what is prepared, since it keeps an event loop of its own."""
    assert running.url
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield launched
        launched.close()


def looked_at(page: Page, width: int, name: str, shots: Path) -> None:
    """What every page must be: readable without seeing it, as wide as the screen, of enough contrast."""
    page.screenshot(path=shots / f"{name}-{width}.png", full_page=True)
    assert page.evaluate(ACCESSIBILITY) == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert page.evaluate(CONTRAST) == [], (name, scheme)
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(("place", "width"), list(enumerate(WIDTHS)))
def test_each_page_is_read_sent_and_answered(
    running: Running, browser: Browser, tmp_path: Path, place: int, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))

    def open_link(purpose: LinkPurpose) -> None:
        answer = page.goto(running.url + running.pages[purpose.value][place], wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        looked_at(page, width, f"{purpose.value}-asked", tmp_path)

    open_link(LinkPurpose.OBJECT)
    page.get_by_label("Why do you object?").fill("Not there.\n\nNowhere.")
    page.get_by_role("button", name="Send the objection").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", level=1).inner_text() == "Your objection has arrived"
    looked_at(page, width, "object-done", tmp_path)
    page.reload(wait_until="networkidle")
    assert page.get_by_role("heading", level=1).inner_text() == "Your objection has arrived"

    for purpose, button, heading in (
        (LinkPurpose.ACKNOWLEDGE, "I have read this notice", "Noted: you have read this notice"),
        (LinkPurpose.CONFIRM, "Confirm this address", "Your address is confirmed"),
        (LinkPurpose.UNSUBSCRIBE, "Unsubscribe", "You are unsubscribed"),
    ):
        open_link(purpose)
        page.get_by_role("button", name=button).click()
        page.wait_for_load_state("networkidle")
        assert page.get_by_role("heading", level=1).inner_text() == heading
        looked_at(page, width, f"{purpose.value}-done", tmp_path)

    page.goto(f"{running.url}/subscribe", wait_until="networkidle")
    looked_at(page, width, "subscribe-asked", tmp_path)
    page.get_by_label("Your e-mail address").fill(f"new{width}@example.com")
    page.get_by_label("Added").check()
    page.get_by_text("Only what concerns certain countries").click()
    page.get_by_label("Belgium").check()
    looked_at(page, width, "subscribe-countries", tmp_path)
    page.get_by_role("button", name="Send me the mail to confirm").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", level=1).inner_text() == "Look into your mailbox"
    looked_at(page, width, "subscribe-done", tmp_path)
    assert complaints == []

    page.goto(running.url + f"/links/object/{'a' * 43}", wait_until="networkidle")
    looked_at(page, width, "not-good", tmp_path)
    context.close()


def test_no_link_is_ever_in_a_referer(running: Running, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    referers: list[str] = []
    page.on("request", lambda request: referers.append(request.headers.get("referer", "")))
    paths = [path for links in running.pages.values() for path in links]
    for path in paths:
        page.goto(running.url + path)
        page.get_by_role("link", name="The list", exact=True).click()
        page.wait_for_url(f"{running.url}/")
    context.close()
    assert len(referers) > len(paths)
    assert [each for each in referers if "links" in each] == []
