"""Our own files: found from the pages, kept for good, and none from elsewhere."""

import httpx
import pytest
from msgspec.structs import replace

from registry.app import create_app
from registry.database import Pool
from registry.settings import Settings
from tests.registry.pages.reading import page


async def test_what_a_page_loads_is_there_and_may_be_kept(client: httpx.AsyncClient) -> None:
    document = await page(client, "/")

    for address in document.xpath("//head/link[@rel='stylesheet' or @rel='icon']/@href"):
        answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] in {"text/css; charset=utf-8", "image/svg+xml"}
        assert "immutable" in answer.headers["cache-control"]
        asked = {"If-None-Match": answer.headers["etag"]}
        assert (await client.get(address, headers=asked)).status_code == 304


@pytest.mark.parametrize(
    "path", ["/static/style.css", "/static/../words.py", "/static/%2e%2e%2fwords.py", "/static/x"]
)
async def test_no_other_file_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_pages_work_below_a_path_of_the_public_address(settings: Settings, pool: Pool) -> None:
    below = replace(settings, public_url="https://mibntech.example/register")
    app = create_app(below, pool)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inside") as client:  # type: ignore[arg-type]
        document = await page(client, "/")

    own = [address for address in document.xpath("//@href") if not address.startswith(("#", "https://"))]
    assert own
    assert all(address.startswith("/register/") for address in own)
    assert document.xpath("//link[@rel='alternate']/@href") == [
        f"https://mibntech.example/register/feeds/{file}"
        for file in ("changes.rss", "changes.atom", "changes.json", "deadlines.ics")
    ]
