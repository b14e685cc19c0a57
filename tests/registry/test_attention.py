"""What needs attention: each thing with its urgency, its days, and what to do; mended things are gone."""

import ast
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from registry.rules.attention import codes
from tests import keys
from tests.registry.office import OBLIGATIONS, Office, organisation, part, place, terms

PATH = "/v1/attention"
CLAUSES: dict[str, Any] = {
    "tool": {
        "type": "scc",
        "set": "2021/914",
        "module": 3,
        "concluded_on": "2025-05-01",
        "annexes_complete": True,
        "processing_unchanged": True,
        "clauses_modified": False,
        "tia": {"outcome": "adequate", "completed_on": "2026-09-01"},
    },
    "evidenced_on": "2025-05-02",
}


async def attention(office: Office, **query: Any) -> list[dict[str, Any]]:
    answer = await office.client.get(PATH, params={"limit": 200, **query}, headers=office.otto)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


async def coded(office: Office, code: str, **query: Any) -> list[dict[str, Any]]:
    found = await attention(office, code=code, **query)
    assert {one["code"] for one in found} <= {code}
    return found


async def american(office: Office, until: str, name: str = "Listed Inc.", **members: Any) -> str:
    """A vendor in the United States whose entry on the list of the framework ends on a day."""
    listed = {"framework": "eu_us_dpf", "valid_until": until}
    facts = organisation(name, certifications_known=True, certifications={"dpf": listed})
    start = {"sub_processor": {"organisation": facts}, "operation": "start", "effective_on": "2026-01-01"}
    change = await office.published(
        kind="added", parts=[{**start, "patch": terms("United States", **members)}]
    )
    key: str = change["parts"][0]["sub_processor_id"]
    return key


async def test_a_register_in_order_needs_no_attention(office: Office) -> None:
    await office.added("Near GmbH")
    await office.added("Far Ltd", **terms("India", safeguards={"scc": CLAUSES}))

    assert await attention(office) == []


async def test_a_transfer_that_nothing_covers_is_urgent_until_it_is_mended(office: Office) -> None:
    key, change = await office.added("Far Ltd", **terms("India"))
    [item] = await coded(office, "transfer_not_covered")

    assert (item["urgency"], item["since"], item["until"]) == ("now", "2026-01-01", None)
    assert item["name"] == "Far Ltd: Hosting, India (eu_gdpr)"
    assert "Record a safeguard" in item["to_do"]
    assert item["accepted"] == {
        "change_id": change["id"],
        "number": change["number"],
        "by": "Bram",
        "reason": "Known",
    }
    shown = await office.client.get(item["path"], headers=office.otto)
    assert shown.json()["verdict"] == "not_covered"

    await office.alter(key, "2026-11-01", {"safeguards": {"scc": CLAUSES}})
    assert await attention(office) == []


async def test_what_is_published_to_begin_without_cover_is_told_before(office: Office) -> None:
    key, _ = await office.added("Far Ltd")
    await office.alter(key, "2027-02-01", place("second", "India"))
    [item] = await coded(office, "transfer_not_covered")

    assert (item["urgency"], item["since"], item["until"]) == ("soon", "2027-02-01", "2027-01-31")


async def test_a_review_says_what_to_ask(office: Office) -> None:
    await office.added("Somewhere Ltd", **terms("Worldwide"))
    [item] = await coded(office, "transfer_needs_review")

    assert (item["urgency"], item["since"]) == ("now", "2026-01-01")
    assert "In which countries" in item["to_do"]
    [gap] = await coded(office, "identity_incomplete")
    assert "a place that can be named" in gap["message"]


@pytest.mark.parametrize(
    ("until", "urgency"), [("2026-11-24", "now"), ("2026-12-04", "now"), ("2026-12-05", "soon")]
)
async def test_cover_that_lapses_is_urgent_from_ten_days_before(
    office: Office, until: str, urgency: str
) -> None:
    await american(office, until)
    [lapse] = await coded(office, "coverage_lapses")
    [entry] = await coded(office, "certification_ends")

    assert (lapse["urgency"], lapse["until"]) == (urgency, until)
    assert "from then on it is not covered" in lapse["message"]
    assert (entry["urgency"], entry["until"]) == (urgency, until)


async def test_how_far_ahead_is_looked_is_asked(office: Office) -> None:
    await american(office, "2027-06-30")

    assert await attention(office, days=217) == []
    assert {one["code"] for one in await attention(office, days=218)} == {
        "coverage_lapses",
        "certification_ends",
    }


async def test_cover_behind_which_another_stands_does_not_lapse(office: Office) -> None:
    await american(office, "2026-12-31", safeguards={"scc": CLAUSES})

    assert [one["code"] for one in await attention(office)] == ["certification_ends"]


async def test_cover_that_a_published_change_takes_away_lapses(office: Office) -> None:
    key, _ = await office.added("Far Ltd", **terms("India", safeguards={"scc": CLAUSES}))
    change = await office.alter(key, "2027-01-15", {"safeguards": {"scc": None}})
    [item] = await coded(office, "coverage_lapses")

    assert item["until"] == "2027-01-14"
    assert f"Change {change['number']} takes effect" in item["message"]


async def test_a_decision_that_ends_is_told_with_how_many_rely_on_it(office: Office) -> None:
    await office.added("London Ltd", **terms("United Kingdom"))
    await office.added("Leeds Ltd", **terms("United Kingdom"))

    assert await coded(office, "decision_ends") == []
    [item] = await coded(office, "decision_ends", days=3_000)
    assert (item["subject"], item["until"]) == ("eu-gb-2021", "2031-12-27")
    assert item["message"].startswith("2 transfers rely on it")


async def test_a_safeguard_is_unproven_until_somebody_has_seen_it(office: Office) -> None:
    claimed = {"tool": CLAUSES["tool"]}
    key, _ = await office.added("Far Ltd", **terms("India", safeguards={"scc": claimed}))
    [item] = await coded(office, "safeguard_not_evidenced")

    assert (item["urgency"], item["subject"]) == ("open", f"{key}/scc")
    await office.alter(key, "2026-11-20", {"safeguards": {"scc": {"evidenced_on": "2026-11-20"}}})
    assert await attention(office) == []


async def test_duties_towards_the_contract_are_told(office: Office) -> None:
    short = {duty: True for duty in OBLIGATIONS if duty != "audit"}
    key, _ = await office.added(
        "Slow Ltd",
        **terms(agreement={"status": "action_required"}, notice_days=7, obligations=short),
    )
    found = {one["code"]: one for one in await attention(office)}

    assert set(found) == {"agreement_action_required", "flow_down_missing", "vendor_notice_shorter"}
    assert {one["subject"] for one in found.values()} == {key}
    assert found["flow_down_missing"]["message"] == "Slow Ltd has not taken on: audit."
    assert found["flow_down_missing"]["accepted"]["by"] == "Bram"
    assert "7 days' notice" in found["vendor_notice_shorter"]["message"]


async def test_a_withdrawn_change_takes_its_acceptances_along(office: Office) -> None:
    _, change = await office.added("Far Ltd", **terms("India"))
    drafted = await office.about(change["id"], "withdrawal")
    assert (await office.publish(drafted.json()["id"])).status_code == 201

    assert await attention(office) == []


async def test_the_most_urgent_come_first_and_pages_fit_together(office: Office) -> None:
    await office.added("Far Ltd", **terms("India"))
    await american(office, "2027-02-01")
    await american(office, "2026-12-01", "Sooner Inc.")
    claimed = {"tool": CLAUSES["tool"]}
    await office.added("Claimed Ltd", **terms("India", safeguards={"scc": claimed}))
    whole = await attention(office)

    order = ["now", "soon", "open"]
    assert [one["urgency"] for one in whole] == sorted((one["urgency"] for one in whole), key=order.index)
    assert {one["urgency"] for one in whole} == set(order)
    paged: list[dict[str, Any]] = []
    address: str | None = f"{PATH}?limit=2"
    while address is not None:
        answer = await office.client.get(address, headers=office.otto)
        paged += answer.json()["data"]
        address = answer.links["next"]["url"] if "next" in answer.links else None
    assert paged == whole
    assert [one["urgency"] for one in await attention(office, urgency="open")] == ["open"]


async def test_colleagues_see_it_and_nobody_else(
    office: Office, pool: Pool, clock: Clock, client: httpx.AsyncClient
) -> None:
    await office.added("Far Ltd", **terms("India"))
    for who in (office.noor, office.bram, office.otto, office.ada):
        assert (await client.get(PATH, headers=who)).status_code == 200
    contracts = await keys.headers(pool, clock, KeyRole.CONTRACTS, "Cas")
    refused = await client.get(PATH, headers=contracts)
    assert refused.status_code == 403
    assert "auditor" in refused.json()["detail"]
    assert (await client.get(PATH)).status_code == 401


@pytest.mark.parametrize("query", ["days=-1", "days=soon", "days=99999", "code=Not%20One", "urgency=high"])
async def test_what_cannot_be_asked_is_named(office: Office, query: str) -> None:
    answer = await office.client.get(f"{PATH}?{query}", headers=office.otto)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["member"] == query.partition("=")[0]


async def test_what_ended_with_its_vendor_is_gone(office: Office) -> None:
    key, _ = await office.added("Far Ltd", **terms("India"))
    await office.published(kind="removed", parts=[part(key, "end", "2026-11-01")])

    assert await attention(office) == []


async def test_a_code_that_nothing_can_have_is_refused_with_those_that_are_known(office: Office) -> None:
    answer = await office.client.get("/v1/attention?code=zzz&code=published_late", headers=office.otto)
    assert answer.status_code == 400
    [fault] = answer.json()["errors"]
    assert (fault["member"], fault["source"]) == ("code", "query")
    assert "there is no code 'zzz'" in fault["message"]
    assert "transfer_not_covered" in fault["message"]


def test_the_known_codes_are_those_that_rules_and_checks_give() -> None:
    given: set[str] = set()
    rules = Path(codes.__file__).parent
    for file in (
        *rules.glob("*.py"),
        rules.parent / "checks.py",
        *(rules.parent / "client_checks").glob("*.py"),
    ):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                given.add(str(node.value.value))
    assert given - codes.KNOWN == set()
    assert codes.KNOWN - given == {"change_not_binding"}
