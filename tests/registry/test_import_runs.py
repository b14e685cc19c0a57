"""How far an import is, seen by others while it runs: running, done, failed or interrupted, and nothing half done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from tests import keys
from tests.registry.importing import CODES, listed, report, take
from tests.registry.office import Office

LIST = "Name,Purpose,Location\nAcme GmbH,Hosting,Germany\nBeta Inc.,E-mail,USA\n"
BODY = {
    "name": "list.csv",
    "content": LIST,
    "commit": True,
    "accept": [{"code": code, "reason": "Known"} for code in CODES],
}


@asynccontextmanager
async def writers_waiting(pool: Pool) -> AsyncIterator[None]:
    """Hold the row that every writing transaction locks first."""
    async with pool.acquire() as db, db.transaction():
        await db.execute("SELECT FROM head FOR UPDATE")
        yield


async def run(office: Office, run_id: str) -> dict[str, Any]:
    answer = await office.client.get(f"/v1/imports/{run_id}", headers=office.otto)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def until(office: Office, run_id: str, **wanted: Any) -> dict[str, Any]:
    """Look at an import until it is so far."""
    while True:
        answer = await office.client.get(f"/v1/imports/{run_id}", headers=office.otto)
        # A connection that was ended may be lent once more before the pool notices.
        found = answer.json() if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE else {}
        if {name: found.get(name) for name in wanted} == wanted:
            return found
        await asyncio.sleep(0.02)


async def later(office: Office, **headers: str) -> httpx.Response:
    return await office.client.post(
        "/v1/imports", json=BODY, headers={**office.bram, "Prefer": "respond-async", **headers}
    )


async def test_an_import_that_is_done_keeps_its_report(office: Office) -> None:
    answer = await take(office, LIST)

    told = answer.json()
    assert answer.headers["location"].endswith(f"/v1/imports/{told['id']}")
    found = await run(office, told["id"])
    assert (found["state"], found["rows"], found["changes_planned"], found["changes_made"]) == (
        "done",
        2,
        2,
        2,
    )
    assert (found["name"], found["commit"], found["started_by"]) == ("list.csv", True, "Bram")
    assert found["report"] == told
    assert found["problem"] is None


async def test_an_import_that_failed_keeps_the_problem_it_was_answered_with(office: Office) -> None:
    refused = await take(office, LIST, accept=[])

    [found] = (await office.client.get("/v1/imports", headers=office.noor)).json()["data"]
    assert (found["state"], found["report"]) == ("failed", None)
    assert found["problem"] == refused.json()
    assert await listed(office) == []


async def test_others_see_how_far_an_import_is_before_any_of_it_is_there(office: Office, pool: Pool) -> None:
    async with writers_waiting(pool):
        begun = await later(office)
        run_id = begun.json()["id"]
        going = await until(office, run_id, rows=2)
        assert await listed(office) == []
    done = await until(office, run_id, state="done")

    assert (begun.status_code, begun.json()["state"]) == (202, "running")
    assert begun.headers["location"].endswith(f"/v1/imports/{run_id}")
    assert (going["state"], going["finished_at"], going["changes_planned"]) == ("running", None, None)
    assert [row["action"] for row in done["report"]["rows"]] == ["add", "add"]
    assert len(await listed(office)) == 2


async def test_a_repeat_of_an_import_that_goes_on_finds_the_same_one(office: Office) -> None:
    headers = {"Idempotency-Key": "one"}
    first, second = await later(office, **headers), await later(office, **headers)
    await until(office, first.json()["id"], state="done")

    assert first.json()["id"] == second.json()["id"]
    assert len((await office.client.get("/v1/imports", headers=office.otto)).json()["data"]) == 1


async def test_an_import_whose_connections_end_is_interrupted_and_wrote_nothing(
    office: Office, pool: Pool
) -> None:
    async with writers_waiting(pool):
        run_id = (await later(office)).json()["id"]
        await until(office, run_id, rows=2)
        async with pool.acquire() as db:
            [lock] = await db.fetch(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            await db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid = $1 OR (query LIKE '%UPDATE head%' AND state = 'active' AND pid <> pg_backend_pid() "
                "AND datname = current_database())",
                lock["pid"],
            )
            found = await until(office, run_id, state="interrupted")

    assert found["report"] is None
    assert await listed(office) == []
    assert (await office.client.get("/v1/changes/drafts", headers=office.otto)).json()["data"] == []


async def test_imports_are_listed_in_pages_the_newest_first(office: Office) -> None:
    ids = [(await report(office, LIST, commit=False))["id"] for _ in range(3)]

    first = (await office.client.get("/v1/imports", params={"limit": 2}, headers=office.otto)).json()
    cursor = first["pagination"]["next_cursor"]
    second = (
        await office.client.get("/v1/imports", params={"limit": 2, "cursor": cursor}, headers=office.otto)
    ).json()

    assert [one["id"] for one in first["data"] + second["data"]] == list(reversed(ids))
    assert second["pagination"]["next_cursor"] is None
    assert all(one["report"] is None and one["commit"] is False for one in first["data"])


@pytest.mark.parametrize(("role", "status"), [(None, 401), (KeyRole.CONTRACTS, 403), (KeyRole.AUDITOR, 200)])
async def test_colleagues_alone_see_imports(
    office: Office, pool: Pool, clock: Clock, role: KeyRole | None, status: int
) -> None:
    told = await report(office, LIST, commit=False)
    headers = await keys.headers(pool, clock, role, "Otto") if role else {}

    for path in ("/v1/imports", f"/v1/imports/{told['id']}"):
        assert (await office.client.get(path, headers=headers)).status_code == status


async def test_an_import_that_never_was_is_not_found(office: Office) -> None:
    answer = await office.client.get("/v1/imports/0199a7b6-0000-7000-8000-000000000000", headers=office.otto)

    assert answer.status_code == 404
