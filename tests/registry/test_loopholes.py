"""What must not slip through: contradictions, names that stand for nothing, records without a second person."""

from typing import Any
from uuid import uuid4

import pytest

from tests.registry.office import Office, organisation, part, place, terms


async def organisation_of(office: Office, key: str) -> str:
    found = await office.client.get(f"/v1/sub-processors/{key}/terms", headers=office.otto)
    return str(found.json()["organisation_id"])


CONTRADICTIONS: list[Any] = [
    pytest.param({"country": "FR"}, "places.main", id="another country than the subdivision's"),
    pytest.param({"text": "India", "subdivision": "US-CA"}, "subdivision", id="a subdivision of elsewhere"),
    pytest.param({"text": "India", "area": "svalbard"}, "area", id="an area of elsewhere"),
    pytest.param({"text": "Mumbai, India", "country": "DE"}, "text", id="a text of elsewhere"),
    pytest.param({"text": "Worldwide", "country": "DE"}, "text", id="a text without bounds"),
    pytest.param({"text": "Site", "country": "DE", "group": "EEA"}, "group", id="a country and a group"),
    pytest.param({"operated_by": str(uuid4())}, "operated_by", id="an operator that is not there"),
    pytest.param({"services": {"nosuch": True}}, "services", id="a service that is not there"),
    pytest.param({"operatd_by": None}, "operatd_by", id="a misspelt removal"),
]


@pytest.mark.parametrize(("patch", "member"), CONTRADICTIONS)
async def test_a_place_that_contradicts_itself_is_refused_on_any_day(
    office: Office, patch: dict[str, Any], member: str
) -> None:
    key, _ = await office.added(**terms("California, United States"))
    await office.published(kind="removed", parts=[part(key, "end", "2026-06-01")])
    wanted = {"uses": {"hosting": {"places": {"main": patch}}}}
    refused = await office.draft(kind="material_change", parts=[part(key, "set", "2026-02-01", wanted)])
    assert refused.status_code == 400, refused.text
    assert member in refused.json()["errors"][0]["member"]


async def test_an_engagement_by_nobody_is_refused_and_ids_have_one_form(office: Office) -> None:
    key, _ = await office.added(**terms("India"))
    other, _ = await office.added("Other Ltd")
    engager = await organisation_of(office, other)
    nobody = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-01", {"engaged_by": {str(uuid4()): True}})]
    )
    await office.alter(key, "2027-01-01", {"engaged_by": {engager.upper(): True}})
    assert nobody.status_code == 400
    assert (await office.terms(key))[-1]["terms"]["engaged_by"] == {engager: True}


@pytest.mark.parametrize(("operation", "kind"), [("end", "removed"), ("start", "added")])
async def test_an_organisation_neither_starts_nor_ends(office: Office, operation: str, kind: str) -> None:
    key, _ = await office.added()
    given = {
        "organisation_id": await organisation_of(office, key),
        "operation": operation,
        "effective_on": "2027-01-01",
        **({"patch": {"legal_name": "Other Inc"}} if operation == "start" else {}),
    }
    refused = await office.draft(kind=kind, parts=[given])
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "patch",
    [
        {"subject_to": {"pipeda": False}},
        {"country": "US"},
        {"legal_name": "Strike Payments Ltd"},
        {"address": None},
    ],
)
async def test_a_correction_of_an_organisation_is_wording_only(office: Office, patch: dict[str, Any]) -> None:
    key, _ = await office.added("Stripe Payments Ltd")
    given = {
        "organisation_id": await organisation_of(office, key),
        "operation": "set",
        "effective_on": "2026-02-01",
        "patch": patch,
    }
    refused = await office.draft(kind="correction", parts=[given])
    assert refused.status_code == 422, refused.text


async def test_a_contact_is_corrected_without_notice_and_told_to_nobody_outside(office: Office) -> None:
    key, _ = await office.added(**terms(contacts={"sales": {"email": "old@vendor.example"}}))
    change = await office.published(
        kind="correction",
        parts=[part(key, "set", "2026-11-24", {"contacts": {"sales": {"email": "new@vendor.example"}}})],
    )
    shown = await office.client.get(f"/v1/changes/{change['id']}")
    assert change["late"] is False
    assert "vendor.example" not in shown.text


async def test_another_entity_of_ours_alters_no_verdict_until_a_change_says_that_it_exports(
    office: Office,
) -> None:
    await office.added("Swiss AG", **terms("Switzerland"))
    before = (await office.client.get("/v1/sub-processors")).json()["data"][0]["uses"]
    await office.client.post(
        "/v1/organisations",
        json={"own": True, "facts": organisation("Our GB Ltd", country="GB")},
        headers=office.noor,
    )
    assert (await office.client.get("/v1/sub-processors")).json()["data"][0]["uses"] == before


async def test_an_answer_is_fresh_after_a_service_was_renamed(office: Office) -> None:
    made = await office.client.post("/v1/services", json={"key": "desk", "name": "Desk"}, headers=office.noor)
    used = terms()
    used["uses"]["hosting"]["services"] = {"desk": True}
    key, _ = await office.added(**used)
    first = await office.client.get(f"/v1/sub-processors/{key}")
    await office.client.patch(
        f"/v1/services/{made.json()['id']}",
        json={"name": "Help desk"},
        headers={**office.bram, "If-Match": made.headers["etag"]},
    )
    again = await office.client.get(
        f"/v1/sub-processors/{key}", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.json()["uses"][0]["services"]) == (200, ["Help desk"])


async def test_an_edit_that_alters_nothing_makes_nobody_the_drafter(office: Office) -> None:
    key, _ = await office.added()
    parts = [part(key, "set", "2027-01-10", {"product": "Cloud"})]
    draft = await office.draft(who=office.bram, kind="material_change", parts=parts)
    address = f"/v1/changes/{draft.json()['id']}"
    for body in ({}, {"parts": parts}, {"reason": "Because"}):
        refused = await office.client.patch(
            address, json=body, headers={**office.noor, "If-Match": draft.headers["etag"]}
        )
        assert refused.status_code == 400, body
    noted = await office.client.patch(
        address, json={"note": "Fine"}, headers={**office.noor, "If-Match": draft.headers["etag"]}
    )
    assert noted.json()["drafted_by"] == "Bram"
    assert (await office.publish(draft.json()["id"], who=office.bram)).status_code == 403
    assert (await office.publish(draft.json()["id"], who=office.ada)).status_code == 201


async def test_a_star_is_no_review(office: Office) -> None:
    key, _ = await office.added()
    draft = await office.draft(
        kind="material_change", parts=[part(key, "set", "2027-01-10", {"product": "Cloud"})]
    )
    answer = await office.client.post(
        f"/v1/changes/{draft.json()['id']}/publication", json={}, headers={**office.bram, "If-Match": "*"}
    )
    assert answer.status_code == 412


async def test_evidence_is_not_for_the_public(office: Office) -> None:
    tool = {"type": "scc", "set": "2021/914", "module": 3, "concluded_on": "2025-01-01"}
    key, _ = await office.added(**terms("India", safeguards={"scc": {"tool": tool}}))
    assessed = {"scc": {"evidenced_on": "2026-11-20", "tool": {"tia": {"outcome": "inadequate"}}}}
    change = await office.alter(key, "2026-11-24", {"safeguards": assessed})
    for path in (f"/v1/changes/{change['id']}", f"/changes/{change['id']}", "/feeds/changes.rss"):
        shown = await office.client.get(path)
        assert "inadequate" not in shown.text
        assert "2026-11-20" not in shown.text


async def test_a_patch_that_alters_nothing_is_refused(office: Office) -> None:
    key, _ = await office.added(**terms(product="Cloud"))
    patches: list[dict[str, Any]] = [{"product": "Cloud"}, {"uses": {}}, {"summary": None}]
    for patch in patches:
        refused = await office.draft(kind="material_change", parts=[part(key, "set", "2027-01-01", patch)])
        assert refused.status_code == 400, patch


async def test_an_end_on_the_day_of_its_start_is_refused(office: Office) -> None:
    key, _ = await office.added(day="2027-02-01")
    refused = await office.draft(kind="removed", parts=[part(key, "end", "2027-02-01")])
    assert refused.status_code == 422
    assert "withdraw" in refused.json()["detail"]


async def test_clients_were_told_on_a_day_that_is_past(office: Office) -> None:
    key, _ = await office.added()
    draft = await office.draft(
        kind="material_change", parts=[part(key, "set", "2026-11-01", place("fr", "France"))]
    )
    told = {"told_on": "2099-01-01", "how": "Letter"}
    refused = await office.publish(draft.json()["id"], already_told=told)
    assert (refused.status_code, refused.json()["errors"][0]["member"]) == (400, "already_told.told_on")


async def test_a_group_on_a_day_before_there_was_one_is_reviewed(office: Office) -> None:
    await office.added("Union SA", day="1950-01-01", **terms("EU"))
    for path in ("/?as_of=1950-01-01", "/v1/sub-processors?as_of=1950-01-01"):
        assert (await office.client.get(path)).status_code == 200


async def test_the_list_finds_a_country_in_a_group_as_the_transfers_do(office: Office) -> None:
    await office.added("Union SA", **terms("EU"))
    found = await office.client.get("/v1/sub-processors", params={"country": "FR"})
    assert [entry["legal_name"] for entry in found.json()["data"]] == ["Union SA"]


async def test_characters_that_nobody_sees_are_no_part_of_a_name(office: Office) -> None:
    for name in ("Stripe\u200b", "Str\u202eipe", "\ufeffStripe"):
        refused = await office.client.post(
            "/v1/organisations", json={"facts": {"legal_name": name}}, headers=office.noor
        )
        assert refused.status_code == 400


async def test_an_announcement_says_brand_data_and_places(office: Office) -> None:
    change = await office.published(
        kind="added",
        parts=[
            {
                "sub_processor": {"organisation": organisation("Functional Inc.", trading_name="Sentry")},
                "operation": "start",
                "effective_on": "2027-01-01",
                "patch": terms("Germany"),
            }
        ],
    )
    feed = (await office.client.get("/feeds/changes.rss")).text
    for told in ("Functional Inc. (Sentry)", "Contact details", "Germany"):
        assert told in feed, told
    assert change["parts"][0]["name"] == "Functional Inc. (Sentry)"
