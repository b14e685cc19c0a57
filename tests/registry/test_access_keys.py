"""Access keys: shown once, stored as a digest, expiring, revocable."""

import asyncio
import hashlib
from datetime import timedelta

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient

from registry.actions import access_keys as actions
from registry.app import create_app
from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import AccessKeyCreated, KeyRole
from registry.settings import Settings
from tests import keys

DRAFT = {"role": "privacy", "holder": "Pia"}


@pytest.fixture
async def admin(pool: Pool, clock: Clock) -> dict[str, str]:
    return await keys.headers(pool, clock, KeyRole.ADMIN, "Ada")


async def test_a_secret_is_shown_once_and_only_its_digest_is_stored(
    client: AsyncClient, admin: dict[str, str], pool: Pool
) -> None:
    made = await client.post("/v1/access-keys", json=DRAFT, headers=admin)
    secret = made.json()["secret"]
    address = made.headers["location"]

    assert made.status_code == 201
    assert secret not in (await client.get(address, headers=admin)).text
    dump = await pool.fetch("SELECT digest, access_key::text AS row FROM access_key")
    assert hashlib.sha256(secret.encode()).digest() in [row["digest"] for row in dump]
    assert not any(secret in row["row"] for row in dump)
    payloads = await pool.fetch("SELECT payload FROM journal")
    assert not any(secret.encode() in row["payload"] for row in payloads)


async def test_making_and_revoking_stand_in_the_journal_with_their_actor(
    client: AsyncClient, admin: dict[str, str], pool: Pool
) -> None:
    made = await client.post("/v1/access-keys", json=DRAFT, headers=admin)
    await client.post(f"{made.headers['location']}/revocation", headers=admin)

    rows = await pool.fetch("SELECT operation, actor FROM journal WHERE noun = 'access_key' ORDER BY number")
    me = (await client.get("/v1/me", headers=admin)).json()
    assert [(row["operation"], row["actor"]) for row in rows][1:] == [
        ("created", me["actor"]),
        ("revoked", me["actor"]),
    ]


async def test_a_key_says_who_one_is(client: AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.get("/v1/me", headers=admin)

    assert answer.json()["holder"] == "Ada"
    assert answer.json()["role"] == "admin"


async def test_a_revoked_key_is_refused_at_once_even_where_no_key_is_needed(
    client: AsyncClient, admin: dict[str, str]
) -> None:
    made = await client.post("/v1/access-keys", json=DRAFT, headers=admin)
    holder = {"Authorization": f"Bearer {made.json()['secret']}"}
    assert (await client.get("/v1/me", headers=holder)).status_code == 200

    revoked = await client.post(f"{made.headers['location']}/revocation", headers=admin)

    assert revoked.json()["revoked_at"] is not None
    for path in ("/v1/me", "/openapi.json"):
        refused = await client.get(path, headers=holder)
        assert refused.status_code == 401
        assert "revoked" in refused.json()["detail"]
        assert refused.headers["www-authenticate"].startswith("Bearer")


async def test_revoking_twice_is_a_conflict(client: AsyncClient, admin: dict[str, str]) -> None:
    made = await client.post("/v1/access-keys", json=DRAFT, headers=admin)
    address = f"{made.headers['location']}/revocation"

    assert (await client.post(address, headers=admin)).status_code == 200
    assert (await client.post(address, headers=admin)).status_code == 409


async def test_a_revocation_by_another_process_is_seen_within_a_second(
    client: AsyncClient, admin: dict[str, str], pool: Pool, settings: Settings
) -> None:
    made = await client.post("/v1/access-keys", json=DRAFT, headers=admin)
    holder = {"Authorization": f"Bearer {made.json()['secret']}"}
    other = create_app(settings, pool)
    async with AsyncClient(transport=ASGITransport(other), base_url="http://other") as another:  # type: ignore[arg-type]
        assert (await another.get("/v1/me", headers=holder)).status_code == 200
        await client.post(f"{made.headers['location']}/revocation", headers=admin)
        await asyncio.sleep(1.01)

        assert (await another.get("/v1/me", headers=holder)).status_code == 401


async def test_a_key_expires_on_the_second(pool: Pool, clock: Clock, settings: Settings) -> None:
    holder = await keys.headers(pool, clock, KeyRole.AUDITOR, days=1)
    assert settings.now is not None
    for later, status in ((timedelta(hours=23), 200), (timedelta(days=1, seconds=1), 401)):
        app = create_app(msgspec.structs.replace(settings, now=settings.now + later), pool)
        async with AsyncClient(transport=ASGITransport(app), base_url="http://later") as client:  # type: ignore[arg-type]
            answer = await client.get("/v1/me", headers=holder)
        assert answer.status_code == status


@pytest.mark.parametrize(
    "authorization",
    ["Bearer onw_" + "a" * 43, "Bearer onw_short", "Bearer ", "Basic YTpi", "onw_" + "a" * 43, "Bearer \xff"],
)
async def test_a_wrong_key_is_never_taken_for_the_public(client: AsyncClient, authorization: str) -> None:
    answer = await client.get("/openapi.json", headers=[(b"Authorization", authorization.encode("latin-1"))])

    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:onward:problem:unauthenticated"


async def test_a_role_that_may_never_do_it_is_told_which_role_may(
    client: AsyncClient, pool: Pool, clock: Clock
) -> None:
    auditor = await keys.headers(pool, clock, KeyRole.AUDITOR, "Otto")

    refused = await client.post("/v1/access-keys", json=DRAFT, headers=auditor)

    assert refused.status_code == 403
    assert "auditor" in refused.json()["detail"]
    assert "admin" in refused.json()["detail"]


async def test_a_key_that_is_not_there_is_not_found(client: AsyncClient, admin: dict[str, str]) -> None:
    missing = "0199d3a0-0000-7000-8000-000000000000"

    assert (await client.get(f"/v1/access-keys/{missing}", headers=admin)).status_code == 404
    assert (await client.post(f"/v1/access-keys/{missing}/revocation", headers=admin)).status_code == 404


async def test_two_starters_make_one_first_admin(pool: Pool, clock: Clock) -> None:
    told: list[AccessKeyCreated] = []

    async def start() -> AccessKeyCreated | None:
        async with pool.acquire() as db:
            return await actions.ensure_first_admin(db, clock, told.append)

    made = await asyncio.gather(start(), start(), start())

    assert [created for created in made if created] == told
    assert len(told) == 1
    assert await pool.fetchval("SELECT count(*) FROM access_key") == 1
    assert await start() is None


async def test_a_first_key_that_could_not_be_told_is_not_made(pool: Pool, clock: Clock) -> None:
    def gone(_: AccessKeyCreated) -> None:
        raise BrokenPipeError

    async with pool.acquire() as db:
        with pytest.raises(BrokenPipeError):
            await actions.ensure_first_admin(db, clock, gone)
        first = await actions.ensure_first_admin(db, clock, lambda _: None)

    assert first is not None
    assert first.access_key.expires_at == first.access_key.created_at + timedelta(days=365)


async def test_the_first_admin_may_make_keys(pool: Pool, clock: Clock, client: AsyncClient) -> None:
    async with pool.acquire() as db:
        first = await actions.ensure_first_admin(db, clock, lambda _: None)
    assert first is not None

    made = await client.post(
        "/v1/access-keys", json=DRAFT, headers={"Authorization": f"Bearer {first.secret}"}
    )

    assert made.status_code == 201
    assert made.json()["access_key"]["expires_at"].startswith("2027-11-24T09:00:")
