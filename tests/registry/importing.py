"""Imports over HTTP, for tests."""

from typing import Any

import httpx

from tests.registry.office import Office

CODES = ("flow_down_missing", "identity_incomplete", "transfer_not_covered")
"""What stands against nearly every row of a published list."""

TOLD = {"told_on": "2018-01-01", "how": "By the page"}


async def take(
    office: Office, content: str, who: dict[str, str] | None = None, **options: Any
) -> httpx.Response:
    """Import as somebody who knows what is missing, and whose clients were told at the time."""
    body = {"name": "list.csv", "content": content, "commit": True, **options}
    if who is not office.noor:
        accept = [{"code": code, "reason": "Known"} for code in CODES]
        body = {"accept": accept, **body}
    if options.get("effective_on"):
        body = {"already_told": TOLD, **body}
    return await office.client.post("/v1/imports", json=body, headers=who or office.bram)


async def report(office: Office, content: str, **options: Any) -> dict[str, Any]:
    answer = await take(office, content, **options)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(office: Office, day: str | None = None) -> list[dict[str, Any]]:
    params = {"limit": "200"} | ({"as_of": day} if day else {})
    found: list[dict[str, Any]] = (await office.client.get("/v1/sub-processors", params=params)).json()[
        "data"
    ]
    return found


def actions(of: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [(row["row"], row["action"]) for row in of["rows"]]
