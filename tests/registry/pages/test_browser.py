"""The pages in a real browser, from a live server with the example register."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import serving

pytestmark = pytest.mark.needs("chromium")

WIDTHS = [pytest.param(1440, id="desktop"), pytest.param(768, id="tablet"), pytest.param(360, id="phone")]

ACCESSIBILITY, CONTRAST = (
    (Path(__file__).parent / script).read_text() for script in ("accessibility.js", "contrast.js")
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a live server with the example register."""
    with serving.serving(tmp_path_factory.mktemp("demo") / "data", "--demo") as running:
        yield running.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's browser: playwright's own would have to be downloaded. Root has no sandbox to give it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--host-resolver-rules=MAP register.example 127.0.0.1"],
        )
        yield launched
        launched.close()


@contextmanager
def reading(
    browser: Browser, width: int = 1440, *, scripts: bool = True
) -> Iterator[tuple[Page, list[str], list[str]]]:
    """A page with every address that it asks for and every complaint of the browser."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page, asked, complaints
    context.close()


def walk(page: Page, url: str) -> Iterator[str]:
    """Go from the list to a sub-processor and a change, as a reader does; give each page's address."""
    page.goto(url, wait_until="networkidle")
    yield page.url
    for group in ("table th a", "#planned-title ~ .events a", "section [reversed] a"):
        page.goto(url, wait_until="networkidle")
        page.locator(group).first.click()
        page.wait_for_load_state("networkidle")
        yield page.url
    page.goto(f"{url}/feeds", wait_until="networkidle")
    yield page.url
    answer = page.goto(f"{url}/changes/none", wait_until="networkidle")
    assert answer is not None
    assert answer.status == 404
    yield page.url


@pytest.mark.parametrize("path", ["changes.rss", "changes.atom", "changes.json", "changes.rss?kind=added"])
def test_whoever_opens_a_feed_finds_a_page_and_no_warning(demo: str, browser: Browser, path: str) -> None:
    with reading(browser) as (page, _, complaints):
        page.goto(f"{demo}/feeds/{path}", wait_until="networkidle")
        address = page.url
        heading = page.locator("h1").inner_text()
        told = page.locator("main dl a").all_inner_texts()
        changes = page.locator("section[aria-labelledby=changes] li").count()

    _, _, query = path.partition("?")
    assert address == f"{demo}/feeds" + (f"?{query}" if query else "")
    assert heading == "Follow the changes"
    assert f"{demo}/feeds/{path}" in told
    assert changes > 0
    assert complaints == []


def test_the_choice_of_a_part_needs_no_script_and_leads_to_its_feed(demo: str, browser: Browser) -> None:
    with reading(browser, scripts=False) as (page, _, _):
        page.goto(f"{demo}/feeds")
        page.get_by_label("Kind of change").select_option("removed")
        page.get_by_label("Country").select_option("PL")
        page.get_by_role("button", name="Show").click()
        note = page.locator("p.note").inner_text()
        told = page.locator("main dl a").first.inner_text()

    assert "kind removed; country Poland" in note
    assert told == f"{demo}/feeds/changes.rss?kind=removed&country=PL"


def test_no_request_leaves_the_machine_and_the_browser_does_not_complain(demo: str, browser: Browser) -> None:
    with reading(browser) as (page, asked, complaints):
        visited = [*walk(page, demo)]

    assert len(set(visited)) == 6
    assert {urlsplit(address).netloc for address in asked} == {urlsplit(demo).netloc}
    # The last page is a 404 on purpose, which the browser's console tells.
    assert complaints == ["Failed to load resource: the server responded with a status of 404 (Not Found)"]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_can_be_read_without_seeing_it_and_fits_its_width(
    demo: str, browser: Browser, width: int
) -> None:
    with reading(browser, width) as (page, _, _):
        for address in walk(page, demo):
            assert page.evaluate(ACCESSIBILITY) == [], address
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, address


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_no_column_of_the_list_is_cut_off(demo: str, browser: Browser, width: int) -> None:
    with reading(browser, width) as (page, _, _):
        page.goto(demo, wait_until="networkidle")
        shown, whole = page.evaluate(
            "(box => [box.clientWidth, box.scrollWidth])(document.querySelector('.scroll'))"
        )

    assert whole == shown


def test_the_list_is_all_there_without_scripts(demo: str, browser: Browser) -> None:
    with reading(browser, scripts=False) as (page, _, _):
        page.goto(demo)
        assert page.locator("table tbody").count() >= 10
        page.fill("input[name=as_of]", "2020-01-01")
        page.click("text=Show >> nth=-1")
        assert page.url.endswith("/?as_of=2020-01-01")


def test_the_skip_link_is_the_first_stop_of_the_keyboard(demo: str, browser: Browser) -> None:
    with reading(browser) as (page, _, _):
        page.goto(demo)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(demo: str, browser: Browser, scheme: str) -> None:
    with reading(browser) as (page, _, _):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(demo)
        assert page.evaluate(CONTRAST) == []


def test_whoever_opens_a_feed_over_plain_http_finds_a_page_too(tmp_path: Path, browser: Browser) -> None:
    # A browser trusts a loopback address, and no other without TLS: so it is called by a name.
    port = serving.free_port()
    url = f"http://register.example:{port}"
    with (
        serving.serving(tmp_path / "data", "--demo", environ={"ONWARD_PUBLIC_URL": url}, port=port),
        reading(browser) as (page, _, complaints),
    ):
        asked: list[dict[str, str]] = []
        page.on("request", lambda request: asked.append(request.all_headers()))
        for form in ("changes.rss", "changes.atom", "changes.json", "deadlines.ics"):
            page.goto(f"{url}/feeds/{form}", wait_until="networkidle")
            assert urlsplit(page.url).path == "/feeds"
            assert page.locator("h1").count() == 1
        assert not any("sec-fetch-dest" in headers for headers in asked)
        assert complaints == []
