"""What needs attention towards clients: whom we cannot tell, what was not given, what does not bind, what failed."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from registry.clock import Clock
from registry.database import Pool
from tests.registry import clients
from tests.registry.office import Office, part, place, terms

PATH = "/v1/attention"
OBJECT = """
    INSERT INTO objection (change_id, client_id, reason, state, made_at, made_on, made_by)
    VALUES ($1, $2, 'No', 'open', $3, $4, 'tester')
"""
GIVE = "UPDATE notice SET given_at = $1, given_on = $2::date, objection_until = $2::date + objection_days"
FAIL = "UPDATE delivery SET state = 'failed', ended_at = $1, last_status = '550 no such mailbox'"
SUSPEND = """
    UPDATE subscription SET state = 'suspended', suspended_at = $1, suspended_reason = 'It answered 500 for three days'
"""


async def attention(office: Office, who: dict[str, str] | None = None, **query: Any) -> list[dict[str, Any]]:
    answer = await office.client.get(PATH, params={"limit": 200, **query}, headers=who or office.otto)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


async def coded(office: Office, code: str, **query: Any) -> list[dict[str, Any]]:
    return await attention(office, code=code, **query)


async def given(pool: Pool, clock: Clock) -> None:
    """As when every receiving server had accepted its delivery today."""
    await pool.execute(GIVE, clock.now(), clock.today())


async def test_a_client_that_cannot_be_told_is_urgent_until_it_can(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock, channel=False)
    [item] = await attention(office)

    assert (item["code"], item["urgency"], item["subject"]) == ("client_unreachable", "now", "C-1")
    assert item["path"] == f"/v1/clients/{client_id}"
    await pool.execute(clients.CHANNEL, UUID(client_id), clock.now())
    assert await attention(office) == []


async def test_a_notice_that_nobody_accepted_stays_until_it_is_given(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock)
    _, change = await office.added(day="2027-03-01")
    [item] = await attention(office)

    assert (item["code"], item["subject"]) == ("notice_not_given", f"C-1/{change['number']}")
    assert (item["urgency"], item["since"], item["until"]) == ("soon", "2026-11-24", "2027-02-28")
    await pool.execute("UPDATE notice SET made_at = made_at - interval '2 days'")
    [item] = await attention(office)
    assert (item["urgency"], item["since"]) == ("now", "2026-11-22")
    await given(pool, clock)
    assert await attention(office) == []


@pytest.mark.parametrize(("days", "late"), [(30, True), (31, False)])
async def test_a_notice_that_leaves_too_few_days_says_until_when_to_postpone(
    office: Office, pool: Pool, clock: Clock, days: int, *, late: bool
) -> None:
    """Thirty days given today: the earliest effective day is the thirty-first after."""
    await clients.taken_on(office, pool, clock)
    await office.added(day=(date(2026, 11, 24) + timedelta(days=days)).isoformat())
    await given(pool, clock)
    found = await attention(office)

    assert [one["code"] for one in found] == (["notice_given_late"] if late else [])
    assert all("2026-12-25 or later" in one["to_do"] for one in found)


async def test_a_withdrawn_change_and_a_client_that_left_need_no_notice(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock)
    _, change = await office.added(day="2027-03-01")
    drafted = await office.about(change["id"], "withdrawal")
    assert (await office.publish(drafted.json()["id"])).status_code == 201

    assert [one["subject"] for one in await coded(office, "notice_not_given")] == ["C-1/2"]
    await pool.execute("UPDATE client_terms SET valid = daterange('2025-01-01', '2026-11-24')")
    assert await attention(office) == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-12-04", ("now", None, "2026-12-04")),
        ("2026-12-05", ("soon", None, "2026-12-05")),
        ("2026-11-20", ("now", "2026-11-20", None)),
    ],
)
async def test_a_change_that_waits_for_its_client_is_urgent_from_ten_days_before(
    office: Office, pool: Pool, clock: Clock, day: str, said: tuple[str, str | None, str | None]
) -> None:
    await clients.taken_on(office, pool, clock, authorisation="specific")
    _, change = await office.added(day=day)
    await given(pool, clock)
    [item] = await coded(office, "authorisation_pending")

    assert item["subject"] == f"C-1/{change['number']}"
    assert (item["urgency"], item["since"], item["until"]) == said


async def test_an_open_objection_is_told_and_an_upheld_one_kept_in_mind(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    _, change = await office.added(day="2026-12-31")
    await given(pool, clock)
    await pool.execute(OBJECT, UUID(change["id"]), UUID(client_id), clock.now(), clock.today())
    [item] = await coded(office, "objection_open")

    assert (item["noun"], item["urgency"], item["until"]) == ("objection", "soon", "2026-12-31")
    upheld = "UPDATE objection SET state = 'alternative_offered', resolved_at = $1, resolved_on = $2"
    await pool.execute(upheld, clock.now(), clock.today())
    [item] = await coded(office, "change_not_binding")
    assert item["urgency"] == "open"
    assert await coded(office, "objection_open") == []


async def test_a_postponed_change_counts_from_its_later_day(office: Office, pool: Pool, clock: Clock) -> None:
    await clients.taken_on(office, pool, clock, authorisation="specific")
    _, change = await office.added(day="2026-12-01")
    drafted = await office.about(change["id"], "postponement", effective_on="2027-06-01")
    assert (await office.publish(drafted.json()["id"])).status_code == 201
    [item] = [one for one in await coded(office, "authorisation_pending") if one["subject"] == "C-1/1"]

    assert (item["urgency"], item["until"]) == ("soon", "2027-06-01")


async def test_channels_that_fail_are_shown_to_those_who_may_see_addresses(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock)
    await office.added(day="2027-03-01")
    await given(pool, clock)
    await pool.execute(FAIL, clock.now())
    [item] = await attention(office)

    assert (item["code"], item["urgency"], item["since"]) == ("deliveries_failed", "now", "2026-11-24")
    assert "1 delivery to the email of C-1 failed: 550 no such mailbox" in item["message"]
    shown = await office.client.get(item["path"], headers=office.otto)
    assert [one["state"] for one in shown.json()["data"]] == ["failed"]
    await pool.execute(SUSPEND, clock.now())
    codes = [one["code"] for one in await attention(office)]
    assert sorted(codes) == ["channel_suspended", "client_unreachable", "deliveries_failed"]
    assert [one["code"] for one in await attention(office, who=office.noor)] == ["client_unreachable"]


async def test_transfers_under_a_clients_own_rules_are_told_with_the_client(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, "C-UK", country="GB")
    await clients.taken_on(office, pool, clock, "C-BE")
    await office.added("Nairobi Ltd", day="2026-12-31", **terms("Kenya"))
    await given(pool, clock)
    found = {one["subject"]: one for one in await coded(office, "transfer_not_covered")}

    assert {one["clients"][0] if one["clients"] else None for one in found.values()} == {None, "C-UK"}
    [british] = [one for one in found.values() if one["clients"]]
    assert "come with the data of C-UK" in british["message"]
    assert british["accepted"]["by"] == "Bram", "accepted for the client by its reference"


async def test_a_vendors_notice_is_measured_by_the_longest_promise(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, notice_days=90)
    await office.added("Slow Ltd", **terms(notice_days=60))
    await given(pool, clock)
    [item] = await coded(office, "vendor_notice_shorter")

    assert "60 days' notice of its changes, and we promise up to 90" in item["message"]


async def test_special_categories_that_were_accepted_stay_until_they_are_agreed_or_gone(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock)
    key, _ = await office.added("Health Ltd", **terms(special_categories=True))
    await given(pool, clock)
    [item] = await coded(office, "special_categories_not_agreed")

    assert (item["code"], item["subject"]) == ("special_categories_not_agreed", f"C-1/{key}")
    assert item["accepted"]["reason"] == "Known"
    await office.published(kind="removed", parts=[part(key, "end", "2026-11-24")])
    await given(pool, clock)
    assert await coded(office, "special_categories_not_agreed") == []


async def test_an_instruction_that_was_accepted_against_stays_until_the_transfer_is_gone(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    made = await office.client.post(
        f"/v1/clients/{client_id}/instructions",
        json={"valid_from": "2026-01-01", "rule": {"kind": "eea_only"}},
        headers=office.bram,
    )
    assert made.status_code == 201, made.text
    key, _ = await office.added("Tokyo KK")
    await office.alter(key, "2026-11-24", place("second", "United Kingdom"))
    await given(pool, clock)
    [item] = await coded(office, "instruction_contravened")

    assert item["subject"].startswith(f"C-1/{made.json()['id']}/")
    await office.alter(key, "2026-11-24", {"uses": {"hosting": {"places": {"second": None}}}})
    assert await coded(office, "instruction_contravened") == []
