"""A request that comes twice has its effect once."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient

from registry.app import create_app
from registry.database import Pool
from registry.settings import Settings

DRAFT = {"role": "privacy", "holder": "Pia"}
PATH = "/v1/access-keys"


def keyed(headers: dict[str, str], key: str = "one") -> dict[str, str]:
    return {**headers, "Idempotency-Key": key}


async def count(pool: Pool) -> int:
    return int(await pool.fetchval("SELECT count(*) FROM access_key WHERE holder = 'Pia'"))


async def test_a_repeat_gets_the_first_answer_without_its_secret(
    client: AsyncClient, admin: dict[str, str], pool: Pool
) -> None:
    first = await client.post(PATH, json=DRAFT, headers=keyed(admin))
    again = await client.post(PATH, json=DRAFT, headers=keyed(admin))

    assert first.json()["secret"].startswith("onw_")
    assert again.json() == first.json() | {"secret": None}
    assert again.status_code == first.status_code == 201
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert await count(pool) == 1
    assert first.json()["secret"].encode() not in await pool.fetchval("SELECT body FROM idempotency")


async def test_a_quoted_key_is_the_same_key(client: AsyncClient, admin: dict[str, str], pool: Pool) -> None:
    await client.post(PATH, json=DRAFT, headers=keyed(admin, "one"))
    await client.post(PATH, json=DRAFT, headers=keyed(admin, '"one"'))

    assert await count(pool) == 1


async def test_another_body_under_the_same_key_is_refused(client: AsyncClient, admin: dict[str, str]) -> None:
    await client.post(PATH, json=DRAFT, headers=keyed(admin))

    answer = await client.post(PATH, json=DRAFT | {"holder": "Paul"}, headers=keyed(admin))

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:onward:problem:idempotency-key-reused"


async def test_without_a_key_or_under_another_it_happens_again(
    client: AsyncClient, admin: dict[str, str], pool: Pool
) -> None:
    for headers in (admin, admin, keyed(admin, "one"), keyed(admin, "two")):
        assert (await client.post(PATH, json=DRAFT, headers=headers)).status_code == 201

    assert await count(pool) == 4


async def test_repeats_at_the_same_moment_wait_for_the_first(
    client: AsyncClient, admin: dict[str, str], pool: Pool
) -> None:
    answers = await asyncio.gather(*(client.post(PATH, json=DRAFT, headers=keyed(admin)) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 4
    assert await count(pool) == 1


async def test_a_request_that_was_refused_may_be_mended_under_the_same_key(
    client: AsyncClient, admin: dict[str, str]
) -> None:
    missing = f"{PATH}/0199d3a0-0000-7000-8000-000000000000/revocation"
    await client.post(missing, headers=keyed(admin))
    await client.post(PATH, json={"role": "privacy"}, headers=keyed(admin))

    assert (await client.post(PATH, json=DRAFT, headers=keyed(admin))).status_code == 201


async def test_an_answer_is_kept_for_a_day(
    client: AsyncClient, admin: dict[str, str], pool: Pool, settings: Settings
) -> None:
    await client.post(PATH, json=DRAFT, headers=keyed(admin))
    assert settings.now is not None
    for hours, made in ((23, 1), (25, 2)):
        later = settings.now + timedelta(hours=hours)
        app = create_app(msgspec.structs.replace(settings, now=later), pool)
        async with AsyncClient(transport=ASGITransport(app), base_url="http://later") as other:  # type: ignore[arg-type]
            assert (await other.post(PATH, json=DRAFT, headers=keyed(admin))).status_code == 201
        assert await count(pool) == made


async def test_two_holders_may_use_the_same_key(
    client: AsyncClient, admin: dict[str, str], pool: Pool
) -> None:
    made = await client.post(PATH, json={"role": "admin", "holder": "Bea"}, headers=admin)
    other = {"Authorization": f"Bearer {made.json()['secret']}"}

    await client.post(PATH, json=DRAFT, headers=keyed(admin))
    await client.post(PATH, json=DRAFT, headers=keyed(other))

    assert await count(pool) == 2


@pytest.mark.parametrize("times", [1, 2])
async def test_expired_answers_are_dropped(
    client: AsyncClient, admin: dict[str, str], pool: Pool, times: int
) -> None:
    await pool.execute(
        "INSERT INTO idempotency (actor, method, path, key, request_digest, expires_at)"
        " SELECT 'public', 'POST', '/', n::text, '', timestamptz '2020-01-01Z' FROM generate_series(1, 5) AS n"
    )
    for n in range(times):
        await client.post(PATH, json=DRAFT, headers=keyed(admin, f"k{n}"))

    assert await pool.fetchval("SELECT count(*) FROM idempotency") == times
