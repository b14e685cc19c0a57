"""A single assessment is answered at once exactly as the framework's way answers it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient, Response

from tests.transfers.tables import cases

PATH = "/v1/assessments"
PLAIN = {"content-type": "application/json"}
SLOW = {"content-type": "application/json; charset=utf-8"}
"""As good a type, and not in the plain form: so it goes the framework's way."""
FACTS: dict[str, Any] = {
    "exporter": {"country": "DE", "role": "controller"},
    "importer": {"country": "IN", "role": "processor"},
}
UNFIT = [
    b"",
    b"{",
    b"null",
    b"\xff",
    b"[" * 5_000,
    json.dumps(FACTS | {"colour": "red"}).encode(),
    json.dumps(FACTS | {"as_of": "1994-12-31"}).encode(),
    json.dumps(FACTS | {"as_of": "9999-12-31"}).encode(),
    json.dumps(FACTS | {"importer": {"country": "QQ", "role": "processor"}}).encode(),
    json.dumps(FACTS | {"safeguards": [{"type": "other", "name": "a\u0000b"}]}).encode(),
]


def told(answer: Response) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_code, sorted(answer.headers.items()), answer.content


async def both(client: AsyncClient, body: bytes, **query: str) -> None:
    """Ask the quick way and the framework's."""
    quick = await client.post(PATH, content=body, headers=PLAIN, params=query)
    slow = await client.post(PATH, content=body, headers=SLOW, params=query)

    assert told(quick) == told(slow)


async def test_what_fits_is_answered_the_same_either_way(client: AsyncClient) -> None:
    for _, case in cases()[::7]:
        facts = {
            **FACTS,
            "as_of": case.on.isoformat(),
            "importer": {"country": case.to[:2], "role": "processor"},
        }
        await both(client, json.dumps(facts).encode())


@pytest.mark.parametrize("body", UNFIT)
async def test_what_does_not_fit_is_refused_the_same_either_way(client: AsyncClient, body: bytes) -> None:
    await both(client, body)


async def test_a_query_and_another_type_are_told_as_everywhere(client: AsyncClient) -> None:
    await both(client, json.dumps(FACTS).encode(), colour="red")
    answer = await client.post(PATH, content=json.dumps(FACTS), headers={"content-type": "text/plain"})

    assert answer.status_code == 415


async def test_a_wrong_key_is_refused_though_none_is_needed(client: AsyncClient) -> None:
    answer = await client.post(PATH, json=FACTS, headers={"Authorization": "Bearer onw_wrong"})

    assert answer.status_code == 401


async def test_a_body_in_portions_is_read_whole(client: AsyncClient) -> None:
    body = json.dumps(FACTS).encode()

    async def portions() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 20):
            yield body[at : at + 20]

    answer = await client.post(PATH, content=portions(), headers=PLAIN)

    assert answer.json()["verdict"] == "not_covered"
    assert answer.content == (await client.post(PATH, content=body, headers=PLAIN)).content


async def test_a_body_that_is_too_long_is_refused(client: AsyncClient) -> None:
    body = json.dumps(FACTS).encode() + b" " * 10_000_000
    answer = await client.post(PATH, content=body, headers=PLAIN)

    assert answer.status_code == 413
