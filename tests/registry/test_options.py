"""Optional uses: off until the client itself, by its own key, switches them on after it saw the verdicts."""

from typing import Any

from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from tests.registry import clients
from tests.registry.office import Office, terms, use

TODAY = "2026-11-24"
TOMORROW = "2026-11-25"


async def optional(office: Office, text: str = "Germany") -> str:
    """A sub-processor with one optional use beside its hosting."""
    ai = {**use(text, "Suggestions"), "optional": True}
    key, _ = await office.added(**terms(uses={"hosting": use(), "ai": ai}))
    return key


async def purposes(office: Office, client_id: str, day: str = TODAY) -> set[str]:
    answer = await office.client.get(
        f"/v1/clients/{client_id}/sub-processors", headers=office.bram, params={"as_of": day}
    )
    return {each["purpose"] for one in answer.json()["data"] for each in one["uses"]}


async def switch(
    office: Office, address: str, headers: dict[str, str], tag: str | None = None, **body: Any
) -> Any:
    if tag is None:
        tag = (await office.client.get(address, headers=headers)).headers["etag"]
    return await office.client.put(address, json={"on": True, **body}, headers={**headers, "If-Match": tag})


async def test_an_optional_use_is_on_once_the_client_switched_it_on(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key = await optional(office)
    client_id = await clients.taken_on(office, pool, clock)
    mine = await clients.key(pool, clock, client_id)
    address = f"/v1/clients/{client_id}/options/{key}/ai"
    assert await purposes(office, client_id) == {"Hosting"}
    listed = await office.client.get(f"/v1/clients/{client_id}/options", headers=mine)
    [shown] = listed.json()["data"]
    assert (shown["on"], shown["places"][0]["verdict"]) == (False, "no_transfer")

    done = await switch(office, address, mine)

    assert done.status_code == 200, done.text
    assert (done.json()["on"], done.json()["since"]) == (True, TODAY)
    assert await purposes(office, client_id) == {"Hosting", "Suggestions"}
    [row] = await pool.fetch("SELECT seen, state FROM authorisation")
    assert (row["state"], row["seen"][0]["verdict"]) == ("authorised", "no_transfer")
    off = await switch(office, address, mine, on=False, effective_on=TOMORROW)
    assert off.status_code == 200, off.text
    assert await purposes(office, client_id) == {"Hosting", "Suggestions"}
    assert await purposes(office, client_id, TOMORROW) == {"Hosting"}
    operations = await pool.fetch("SELECT operation FROM journal WHERE noun = 'option' ORDER BY number")
    assert [row["operation"] for row in operations] == ["switched_on", "switched_off"]


async def test_one_switches_what_one_saw(office: Office, pool: Pool, clock: Clock) -> None:
    key = await optional(office)
    client_id = await clients.taken_on(office, pool, clock)
    mine = await clients.key(pool, clock, client_id)
    address = f"/v1/clients/{client_id}/options/{key}/ai"
    seen = (await office.client.get(address, headers=mine)).headers["etag"]
    added = {"uses": {"ai": {"places": {"uk": {"role": "storage", "text": "London, United Kingdom"}}}}}
    await office.alter(key, TODAY, added)

    assert (await switch(office, address, mine, seen)).status_code == 412
    assert (await switch(office, address, mine, "*")).status_code == 412
    bare = await office.client.put(address, json={"on": True}, headers=mine)
    assert bare.status_code == 428
    assert (await switch(office, address, mine)).status_code == 200


async def test_nobody_switches_for_the_client(office: Office, pool: Pool, clock: Clock) -> None:
    key = await optional(office)
    client_id = await clients.taken_on(office, pool, clock)
    other = await clients.taken_on(office, pool, clock, "C-2")
    address = f"/v1/clients/{client_id}/options/{key}/ai"
    contracts = await clients.key(pool, clock, client_id, KeyRole.CONTRACTS)

    for who in (office.ada, office.bram, contracts):
        assert (await switch(office, address, who)).status_code == 403
    stranger = await clients.key(pool, clock, other)
    assert (await switch(office, address, stranger, '"any"')).status_code == 404


async def test_a_use_that_nothing_covers_cannot_be_switched_on(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key = await optional(office, "Moscow, Russia")
    client_id = await clients.taken_on(office, pool, clock)
    mine = await clients.key(pool, clock, client_id)

    refused = await switch(office, f"/v1/clients/{client_id}/options/{key}/ai", mine)

    assert refused.status_code == 422
    assert "nothing covers" in refused.json()["detail"]


async def test_the_past_is_not_switched_and_twice_is_a_conflict(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key = await optional(office)
    client_id = await clients.taken_on(office, pool, clock)
    mine = await clients.key(pool, clock, client_id)
    address = f"/v1/clients/{client_id}/options/{key}/ai"

    past = await switch(office, address, mine, effective_on="2026-11-23")
    assert (past.status_code, past.json()["errors"][0]["member"]) == (400, "effective_on")
    assert (await switch(office, address, mine)).status_code == 200
    assert (await switch(office, address, mine)).status_code == 409
    missing = f"/v1/clients/{client_id}/options/{key}/nothing"
    assert (await office.client.get(missing, headers=mine)).status_code == 404


async def test_who_switches_an_option_on_is_owed_notice_of_what_is_announced_for_it(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key = await optional(office)
    client_id = await clients.taken_on(office, pool, clock)
    mine = await clients.key(pool, clock, client_id)
    added = {"uses": {"ai": {"places": {"lyon": {"role": "backup", "text": "Lyon, France"}}}}}
    await office.alter(key, "2027-03-01", added)
    assert await pool.fetchval("SELECT count(*) FROM notice") == 0

    await switch(office, f"/v1/clients/{client_id}/options/{key}/ai", mine)

    assert await pool.fetchval("SELECT count(*) FROM notice") == 1


async def test_a_use_is_judged_on_the_day_from_which_it_is_to_be_on(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key = await optional(office)
    client_id = await clients.taken_on(office, pool, clock)
    mine = await clients.key(pool, clock, client_id)
    address = f"/v1/clients/{client_id}/options/{key}/ai"
    there = {"uses": {"ai": {"places": {"delhi": {"role": "storage", "text": "India"}}}}}
    await office.alter(key, "2027-06-01", there)

    before = await switch(office, address, mine, effective_on="2027-05-31")
    refused = await switch(office, address, mine, on=False, effective_on="2027-05-01")
    assert before.status_code == 200, before.text
    assert refused.status_code == 409, "on that day it is off as it is"
    again = await switch(office, address, mine, effective_on="2027-07-01")
    off = await switch(office, address, mine, on=False, effective_on="2027-05-31")
    assert (again.status_code, off.status_code) == (422, 200)
    assert "nothing covers on 2027-07-01" in again.json()["detail"]
