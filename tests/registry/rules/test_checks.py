"""Checks on a proposed change: each a named rule that says what is wrong, why, and what to do."""

from typing import Any
from uuid import UUID

import pytest

from registry.database import Pool
from tests.registry.office import OBLIGATIONS, Office, organisation, part, terms, use
from tests.registry.test_transfers import SCC


async def checks(office: Office, *parts: dict[str, Any], kind: str = "added") -> dict[str, str]:
    """The checks of a draft with these parts: code and level."""
    drafted = await office.draft(kind=kind, parts=list(parts))
    assert drafted.status_code == 201, drafted.text
    review = await office.review(drafted.json()["id"])
    assert all(len(check["message"]) > 40 for check in review.json()["checks"])
    return {check["code"]: check["level"] for check in review.json()["checks"]}


def start(patch: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {
        "sub_processor": {"organisation": organisation(**facts)},
        "operation": "start",
        "effective_on": "2027-01-01",
        "patch": patch,
    }


async def test_nothing_is_found_where_nothing_is_wrong(office: Office) -> None:
    assert await checks(office, start(terms("Germany"))) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("India", {"transfer_not_covered": "blocks"}),
        ("United States", {"transfer_needs_review": "warns"}),
        ("Switzerland", {}),
        ("Worldwide", {"transfer_needs_review": "warns", "identity_incomplete": "blocks"}),
    ],
)
async def test_transfers_are_checked_by_their_verdict(
    office: Office, text: str, found: dict[str, str]
) -> None:
    assert await checks(office, start(terms(text))) == found


async def test_a_safeguard_is_claimed_until_somebody_saw_it(office: Office) -> None:
    seen = {**SCC, "evidenced_on": "2026-11-01"}
    assert await checks(office, start(terms("India", safeguards={"scc": SCC}))) == {
        "safeguard_not_evidenced": "warns"
    }
    assert await checks(office, start(terms("India", safeguards={"scc": seen}))) == {}


async def test_coverage_that_ends_soon_warns(office: Office) -> None:
    late = {**start(terms("United Kingdom")), "effective_on": "2031-08-01"}
    assert await checks(office, late) == {"coverage_lapses": "warns"}


@pytest.mark.parametrize("missing", sorted(OBLIGATIONS))
async def test_each_obligation_must_be_passed_on(office: Office, missing: str) -> None:
    passed_on = {duty: True for duty in OBLIGATIONS if duty != missing}
    assert await checks(office, start(terms(obligations=passed_on))) == {"flow_down_missing": "blocks"}


@pytest.mark.parametrize(
    ("patch", "facts"),
    [
        pytest.param(terms(), {"address": None}, id="address"),
        pytest.param(terms(), {"contacts": {}}, id="contact"),
        pytest.param(terms(special_categories=None), {}, id="special categories"),
    ],
)
async def test_identity_must_be_complete(
    office: Office, patch: dict[str, Any], facts: dict[str, Any]
) -> None:
    assert await checks(office, start(patch, **facts)) == {"identity_incomplete": "blocks"}


async def test_a_fault_that_a_change_did_not_bring_warns_only(office: Office) -> None:
    key, _ = await office.added("Bare Ltd", uses={"hosting": use("India")})
    change = part(key, "set", "2027-01-01", {"product": "Cloud"})
    assert await checks(office, change, kind="material_change") == {
        "transfer_not_covered": "warns",
        "flow_down_missing": "warns",
        "identity_incomplete": "warns",
    }


async def test_a_vendor_that_tells_us_later_than_we_must_tell_clients_warns(office: Office) -> None:
    assert await checks(office, start(terms(notice_days=29))) == {"vendor_notice_shorter": "warns"}
    assert await checks(office, start(terms(notice_days=30))) == {}


async def test_a_circle_of_engagements_blocks_and_can_never_be_accepted(office: Office) -> None:
    first, _ = await office.added("First Ltd")
    second, _ = await office.added("Second Ltd")

    async def organisation_of(key: str) -> str:
        found = await office.client.get(f"/v1/sub-processors/{key}/terms", headers=office.otto)
        return str(found.json()["organisation_id"])

    engaged_by_first = {"engaged_by": {await organisation_of(first): True}}
    engaged_by_second = {"engaged_by": {await organisation_of(second): True}}
    await office.alter(second, "2026-02-01", engaged_by_first)
    drafted = await office.draft(
        kind="material_change", parts=[part(first, "set", "2027-01-01", engaged_by_second)]
    )
    review = (await office.review(drafted.json()["id"])).json()
    circles = [check for check in review["checks"] if check["code"] == "chain_cycle"]
    assert [(check["level"], check["acceptable"], check["subject"]) for check in circles] == [
        ("blocks", False, first)
    ]
    accept = [{"code": "chain_cycle", "subject": first, "reason": "Please"}]
    tag = (await office.review(drafted.json()["id"])).headers["etag"]
    refused = await office.client.post(
        f"/v1/changes/{drafted.json()['id']}/publication",
        json={"accept": accept},
        headers={**office.bram, "If-Match": tag},
    )
    assert refused.status_code == 409
    assert "can never be accepted" in refused.json()["errors"][0]["message"]


async def engaged_by(office: Office, key: str) -> dict[str, Any]:
    """A patch by which a sub-processor engages another."""
    found = await office.client.get(f"/v1/sub-processors/{key}/terms", headers=office.otto)
    return {"engaged_by": {str(found.json()["organisation_id"]): True}}


async def circles(office: Office, change: dict[str, Any]) -> list[tuple[str, bool]]:
    drafted = await office.draft(**change)
    assert drafted.status_code == 201, drafted.text
    review = (await office.review(drafted.json()["id"])).json()
    return [
        (check["level"], check["acceptable"]) for check in review["checks"] if check["code"] == "chain_cycle"
    ]


async def test_a_circle_that_closes_on_a_later_day_of_another_change_blocks(office: Office) -> None:
    first, _ = await office.added("First Ltd")
    second, _ = await office.added("Second Ltd")
    third, _ = await office.added("Third Ltd")
    await office.alter(second, "2028-11-24", await engaged_by(office, first))
    await office.alter(third, "2028-06-01", await engaged_by(office, second))

    patch = await engaged_by(office, third)
    closing = {"kind": "material_change", "parts": [part(first, "set", "2027-10-25", patch)]}

    assert await circles(office, closing) == [("blocks", False)]


async def test_a_circle_that_was_there_before_warns(office: Office, pool: Pool) -> None:
    first, _ = await office.added("First Ltd")
    second, _ = await office.added("Second Ltd")
    await office.alter(second, "2026-02-01", await engaged_by(office, first))
    # No way leads into a circle any more, but a register may have one from before.
    document = (await engaged_by(office, second))["engaged_by"]
    await pool.execute(
        "UPDATE sub_processor_terms SET document = document || jsonb_build_object('engaged_by', $2::jsonb)"
        " WHERE sub_processor_id = $1",
        UUID(first),
        document,
    )

    summary = {"kind": "material_change", "parts": [part(second, "set", "2027-01-01", {"summary": "Hosts"})]}

    assert await circles(office, summary) == [("warns", True)]
