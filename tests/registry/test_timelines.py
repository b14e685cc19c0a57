"""A transfer through time, and facts through time: every verdict with what turned it."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from tests.registry.office import Office, organisation, part, terms

FIRST, LAST = date(1995, 1, 1), date(2035, 12, 31)
FACTS: dict[str, Any] = {
    "exporter": {"country": "DE", "role": "processor"},
    "importer": {"country": "US", "role": "processor", "certifications": []},
    "safeguards": [{"type": "scc", "set": "2010/87", "concluded_on": "2015-05-01", "annexes_complete": True}],
}
CLAUSES = {
    "tool": {
        "type": "scc",
        "set": "2021/914",
        "module": 3,
        "concluded_on": "2021-09-01",
        "annexes_complete": True,
        "tia": {"outcome": "adequate", "completed_on": "2021-09-01"},
    }
}


async def only(office: Office, day: str = "2026-11-24") -> dict[str, Any]:
    answer = await office.client.get("/v1/transfers", params={"as_of": day}, headers=office.otto)
    [one] = answer.json()["data"]
    return dict(one)


async def timeline(office: Office, key: str) -> list[dict[str, Any]]:
    answer = await office.client.get(f"/v1/transfers/{key}/timeline", headers=office.otto)
    assert answer.status_code == 200, answer.text
    intervals: list[dict[str, Any]] = answer.json()["intervals"]
    return intervals


def at(intervals: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The interval of a day; ISO days sort as days do."""
    written = day.isoformat()
    found = [one for one in intervals if one["first_day"] <= written and (one["until"] or "9999") >= written]
    assert len(found) <= 1
    return found[0] if found else None


async def agrees(office: Office, key: str, intervals: list[dict[str, Any]], days: list[date]) -> None:
    """Each day's single answer is that of the timeline, and holds until the interval's edge."""
    for day in days:
        answer = await office.client.get(
            f"/v1/transfers/{key}", params={"as_of": day.isoformat()}, headers=office.otto
        )
        interval = at(intervals, day)
        if interval is None:
            assert answer.status_code == 404, day
            continue
        single = answer.json()
        assert single["verdict"] == interval["verdict"], day
        assert single["valid_until"] == interval["valid_until"], day
        assert single["relied_on"] == interval["relied_on"], day


def around(intervals: list[dict[str, Any]], seed: int) -> list[date]:
    """Random days, and the days at every edge."""
    chosen = random.Random(seed)
    days = {FIRST + timedelta(days=chosen.randrange((LAST - FIRST).days)) for _ in range(15)}
    for interval in intervals:
        edges = (date.fromisoformat(edge) for edge in (interval["first_day"], interval["until"]) if edge)
        days |= {edge + timedelta(days=step) for edge in edges for step in (-1, 0, 1)}
    return sorted(day for day in days if FIRST <= day <= LAST)


async def test_changes_of_the_register_and_of_the_law_turn_a_transfer(office: Office) -> None:
    key, first = await office.added("London Ltd", day="2019-06-01", **terms("United Kingdom"))
    second = await office.alter(key, "2030-01-01", {"safeguards": {"scc": CLAUSES}})
    ended = await office.published(kind="removed", parts=[part(key, "end", "2033-01-01")])
    transfer = await only(office)
    intervals = await timeline(office, transfer["id"])

    shown = [(one["first_day"], one["until"], one["verdict"]) for one in intervals]
    assert shown == [
        ("2019-06-01", "2021-06-27", "no_transfer"),
        ("2021-06-28", "2031-12-27", "covered_by_adequacy"),
        ("2031-12-28", "2032-12-31", "needs_review"),
    ]
    assert intervals[0]["changes"] == [{"number": first["number"], "id": first["id"]}]
    assert intervals[0]["event"] == f"Change {first['number']} takes effect"
    assert (intervals[1]["changes"], intervals[1]["law_records"]) == ([], ["eu-gb-2021"])
    assert "eu-gb-2021" in intervals[2]["law_records"]
    assert "2031" in intervals[2]["event"]
    assert second["number"] < ended["number"]


async def test_a_change_that_turns_the_verdict_is_named_and_ends_what_held_before(office: Office) -> None:
    key, first = await office.added("Far Ltd", **terms("India"))
    second = await office.alter(key, "2027-06-01", {"safeguards": {"scc": CLAUSES}})
    transfer = await only(office)
    before, after = await timeline(office, transfer["id"])

    assert (before["verdict"], before["until"]) == ("not_covered", "2027-05-31")
    assert (after["verdict"], after["first_day"]) == ("covered_by_safeguard", "2027-06-01")
    assert after["changes"] == [{"number": second["number"], "id": second["id"]}]
    assert after["relied_on"].startswith("standard contractual clauses")
    assert transfer["valid_until"] == "2027-05-31", "a change that is published to come ends the verdict"
    assert before["changes"][0]["id"] == first["id"]


async def test_a_change_that_turns_no_verdict_makes_no_interval(office: Office) -> None:
    key, _ = await office.added("Near GmbH", **terms("Germany"))
    await office.alter(key, "2027-06-01", {"summary": "More of the same"})

    assert len(await timeline(office, (await only(office))["id"])) == 1


async def test_facts_of_an_organisation_turn_its_transfers(office: Office) -> None:
    await office.added("Listed Inc.", **terms("United States"))
    listed = await office.client.get("/v1/organisations", headers=office.otto)
    [owner] = [one["id"] for one in listed.json()["data"] if one["facts"]["legal_name"] == "Listed Inc."]
    certified = {"certifications_known": True, "certifications": {"dpf": {"framework": "eu_us_dpf"}}}
    change = await office.published(
        kind="material_change",
        parts=[
            {"organisation_id": owner, "operation": "set", "effective_on": "2027-01-15", "patch": certified}
        ],
    )
    intervals = await timeline(office, (await only(office))["id"])

    assert [(one["first_day"], one["verdict"]) for one in intervals] == [
        ("2026-01-01", "needs_review"),
        ("2027-01-15", "covered_by_adequacy"),
    ]
    assert intervals[0]["conservative_verdict"] == "not_covered"
    assert intervals[1]["changes"] == [{"number": change["number"], "id": change["id"]}]


async def test_a_vendor_that_returns_leaves_a_gap(office: Office) -> None:
    key, _ = await office.added("Far Ltd", **terms("India"))
    await office.published(kind="removed", parts=[part(key, "end", "2027-01-01")])
    await office.published(kind="added", parts=[part(key, "start", "2028-01-01", terms("India"))])
    intervals = await timeline(office, (await only(office))["id"])

    assert [(one["first_day"], one["until"]) for one in intervals] == [
        ("2026-01-01", "2026-12-31"),
        ("2028-01-01", None),
    ]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("United Kingdom", {}),
        ("United States", {}),
        ("EU", {}),
        ("Worldwide", {}),
        ("Japan", {"safeguards": {"scc": CLAUSES}}),
    ],
)
async def test_the_timeline_of_a_transfer_equals_the_single_answers(
    office: Office, text: str, members: dict[str, Any]
) -> None:
    key, _ = await office.added("Vendor", day="2001-02-03", **terms(text, **members))
    await office.alter(key, "2015-03-01", {"safeguards": {"old": {"tool": FACTS["safeguards"][0]}}})
    await office.alter(key, "2029-03-01", {"uses": {"hosting": {"automated_processing": False}}})
    transfer = await only(office)
    intervals = await timeline(office, transfer["id"])

    await agrees(office, transfer["id"], intervals, around(intervals, seed=len(text)))


async def test_the_chain_turns_what_hangs_from_it(office: Office) -> None:
    made = await office.client.post(
        "/v1/organisations", json={"facts": organisation("Far Ltd", country="IN")}, headers=office.noor
    )
    far = made.json()["id"]
    start = {"operation": "start", "effective_on": "2024-01-01"}
    added = await office.published(
        kind="added",
        parts=[{**start, "sub_processor": {"organisation_id": far}, "patch": terms("India")}],
    )
    onward = terms("Vietnam", engaged_by={far: True}, agreement={"status": "incorporated"})
    hanging, _ = await office.added("Deep Co", day="2024-01-01", **onward)
    await office.alter(added["parts"][0]["sub_processor_id"], "2025-01-01", {"safeguards": {"scc": CLAUSES}})
    listed = await office.client.get(
        "/v1/transfers", params={"sub_processor_id": hanging}, headers=office.otto
    )
    [transfer] = listed.json()["data"]
    intervals = await timeline(office, transfer["id"])

    assert [(one["first_day"], one["verdict"]) for one in intervals] == [
        ("2024-01-01", "not_covered"),
        ("2025-01-01", "needs_review"),
    ]
    await agrees(office, transfer["id"], intervals, around(intervals, seed=1))


async def test_an_exporter_whose_country_joins_the_union_is_bound_from_that_day(office: Office) -> None:
    """Croatia joined on 1 July 2013: until then the data came with the rules of whoever handed them on."""
    made = await office.client.post(
        "/v1/organisations", json={"facts": organisation("Zagreb doo", country="HR")}, headers=office.noor
    )
    croatian = made.json()["id"]
    start = {"operation": "start", "effective_on": "2011-01-01"}
    old = FACTS["safeguards"][0] | {"concluded_on": "2011-01-01"}
    await office.published(
        kind="added",
        parts=[
            {
                **start,
                "sub_processor": {"organisation_id": croatian},
                "patch": terms("Croatia", safeguards={"scc": {"tool": old}}),
            }
        ],
    )
    hanging, _ = await office.added(
        "Deep Co", day="2011-01-01", **terms("Vietnam", engaged_by={croatian: True})
    )
    listed = await office.client.get(
        "/v1/transfers", params={"sub_processor_id": hanging}, headers=office.otto
    )
    [transfer] = listed.json()["data"]
    intervals = await timeline(office, transfer["id"])
    days = around(intervals, seed=4)
    joined = date(2013, 7, 1)

    await agrees(office, transfer["id"], intervals, [*days, joined - timedelta(days=1), joined])


async def test_a_review_that_is_read_otherwise_begins_a_new_span(office: Office) -> None:
    """The verdict stays, and so does its last day; what a careful reader relies on does not."""
    key, _ = await office.added("Far Inc.", **terms("United States"))
    await office.alter(key, "2027-06-01", {"safeguards": {"scc": CLAUSES}})
    before, after = await timeline(office, (await only(office))["id"])

    assert (before["verdict"], before["conservative_verdict"]) == ("needs_review", "not_covered")
    assert (before["until"], after["first_day"]) == ("2027-05-31", "2027-06-01")
    assert (after["verdict"], after["conservative_verdict"]) == ("needs_review", "covered_by_safeguard")
    assert before["valid_until"] is None


async def test_another_ground_begins_a_new_span_and_the_verdict_lasts(office: Office) -> None:
    key, _ = await office.added("Far Ltd", **terms("India", safeguards={"scc": CLAUSES}))
    other = {"tool": CLAUSES["tool"] | {"concluded_on": "2026-12-01"}}
    await office.alter(key, "2027-01-01", {"safeguards": {"scc": other}})
    first, second = await timeline(office, (await only(office))["id"])

    assert first["verdict"] == second["verdict"] == "covered_by_safeguard"
    assert (first["until"], first["valid_until"], second["valid_until"]) == ("2026-12-31", None, None)
    assert "concluded on 1 December 2026" in second["relied_on"]


async def test_a_transfer_that_never_was_has_no_timeline(office: Office) -> None:
    await office.added("Near GmbH")
    unknown = await office.client.get(
        "/v1/transfers/01990000-0000-7000-8000-000000000000/timeline", headers=office.otto
    )
    assert unknown.status_code == 404
    one = (await only(office))["id"]
    assert (await office.client.get(f"/v1/transfers/{one}/timeline")).status_code == 401


async def test_the_timeline_of_facts_equals_the_single_answers(client: AsyncClient) -> None:
    for country in ("US", "GB", "JP", "IN"):
        facts = {**FACTS, "importer": {**FACTS["importer"], "country": country}}
        answer = await client.post("/v1/assessments/timeline", json=facts)
        assert answer.status_code == 200
        intervals = answer.json()["intervals"]
        assert intervals[0]["first_day"] == "1995-01-01"
        assert intervals[-1]["until"] is None
        days = around(intervals, seed=2)
        rows = [{**facts, "as_of": day.isoformat()} for day in days]
        singles = (await client.post("/v1/assessments/batch", json=rows)).json()
        for day, single in zip(days, singles, strict=True):
            interval = at(intervals, day)
            assert interval is not None
            assert single["verdict"] == interval["verdict"], day
            assert single["valid_until"] == interval["valid_until"], day
