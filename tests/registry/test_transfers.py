"""Transfers: derived from uses, places and regimes, judged on the day asked about."""

from typing import Any

import pytest

from tests.registry.office import Office, organisation, part, terms, use

SCC = {
    "position": 1,
    "tool": {
        "type": "scc",
        "set": "2021/914",
        "module": 3,
        "concluded_on": "2025-05-01",
        "annexes_complete": True,
        "tia": {"outcome": "adequate", "completed_on": "2026-09-01"},
    },
}


async def transfers(office: Office, **params: Any) -> list[dict[str, Any]]:
    answer = await office.client.get("/v1/transfers", params=params, headers=office.otto)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def test_every_use_and_place_is_a_transfer_with_a_verdict(office: Office) -> None:
    await office.added("Far Ltd", **terms("India"))
    await office.added("Near GmbH", **terms("Germany"))
    await office.added("Swiss AG", **terms("Switzerland"))
    await office.added("Bound Ltd", **terms("India", safeguards={"scc": SCC}))

    found = {one["sub_processor"]: (one["verdict"], one["country"]) for one in await transfers(office)}

    assert found == {
        "Far Ltd": ("not_covered", "IN"),
        "Near GmbH": ("no_transfer", "DE"),
        "Swiss AG": ("covered_by_adequacy", "CH"),
        "Bound Ltd": ("covered_by_safeguard", "IN"),
    }


async def test_a_transfer_lists_every_fact_with_its_source(office: Office) -> None:
    await office.added("Bound Ltd", **terms("India", safeguards={"scc": SCC}))
    [one] = await transfers(office)
    detail = (await office.client.get(f"/v1/transfers/{one['id']}", headers=office.otto)).json()

    sources = {fact["fact"]: (fact["value"], fact["source"]) for fact in detail["facts"]}
    assert sources["exporter.country"] == ("BE", "organisation Our company, country")
    assert sources["importer.country"] == (
        "IN",
        "terms of Bound Ltd from 2026-01-01, uses.hosting.places.main.country",
    )
    assert sources["safeguards"][0][0]["module"] == 3
    assert detail["assessment"]["relied_on"] == {"kind": "safeguard", "index": 0}
    assert [f["code"] for f in detail["assessment"]["findings"] if f["level"] == "supports"] == ["scc_valid"]
    assert detail["relied_on"].startswith("standard contractual clauses (2021/914, module 3")


async def test_what_is_missing_says_what_to_ask(office: Office) -> None:
    await office.added("Maybe Inc.", **terms("United States"))
    [one] = await transfers(office)
    assert one["verdict"] == "needs_review"
    assert [missing["fact"] for missing in one["missing"]] == ["importer.certifications"]
    assert one["missing"][0]["ask"].endswith("?") or "ask" in one["missing"][0]["ask"].lower()


async def test_a_place_that_cannot_be_bounded_is_reviewed_and_never_guessed(office: Office) -> None:
    await office.added("Everywhere Inc.", **terms("Worldwide"))
    [one] = await transfers(office)
    assert (one["verdict"], one["country"], one["group"]) == ("needs_review", None, None)
    assert one["missing"][0]["fact"] == "importer.country"
    assert "Worldwide" in one["missing"][0]["ask"]


async def test_a_group_is_judged_for_every_member_of_the_day(office: Office) -> None:
    await office.added("Union SA", day="2012-01-01", **terms("EU"))
    for day, members in (("2026-11-24", 27), ("2013-06-30", 27), ("2013-07-01", 28)):
        [one] = await transfers(office, as_of=day)
        detail = await office.client.get(
            f"/v1/transfers/{one['id']}", params={"as_of": day}, headers=office.otto
        )
        assert one["verdict"] == "no_transfer"
        assert len(detail.json()["members"]) == members


async def test_the_id_stays_through_periods_and_the_verdict_follows_the_day(office: Office) -> None:
    key, _ = await office.added("Bound Ltd", **terms("India"))
    await office.alter(key, "2026-06-01", {"safeguards": {"scc": {**SCC, "evidenced_on": "2026-06-01"}}})

    [before] = await transfers(office, as_of="2026-05-31")
    [after] = await transfers(office, as_of="2026-10-01")

    assert before["id"] == after["id"]
    assert (before["verdict"], after["verdict"]) == ("not_covered", "covered_by_safeguard")
    assert await transfers(office, as_of="2025-12-31") == []
    gone = await office.client.get(
        f"/v1/transfers/{before['id']}", params={"as_of": "2025-12-31"}, headers=office.otto
    )
    assert gone.status_code == 404


async def test_filters_by_sub_processor_country_and_verdict(office: Office) -> None:
    far, _ = await office.added("Far Ltd", **terms("India"))
    await office.added("Union SA", **terms("EU"))

    assert [one["sub_processor_id"] for one in await transfers(office, sub_processor_id=far)] == [far]
    assert [one["country"] for one in await transfers(office, country="IN")] == ["IN"]
    assert [one["group"] for one in await transfers(office, country="FR")] == ["EU"]
    assert await transfers(office, country="CH") == []
    assert [one["verdict"] for one in await transfers(office, verdict="not_covered")] == ["not_covered"]
    both = await transfers(office, verdict=["not_covered", "no_transfer"])
    assert len(both) == 2


async def test_another_operator_of_a_place_is_the_importer(office: Office) -> None:
    made = await office.client.post(
        "/v1/organisations",
        json={"facts": organisation("Operator Ltd", country="IN")},
        headers=office.noor,
    )
    operated = use("India")
    operated["places"]["main"]["operated_by"] = made.json()["id"]
    await office.added("Front GmbH", **{**terms(), "uses": {"hosting": operated}})
    [one] = await transfers(office)
    assert (one["sub_processor"], one["importer"]) == ("Front GmbH", "Operator Ltd")


async def test_support_access_from_abroad_is_a_transfer(office: Office) -> None:
    await office.added("Help Ltd", **{**terms(), "uses": {"hosting": use("India", role="support_access")}})
    [one] = await transfers(office)
    detail = (await office.client.get(f"/v1/transfers/{one['id']}", headers=office.otto)).json()
    assert one["verdict"] == "not_covered"
    codes = {finding["code"] for finding in detail["assessment"]["findings"]}
    assert "remote_access_is_transfer" in codes


async def test_pages_of_a_list_fit_together_while_the_register_moves_on(office: Office) -> None:
    for number in range(5):
        await office.added(f"Vendor {number}", **terms("India"))
    first = await office.client.get("/v1/transfers", params={"limit": 2}, headers=office.otto)
    await office.added("Newcomer", **terms("India"))
    seen = first.json()["data"]
    cursor = first.json()["pagination"]["next_cursor"]
    while cursor:
        page = await office.client.get(
            "/v1/transfers", params={"limit": 2, "cursor": cursor}, headers=office.otto
        )
        seen += page.json()["data"]
        cursor = page.json()["pagination"]["next_cursor"]
    assert sorted(one["sub_processor"] for one in seen) == [f"Vendor {number}" for number in range(5)]


async def test_the_public_list_shows_place_verdict_and_mechanism_but_nothing_internal(office: Office) -> None:
    key, _ = await office.added(
        "Bound Ltd", **terms("India", safeguards={"scc": {**SCC, "reference": "X-9"}})
    )
    answer = await office.client.get("/v1/sub-processors")
    [place] = answer.json()["data"][0]["uses"][0]["places"]
    assert (place["country"], place["verdict"]) == ("IN", "covered_by_safeguard")
    assert place["safeguard"].startswith("standard contractual clauses")
    for secret in ("X-9", "dpo@vendor.example", "Data protection officer"):
        assert secret not in answer.text
    assert (await office.client.get(f"/v1/sub-processors/{key}/terms")).status_code == 401


async def test_safeguards_are_claimed_until_somebody_saw_the_document(office: Office) -> None:
    key, _ = await office.added("Bound Ltd", **terms("India", safeguards={"scc": SCC}))
    await office.alter(key, "2026-06-01", {"safeguards": {"scc": {"evidenced_on": "2026-06-01"}}})
    for day, status in (("2026-05-31", "claimed"), ("2026-06-01", "evidenced")):
        found = await office.client.get("/v1/safeguards", params={"as_of": day}, headers=office.otto)
        [record] = found.json()["data"]
        assert (record["type"], record["status"]) == ("scc", status)


async def test_known_at_is_refused_until_it_is_built(office: Office) -> None:
    for path in ("/v1/sub-processors", "/v1/transfers", "/v1/safeguards", "/v1/organisations"):
        answer = await office.client.get(path, params={"known_at": "2026-01-01"}, headers=office.otto)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["member"] == "known_at"


async def test_one_part_may_end_what_another_starts_and_transfers_follow(office: Office) -> None:
    key, _ = await office.added("Far Ltd", **terms("India"))
    await office.published(kind="removed", parts=[part(key, "end", "2026-12-31")])
    assert len(await transfers(office, as_of="2026-12-30")) == 1
    assert await transfers(office, as_of="2026-12-31") == []


@pytest.mark.parametrize("path", ["/v1/transfers", "/v1/sub-processors"])
async def test_a_country_that_never_existed_is_refused_and_an_alias_taken(office: Office, path: str) -> None:
    await office.added("Thames Ltd", **terms("United Kingdom"))
    never = await office.client.get(path, params={"country": "QX"}, headers=office.otto)
    alias = await office.client.get(path, params={"country": "UK"}, headers=office.otto)
    assert (never.status_code, never.json()["errors"][0]["member"]) == (400, "country")
    assert len(alias.json()["data"]) == 1


async def test_clauses_bind_another_operator_only_where_it_is_a_party(office: Office) -> None:
    made = await office.client.post(
        "/v1/organisations", json={"facts": organisation("Operator Ltd", country="IN")}, headers=office.noor
    )
    operator = made.json()["id"]
    operated = use("India")
    operated["places"]["main"]["operated_by"] = operator
    key, _ = await office.added(
        "Front GmbH", **{**terms(), "uses": {"hosting": operated}, "safeguards": {"scc": SCC}}
    )
    [before] = await transfers(office)
    await office.alter(key, "2026-11-24", {"safeguards": {"scc": {"parties": {operator.upper(): True}}}})
    [after] = await transfers(office)
    assert (before["verdict"], after["verdict"]) == ("not_covered", "covered_by_safeguard")
    assert after["relied_on"].startswith("standard contractual clauses")
