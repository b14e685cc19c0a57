"""Whom a change touches, what each is owed, and what stands against publishing it."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from registry.app import create_app
from registry.clock import Clock
from registry.database import Pool
from registry.settings import Settings
from tests.registry import clients
from tests.registry.office import Office, organisation, part, place, terms, use

TODAY = "2026-11-24"
SOON = "2026-12-01"
LATER = "2027-03-01"


async def service(office: Office, key: str) -> None:
    body = {"key": key, "name": key.title()}
    assert (await office.client.post("/v1/services", json=body, headers=office.ada)).status_code == 201


async def reviewed(office: Office, **change: Any) -> dict[str, Any]:
    drafted = await office.draft(**change)
    assert drafted.status_code == 201, drafted.text
    review = await office.review(drafted.json()["id"])
    assert review.status_code == 200, review.text
    answer: dict[str, Any] = review.json()
    return answer


async def altered(office: Office, key: str, day: str, patch: dict[str, Any], **change: Any) -> dict[str, Any]:
    return await reviewed(
        office, **{"kind": "material_change", "parts": [part(key, "set", day, patch)], **change}
    )


def told(review: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {client["reference"]: client for client in review["clients"]}


def found(review: dict[str, Any], code: str) -> list[tuple[str, str]]:
    return [(check["subject"], check["level"]) for check in review["checks"] if check["code"] == code]


async def test_a_change_touches_those_who_take_the_service_it_is_about(
    office: Office, pool: Pool, clock: Clock
) -> None:
    for key in ("payroll", "desk"):
        await service(office, key)
    await clients.taken_on(office, pool, clock, "PAYROLL", services={"payroll": True})
    await clients.taken_on(office, pool, clock, "DESK", services={"desk": True})
    await clients.taken_on(office, pool, clock, "ALL")
    hosting = {**use(), "services": {"payroll": True}}
    desk = {**use(purpose="Help desk"), "services": {"desk": True}}
    key, _ = await office.added(**terms(uses={"hosting": hosting, "desk": desk}))

    review = await altered(office, key, LATER, place("lyon", "Lyon, France"))

    assert set(told(review)) == {"PAYROLL", "ALL"}
    [told_part] = told(review)["PAYROLL"]["parts"]
    assert [difference["new"] for difference in told_part["differences"]] == ["Lyon, France (backup)"]
    assert told(review)["ALL"]["notice"] == "full_period"


async def test_each_is_told_only_what_touches_it(office: Office, pool: Pool, clock: Clock) -> None:
    for key in ("payroll", "desk"):
        await service(office, key)
    await clients.taken_on(office, pool, clock, "PAYROLL", services={"payroll": True})
    await clients.taken_on(office, pool, clock, "DESK", services={"desk": True})
    hosting = {**use(), "services": {"payroll": True}}
    desk = {**use(purpose="Help desk"), "services": {"desk": True}}
    key, _ = await office.added(**terms(uses={"hosting": hosting, "desk": desk}))

    review = await altered(
        office,
        key,
        LATER,
        {"uses": {"hosting": place("lyon", "Lyon, France")["uses"]["hosting"], "desk": None}},
    )

    assert told(review)["PAYROLL"]["notice"] == "full_period"
    assert told(review)["DESK"]["notice"] == "at_once"
    assert told(review)["DESK"]["earliest_effective_on"] == TODAY
    gone = told(review)["DESK"]["parts"][0]["differences"]
    assert {(each["new"], each["effect"]) for each in gone} == {(None, "narrows")}
    assert "Help desk" in next(each["old"] for each in gone if each["label"] == "use")


async def test_options_regions_and_withheld_data_narrow_whom_it_touches(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, "EU", region="eu")
    await clients.taken_on(office, pool, clock, "US", region="us")
    await clients.taken_on(office, pool, clock, "NOHR", region="eu", data_withheld={"hr": True})
    key, _ = await office.added()

    american = place("ohio", "Ohio, United States")
    american["uses"]["hosting"]["places"]["ohio"]["regions"] = {"us": True}
    assert set(told(await altered(office, key, LATER, american))) == {"US"}
    staff = {"uses": {"hosting": {"data": {"staff": {"text": "Salaries", "hr": True}}}}}
    assert set(told(await altered(office, key, LATER, staff))) == {"EU", "US"}
    option = {"uses": {"ai": {**use(purpose="Suggestions"), "optional": True}}}
    assert told(await altered(office, key, LATER, option)) == {}


async def test_wording_is_owed_to_nobody_and_an_ended_contract_is_told_nothing(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    key, _ = await office.added()
    assert told(await altered(office, key, LATER, {"summary": "Other words"}, kind="correction")) == {}

    shown = await office.client.get(f"/v1/clients/{client_id}", headers=office.ada)
    await office.client.post(
        f"/v1/clients/{client_id}/end",
        json={"valid_until": "2027-02-28"},
        headers={**office.ada, "If-Match": shown.headers["etag"]},
    )

    assert told(await altered(office, key, LATER, place("lyon", "Lyon, France"))) == {}
    assert set(told(await altered(office, key, "2027-02-28", place("lyon", "Lyon, France")))) == {"C-1"}


async def test_an_organisation_touches_those_whose_data_it_holds(
    office: Office, pool: Pool, clock: Clock
) -> None:
    for key in ("payroll", "desk"):
        await service(office, key)
    await clients.taken_on(office, pool, clock, "PAYROLL", services={"payroll": True})
    await clients.taken_on(office, pool, clock, "DESK", services={"desk": True})
    key, _ = await office.added(**terms(uses={"hosting": {**use(), "services": {"payroll": True}}}))
    vendor = (await office.client.get(f"/v1/sub-processors/{key}/terms", headers=office.otto)).json()

    review = await reviewed(
        office,
        kind="material_change",
        parts=[
            {
                "organisation_id": vendor["organisation_id"],
                "operation": "set",
                "effective_on": LATER,
                "patch": {"country": "US"},
            }
        ],
    )

    assert set(told(review)) == {"PAYROLL"}


async def test_a_link_of_the_chain_touches_those_whose_data_pass_through_it(
    office: Office, pool: Pool, clock: Clock
) -> None:
    for key in ("payroll", "desk"):
        await service(office, key)
    await clients.taken_on(office, pool, clock, "PAYROLL", services={"payroll": True})
    await clients.taken_on(office, pool, clock, "DESK", services={"desk": True})
    link, _ = await office.added("Link SAS", **terms(uses={"hosting": {**use(), "services": {"desk": True}}}))
    vendor = (await office.client.get(f"/v1/sub-processors/{link}/terms", headers=office.otto)).json()
    below = terms(
        uses={"hosting": {**use(), "services": {"payroll": True}}},
        engaged_by={vendor["organisation_id"]: True},
    )
    await office.added("Below Ltd", **below)

    weaker = await altered(office, link, LATER, {"obligations": {"audit": None}})
    elsewhere = await altered(office, link, LATER, place("lyon", "Lyon, France"))

    assert set(told(weaker)) == {"PAYROLL", "DESK"}
    assert set(told(elsewhere)) == {"DESK"}


@pytest.mark.parametrize(
    ("notice_days", "first"), [(10, "2026-12-05"), (30, "2026-12-25"), (180, "2027-05-24")]
)
async def test_n_days_of_notice_leave_the_day_after_the_nth_as_the_first(
    office: Office, pool: Pool, clock: Clock, notice_days: int, first: str
) -> None:
    await clients.taken_on(office, pool, clock, "C-1", notice_days=notice_days)
    key, _ = await office.added()
    day_before = (date.fromisoformat(first) - timedelta(days=1)).isoformat()

    short = await altered(office, key, day_before, place("lyon", "Lyon, France"))
    enough = await altered(office, key, first, place("lyon", "Lyon, France"))

    assert told(short)["C-1"]["earliest_effective_on"] == first
    assert ("C-1", "blocks") in found(short, "notice_too_short")
    assert not [level for subject, level in found(enough, "notice_too_short") if subject == "C-1"]


async def test_the_review_says_the_earliest_day_over_all(office: Office, pool: Pool, clock: Clock) -> None:
    await clients.taken_on(office, pool, clock, "SHORT", notice_days=10)
    await clients.taken_on(office, pool, clock, "LONG", notice_days=180)
    key, _ = await office.added()

    review = await altered(office, key, LATER, place("lyon", "Lyon, France"))

    assert review["earliest_effective_on"] == "2027-05-24"


async def test_a_register_without_clients_stays_usable_and_is_told_its_own_promise(office: Office) -> None:
    key, _ = await office.added()

    review = await altered(office, key, SOON, place("lyon", "Lyon, France"))

    assert found(review, "notice_too_short") == [("public", "warns")]
    assert review["earliest_effective_on"] == "2026-12-25"


async def test_ending_narrowing_and_what_is_late_wait_for_nothing(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock)
    key, _ = await office.added()

    ended = await reviewed(office, kind="removed", parts=[part(key, "end", TODAY)])
    late = await altered(office, key, "2026-11-01", place("lyon", "Lyon, France"))

    assert told(ended)["C-1"]["notice"] == "at_once"
    assert found(ended, "notice_too_short") == []
    assert late["late"] is True
    assert told(late)["C-1"]["notice"] == "full_period"
    assert found(late, "notice_too_short") == []


async def test_an_emergency_is_published_with_its_reason_and_says_so(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock)
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", SOON, place("lyon", "Lyon, France"))]
    )
    change_id = drafted.json()["id"]
    review = await office.review(change_id)
    headers = {**office.bram, "If-Match": review.headers["etag"]}
    address = f"/v1/changes/{change_id}/publication"

    stopped = await office.client.post(address, json={}, headers=headers)
    assert stopped.status_code == 409
    assert "notice_too_short C-1" in stopped.text
    done = await office.client.post(
        address, json={"emergency": "The centre in Berlin burns"}, headers=headers
    )

    assert done.status_code == 201, done.text
    assert done.json()["emergency"] == "The centre in Berlin burns"
    assert [(one["code"], one["subject"]) for one in done.json()["accepted"]] == [("notice_too_short", "C-1")]
    public = (await office.client.get(f"/v1/changes/{change_id}")).json()
    assert public["emergency"] == "The centre in Berlin burns"


async def test_an_emergency_without_a_notice_that_is_too_short_is_none(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock)
    key, _ = await office.added()
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", LATER, place("lyon", "Lyon, France"))]
    )

    refused = await office.publish(drafted.json()["id"], emergency="In a hurry")

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["member"] == "emergency"


async def test_a_client_that_cannot_be_reached_stops_the_publication(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, "MUTE", channel=False)
    await clients.taken_on(office, pool, clock, "NOBODY", contacts={})
    await clients.taken_on(office, pool, clock, "FINE")
    key, _ = await office.added()

    review = await altered(office, key, LATER, place("lyon", "Lyon, France"))

    blocked = [one for one in found(review, "client_unreachable") if one[1] == "blocks"]
    assert blocked == [("MUTE", "blocks"), ("NOBODY", "blocks")]


async def test_a_client_under_specific_authorisation_holds_up_nobody_else(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, authorisation="specific")
    key, _ = await office.added()

    review = await altered(office, key, SOON, place("lyon", "Lyon, France"))

    assert found(review, "authorisation_pending") == [("C-1", "warns")]
    assert ("C-1", "blocks") not in found(review, "notice_too_short")


async def test_special_categories_need_a_recorded_agreement(office: Office, pool: Pool, clock: Clock) -> None:
    await clients.taken_on(office, pool, clock, "NONE")
    await clients.taken_on(office, pool, clock, "AGREED", special_categories_agreed_on="2026-01-01")
    await clients.taken_on(office, pool, clock, "LATER", special_categories_agreed_on="2028-01-01")
    await clients.taken_on(office, pool, clock, "WITHHELD", data_withheld={"special_categories": True})
    key, _ = await office.added()
    health = {"text": "Sick notes", "special_categories": True}
    patch = {"special_categories": True, "uses": {"hosting": {"data": {"health": health}}}}

    review = await altered(office, key, LATER, patch)

    assert found(review, "special_categories_not_agreed") == [
        (f"NONE/{key}", "blocks"),
        (f"LATER/{key}", "blocks"),
    ]


async def test_what_vendors_tell_us_is_held_against_the_longest_promise(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, notice_days=90)
    key, _ = await office.added(**terms(notice_days=60))

    review = await altered(office, key, LATER, place("lyon", "Lyon, France"))

    assert found(review, "vendor_notice_shorter") == [(key, "warns")]


async def test_rules_that_come_with_a_clients_data_are_checked_too(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, "LONDON", country="GB")
    await clients.taken_on(office, pool, clock, "PARIS", country="FR")
    facts = organisation("Cloud Inc.", country="US")
    clauses = {
        "type": "scc",
        "set": "2021/914",
        "module": 3,
        "concluded_on": "2024-01-01",
        "annexes_complete": True,
        "clauses_modified": False,
        "tia": {"outcome": "adequate", "completed_on": "2024-01-01"},
    }
    change = {
        "kind": "added",
        "parts": [
            {
                "sub_processor": {"organisation": facts},
                "operation": "start",
                "effective_on": LATER,
                "patch": terms("Ohio, United States", safeguards={"scc": {"tool": clauses}}),
            }
        ],
    }

    review = await reviewed(office, **change)

    [subject] = [
        subject
        for code in ("transfer_not_covered", "transfer_needs_review")
        for subject, _ in found(review, code)
        if "/" in subject
    ]
    assert subject.startswith("LONDON/")


async def test_one_person_publishes_alone_only_where_that_is_allowed(
    office: Office, pool: Pool, settings: Settings
) -> None:
    drafted = await office.draft(
        office.ada,
        kind="added",
        parts=[
            {
                "sub_processor": {"organisation": organisation()},
                "operation": "start",
                "effective_on": LATER,
                "patch": terms(),
            }
        ],
    )
    change_id = drafted.json()["id"]
    refused = await office.publish(change_id, office.ada)
    assert refused.status_code == 403
    assert "ONWARD_SECOND_PERSON" in refused.json()["detail"]

    app = create_app(replace(settings, second_person=False), pool)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://one") as alone:
        review = await alone.get(f"/v1/changes/{change_id}/review", headers=office.ada)
        assert review.json()["publishable_by"].startswith("anybody")
        done = await alone.post(
            f"/v1/changes/{change_id}/publication",
            json={},
            headers={**office.ada, "If-Match": review.headers["etag"]},
        )

    assert done.json()["published_alone"] is True
    operations = await pool.fetch("SELECT operation FROM journal WHERE noun_id = $1", change_id)
    assert operations[-1]["operation"] == "published_alone"


async def test_special_categories_that_nobody_agreed_to_need_attention(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, "NONE")
    await clients.taken_on(office, pool, clock, "AGREED", special_categories_agreed_on="2026-01-01")
    key, _ = await office.added(**terms(special_categories=True))

    answer = await office.client.get("/v1/attention", headers=office.bram)

    codes = [(item["code"], item["subject"]) for item in answer.json()["data"]]
    special = [subject for code, subject in codes if code == "special_categories_not_agreed"]
    assert special == [f"NONE/{key}"]
