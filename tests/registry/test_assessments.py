"""POST /v1/assessments: facts in, verdict out, as the contract says."""

import copy
from typing import Any

import pytest
from httpx import AsyncClient

FACTS: dict[str, Any] = {
    "exporter": {"country": "DE", "role": "controller"},
    "importer": {"country": "US", "role": "processor"},
}
MEMBERS = {
    "verdict",
    "as_of",
    "regime",
    "relied_on",
    "conservative_verdict",
    "alternative_verdicts",
    "findings",
    "missing",
    "valid_until",
    "law_edition",
}


def facts(**changes: Any) -> dict[str, Any]:
    """Facts with members set by path: ``importer__country="FR"``."""
    made = copy.deepcopy(FACTS)
    for path, value in changes.items():
        *parents, name = path.split("__")
        node = made
        for parent in parents:
            node = node.setdefault(parent, {})
        node[name] = value
    return made


async def judge(client: AsyncClient, **changes: Any) -> Any:
    answer = await client.post("/v1/assessments", json=facts(**changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_answer_has_exactly_the_members_of_the_contract(client: AsyncClient) -> None:
    assert set(await judge(client)) == MEMBERS


async def test_a_place_in_the_eea_is_no_transfer(client: AsyncClient) -> None:
    answer = await judge(client, importer__country="FR")

    assert answer["verdict"] == "no_transfer"
    assert answer["findings"]
    assert answer["law_edition"]


async def test_adequacy_is_judged_on_the_day_asked_about(client: AsyncClient) -> None:
    bound = {"importer__country": "JP", "importer__subject_to": {"appi": True}}
    before = await judge(client, **bound, as_of="2019-01-22")
    on = await judge(client, **bound, as_of="2019-01-23")

    assert (before["verdict"], on["verdict"]) == ("not_covered", "covered_by_adequacy")
    assert (before["as_of"], on["as_of"]) == ("2019-01-22", "2019-01-23")


async def test_the_day_is_todays_in_the_registers_time_zone(client: AsyncClient) -> None:
    assert (await judge(client))["as_of"] == "2026-11-24"


async def test_old_names_of_codes_are_understood(client: AsyncClient) -> None:
    assert (await judge(client, importer__country="EL"))["verdict"] == "no_transfer"
    assert (await judge(client, importer__country="UK"))["verdict"] == (
        await judge(client, importer__country="GB")
    )["verdict"]


async def test_signed_clauses_with_an_assessment_carry_a_transfer(client: AsyncClient) -> None:
    clauses = {
        "type": "scc",
        "set": "2021/914",
        "module": 2,
        "concluded_on": "2024-01-15",
        "annexes_complete": True,
        "processing_unchanged": True,
        "clauses_modified": False,
        "sub_processor_authorisation": {"option": 2, "notice_days": 30},
        "tia": {"outcome": "adequate", "completed_on": "2024-01-10"},
    }

    answer = await judge(client, importer__country="IN", safeguards=[clauses])

    assert answer["verdict"] == "covered_by_safeguard"
    assert answer["relied_on"]["index"] == 0


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"importer__country": "QQ"}, "importer.country"),
        ({"exporter__country": "XX"}, "exporter.country"),
        ({"importer__country": "DE\n"}, "importer.country"),
        ({"importer__country": "de"}, "importer.country"),
        ({"importer__country": "DEU"}, "importer.country"),
        ({"importer__subdivision": "CA-QC"}, "importer.subdivision"),
        ({"importer__colour": "red"}, "importer.colour"),
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"as_of": "9999-12-31"}, "as_of"),
        ({"as_of": "0001-01-01"}, "as_of"),
        (
            {"safeguards": [{"type": "public_instrument", "in_force_from": "9999-12-31"}]},
            "safeguards[0].in_force_from",
        ),
        ({"importer__area": "svalbard"}, "importer.area"),
        ({"as_of": "2026-01-01T00:00:00"}, "as_of"),
        ({"as_of": 20260101}, "as_of"),
        ({"regime": "us_law"}, "regime"),
        ({"safeguards": [{"type": "magic"}]}, "safeguards[0].type"),
        ({"safeguards": [{"type": "scc", "set": "2021/914", "module": 5}]}, "safeguards[0].module"),
        ({"data__hr": "true"}, "data.hr"),
        ({"importer__organisation": "E\x00PO"}, "importer.organisation"),
    ],
)
async def test_a_fact_that_cannot_be_is_named(
    client: AsyncClient, changes: dict[str, Any], member: str
) -> None:
    answer = await client.post("/v1/assessments", json=facts(**changes))

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:onward:problem:invalid-request"
    assert answer.json()["errors"][0]["member"] == member


async def test_a_day_before_the_law_on_record_gets_no_verdict(client: AsyncClient) -> None:
    answer = await client.post("/v1/assessments", json=facts(as_of="1950-01-01"))

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:onward:problem:law-unsupported"
    assert "1950-01-01" in answer.json()["detail"]
    assert "verdict" not in answer.json()


async def test_no_key_is_needed_but_a_wrong_one_is_refused(client: AsyncClient) -> None:
    wrong = {"Authorization": "Bearer onw_" + "a" * 43}

    assert (await client.post("/v1/assessments", json=FACTS)).status_code == 200
    assert (await client.post("/v1/assessments", json=FACTS, headers=wrong)).status_code == 401
