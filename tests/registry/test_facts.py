"""From register to facts: each fact of the engine has its home, and the chain carries its ground on."""

from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import fields

from registry.rules.facts import TABLE
from tests.registry.office import Office, organisation, terms, use
from transfers.facts import Facts

CLAUSES: dict[str, Any] = {
    "tool": {
        "type": "scc",
        "set": "2021/914",
        "module": 3,
        "concluded_on": "2025-05-01",
        "annexes_complete": True,
        "tia": {"outcome": "adequate", "completed_on": "2026-09-01"},
        "sub_processor_authorisation": {"option": 2, "notice_days": 30, "authorised": True},
    }
}
CERTIFIED: dict[str, Any] = {
    "certifications_known": True,
    "certifications": {"dpf": {"framework": "eu_us_dpf", "non_hr": True}},
}


async def details(office: Office, name: str, day: str = "2026-11-24") -> list[dict[str, Any]]:
    """The transfers to a sub-processor, with everything."""
    params = {"as_of": day}
    listed = await office.client.get("/v1/transfers", params=params, headers=office.otto)
    return [
        (await office.client.get(f"/v1/transfers/{one['id']}", params=params, headers=office.otto)).json()
        for one in listed.json()["data"]
        if one["sub_processor"] == name
    ]


def known(detail: dict[str, Any]) -> dict[str, Any]:
    return {fact["fact"]: fact["value"] for fact in detail["facts"]}


def source(detail: dict[str, Any], name: str) -> str:
    [found] = [fact["source"] for fact in detail["facts"] if fact["fact"] == name]
    return str(found)


async def added(
    office: Office, name: str, written: dict[str, Any], day: str = "2026-01-01", **facts: Any
) -> tuple[str, str]:
    """A sub-processor with facts of its own: its id, and its organisation's."""
    change = await office.published(
        kind="added",
        parts=[
            {
                "sub_processor": {"organisation": organisation(name, **facts)},
                "operation": "start",
                "effective_on": day,
                "patch": written,
            }
        ],
    )
    listed = await office.client.get("/v1/organisations", params={"limit": 200}, headers=office.otto)
    [key] = [one["id"] for one in listed.json()["data"] if one["facts"]["legal_name"] == name]
    return change["parts"][0]["sub_processor_id"], key


def paths(kind: Any, at: str = "") -> list[str]:
    """The members of the request body, down to those that the register holds as one."""
    found = []
    for field in fields(kind):
        path = f"{at}{field.name}"
        inner = field.type
        if isinstance(inner, type) and issubclass(inner, Struct) and path != "importer.subject_to":
            found += paths(inner, f"{path}.")
        elif field.name == "onward_from":
            found += [f"{path}.{member}" for member in ("upstream", "module", "contract", "authorised")]
        else:
            found.append(path)
    return found


def test_every_fact_of_the_engine_has_its_line_in_the_table() -> None:
    by_hop = {"regime", "as_of"}

    assert {row.fact for row in TABLE} | by_hop == set(paths(Facts))


async def test_facts_of_organisation_use_and_data_reach_the_engine(office: Office) -> None:
    written = use("United Kingdom", purpose="Border checks")
    written |= {"purpose_code": "criminal_investigation", "automated_processing": False}
    written["data"]["contact"]["immigration_control"] = True
    await added(office, "Border Ltd", {**terms(), "uses": {"hosting": written}}, group="Border Group")
    [detail] = await details(office, "Border Ltd")
    facts = known(detail)

    assert facts["data.purpose"] == "criminal_investigation"
    assert facts["data.immigration_control"] is True
    assert facts["data.automated_processing"] is False
    assert facts["importer.is_exporters_controller"] is False
    assert source(detail, "data.purpose") == (
        "terms of Border Ltd from 2026-01-01, uses.hosting.purpose_code"
    )
    assert "importer.group_company" not in facts, "the exporter's group is not on record, so it is unknown"
    assert not any(name.startswith("onward_from") for name in facts)


async def test_beyond_the_first_hop_the_contract_carries_what_came_under_clauses(office: Office) -> None:
    _, front = await added(office, "Front Ltd", terms("India", safeguards={"scc": CLAUSES}))
    bare = terms("Brazil", engaged_by={front: True})
    bound = {**bare, "agreement": {"status": "incorporated"}}
    await added(office, "Bare Ltda", bare, country="BR")
    await added(office, "Bound Ltda", bound, country="BR")
    await added(office, "Vietnam Co", {**bound, "uses": {"hosting": use("Vietnam")}}, country="VN")

    # Front Ltd is written down as established in Germany: it exports under the GDPR itself.
    [direct] = await details(office, "Vietnam Co")
    assert (direct["verdict"], direct["regime"]) == ("not_covered", "eu_gdpr")
    assert "onward_from.upstream" not in known(direct)

    _, far = await added(office, "Far Ltd", terms("India", safeguards={"scc": CLAUSES}), country="IN")
    signed = {"agreement": {"status": "incorporated"}}
    for name, members, verdict, contract in (
        ("Silent Co", {}, "not_covered", False),
        ("Signed Co", signed, "needs_review", None),
        ("Party Co", {**signed, "safeguards": {"scc": CLAUSES}}, "covered_by_safeguard", None),
    ):
        await added(office, name, terms("Vietnam", engaged_by={far: True}, **members), country="VN")
        [onward] = await details(office, name)
        assert (onward["verdict"], onward["regime"], onward["exporter"]) == (verdict, "eu_gdpr", "Far Ltd")
        facts = known(onward)
        assert facts["exporter.subject_to_regime"] is False
        assert (facts["onward_from.upstream"], facts["onward_from.module"]) == ("scc", 3)
        assert facts["onward_from.contract"] is contract
        assert "to Far Ltd: standard contractual clauses" in source(onward, "onward_from.upstream")
    assert onward["relied_on"].startswith("standard contractual clauses")

    [open_] = await details(office, "Signed Co")
    assert open_["assessment"]["conservative_verdict"] == "not_covered"
    [missing] = open_["assessment"]["missing"]
    assert missing["fact"] == "onward_from.contract"
    assert "Clauses 3, 8.8 and 9(b)" in missing["ask"]


async def test_the_list_on_which_an_exporter_stands_is_carried_on(office: Office) -> None:
    _, american = await added(office, "Listed Inc.", terms("United States"), country="US", **CERTIFIED)
    chained = terms("India", engaged_by={american: True}, agreement={"status": "incorporated"})
    _, second = await added(office, "Second Ltd", chained, country="IN")
    third = terms("Vietnam", engaged_by={second: True}, agreement={"status": "incorporated"})
    await added(office, "Third Co", third, country="VN")

    [onward] = await details(office, "Second Ltd")
    assert onward["verdict"] == "covered_by_safeguard"
    assert known(onward)["onward_from.upstream"] == "eu_us_dpf"
    assert onward["relied_on"] == "onward transfer contract under the Data Privacy Framework Principles"
    # Who has the contract of one on the list stands on no list itself.
    [deeper] = await details(office, "Third Co")
    assert deeper["verdict"] == "not_covered"
    assert "onward_from.upstream" not in known(deeper)


async def test_clauses_are_handed_down_the_whole_chain(office: Office) -> None:
    _, first = await added(office, "First Ltd", terms("India", safeguards={"scc": CLAUSES}), country="IN")
    handed = {"agreement": {"status": "incorporated"}, "safeguards": {"scc": CLAUSES}}
    _, second = await added(
        office, "Second Co", terms("Vietnam", engaged_by={first: True}, **handed), country="VN"
    )
    await added(office, "Third Inc.", terms("Philippines", engaged_by={second: True}, **handed), country="PH")

    [onward] = await details(office, "Third Inc.")
    assert onward["verdict"] == "covered_by_safeguard"
    assert known(onward)["onward_from.upstream"] == "scc"


async def test_what_nothing_carried_to_the_exporter_is_not_carried_on(office: Office) -> None:
    _, far = await added(office, "Far Ltd", terms("India"), country="IN")
    chained = terms("Vietnam", engaged_by={far: True}, agreement={"status": "incorporated"})
    await added(office, "Deeper Co", chained, country="VN")
    [onward] = await details(office, "Deeper Co")

    assert onward["verdict"] == "not_covered"
    assert "onward_from.upstream" not in known(onward)


async def test_an_exporter_that_the_gdpr_binds_needs_a_ground_of_its_own(office: Office) -> None:
    _, far = await added(
        office,
        "Bound Ltd",
        terms("India", safeguards={"scc": CLAUSES}),
        country="IN",
        subject_to={"gdpr": True},
    )
    chained = terms("Vietnam", engaged_by={far: True}, agreement={"status": "incorporated"})
    await added(office, "Deeper Co", chained, country="VN")
    [direct] = await details(office, "Deeper Co")

    assert direct["verdict"] == "not_covered"
    assert "exporter.subject_to_regime" not in known(direct)


@pytest.mark.parametrize(
    ("country", "subject_to", "regimes"),
    [
        ("GB", {}, ["uk_gdpr"]),
        ("CH", {}, ["ch_fadp"]),
        ("NO", {}, ["eu_gdpr"]),
        ("GF", {}, ["eu_gdpr"]),
        ("GB", {"gdpr": True}, ["eu_gdpr", "uk_gdpr"]),
    ],
)
async def test_a_hop_is_judged_under_the_regimes_that_bind_its_exporter(
    office: Office, country: str, subject_to: dict[str, bool], regimes: list[str]
) -> None:
    _, exporter = await added(office, "Exporter", terms(), country=country, subject_to=subject_to)
    await added(office, "Importer Ltd", terms("India", engaged_by={exporter: True}), country="IN")

    found = await details(office, "Importer Ltd")
    assert sorted(one["regime"] for one in found) == regimes
    assert {one["assessment"]["regime"] for one in found} == set(regimes)
