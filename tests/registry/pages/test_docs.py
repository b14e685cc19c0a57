"""`/docs` shows the contract of this very server, and asks nobody else for anything."""

import re
import shutil

import pytest
from httpx import AsyncClient
from playwright.sync_api import sync_playwright

from tests import serving


async def test_the_page_takes_everything_from_this_server(client: AsyncClient) -> None:
    page = await client.get("/docs")

    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "unsafe-inline" not in page.headers["content-security-policy"].split("style-src")[0]
    assert len(addresses) == 5
    for address in addresses:
        assert address.startswith("/")
        assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize(
    "name", ["index.html", "swagger-initializer.js", "..%2f__init__.py", "swagger-ui.css.map"]
)
async def test_nothing_else_of_the_package_is_served(client: AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/{name}")).status_code == 404


@pytest.mark.needs("chromium")
def test_a_browser_shows_every_operation_without_leaving_the_machine(server: serving.Server) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as playwright:
        # Root has no sandbox to give it.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server.url}/docs")
        page.wait_for_selector(".opblock")
        shown = page.locator(".opblock").count()
        page.locator("#operations-The_law-assess .opblock-summary").click()
        page.wait_for_selector("#operations-The_law-assess .opblock-body")
        browser.close()

    assert shown > 20
    assert not complaints
    assert [address for address in asked if not address.startswith((server.url, "data:"))] == []
