"""Every path answers OPTIONS, HEAD and other methods as it should, whatever it is for."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from httpx import AsyncClient
from litestar.routes import HTTPRoute

from registry.app import create_app
from registry.settings import Settings

METHODS: dict[str, set[str]] = {}
for route in create_app(Settings(data_dir=Path("/nowhere"))).routes:
    if isinstance(route, HTTPRoute):
        METHODS.setdefault(route.path_format, set()).update(str(method) for method in route.methods)


def address(path: str) -> str:
    """An address that fits the path; what it names need not be there."""
    path = re.sub(r"\{[a-z_]*_id\}", str(UUID(int=7)), path).replace("{page}", "1")
    return path.replace("{", "").replace("}", "")


@pytest.mark.parametrize(("path", "methods"), sorted(METHODS.items()))
async def test_a_path_answers_every_method_as_it_should(
    client: AsyncClient, admin: dict[str, str], path: str, methods: set[str]
) -> None:
    complete = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    allow = ", ".join(sorted(complete))

    options = await client.options(address(path))
    assert (options.status_code, options.headers["allow"]) == (204, allow)

    got = await client.get(address(path), headers=admin)
    head = await client.head(address(path), headers=admin)
    assert (got.status_code == 405) == ("GET" not in methods)
    assert got.status_code < 500
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers.get("content-type") == got.headers.get("content-type")

    for method in sorted({"PUT", "PATCH", "DELETE", "POST", "TRACE"} - methods):
        refused = await client.request(method, address(path))
        assert (refused.status_code, refused.headers["allow"]) == (405, allow)
        assert refused.json()["type"] == "urn:onward:problem:method-not-allowed"

    wrong = {"Authorization": "Bearer onw_" + "a" * 43}
    for method in sorted(methods - {"OPTIONS"}):
        assert (await client.request(method, address(path), headers=wrong)).status_code == 401
