"""Instructions of clients: recorded, checked on changes and in answers, flagged back, ended."""

from typing import Any

import pytest

from registry.clock import Clock
from registry.database import Pool
from tests.registry import clients
from tests.registry.office import Office, organisation, part, place, terms

SOON = "2026-12-01"
LATER = "2027-03-01"
MISSING = "0199d3a0-0000-7000-8000-000000000000"


async def instruct(
    office: Office, client_id: str, rule: dict[str, Any], headers: dict[str, str] | None = None, **body: Any
) -> Any:
    return await office.client.post(
        f"/v1/clients/{client_id}/instructions",
        json={"rule": rule, **body},
        headers=headers or office.bram,
    )


async def standing(office: Office, client_id: str, **params: str) -> dict[str, dict[str, Any]]:
    answer = await office.client.get(
        f"/v1/clients/{client_id}/safeguards", headers=office.bram, params=params
    )
    return {one["kind"]: one for one in answer.json()["instructions"]}


async def vendor(office: Office, name: str, text: str, **facts: Any) -> tuple[str, str]:
    """A sub-processor with one place, and its organisation."""
    change = await office.published(
        kind="added",
        parts=[
            {
                "sub_processor": {"organisation": organisation(name, **facts)},
                "operation": "start",
                "effective_on": "2026-01-01",
                "patch": terms(text),
            }
        ],
    )
    key = change["parts"][0]["sub_processor_id"]
    shown = await office.client.get(f"/v1/sub-processors/{key}/terms", headers=office.otto)
    return key, shown.json()["organisation_id"]


async def test_an_instruction_is_recorded_checked_in_answers_and_ended(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    mine = await clients.key(pool, clock, client_id)
    await vendor(office, "Berlin GmbH", "Germany")

    made = await instruct(office, client_id, {"kind": "eea_only"}, mine, text="Clause 4")
    assert made.status_code == 201, made.text
    assert (made.json()["valid_from"], made.json()["flagged"]) == ("2026-11-24", None)
    assert (await standing(office, client_id))["eea_only"]["kept"] is True
    await vendor(office, "London Ltd", "London, United Kingdom")
    broken = (await standing(office, client_id))["eea_only"]
    assert broken["kept"] is False
    assert broken["contravened_by"] == [
        "London Ltd, “Hosting” at “London, United Kingdom”: GB is outside EEA"
    ]

    address = f"/v1/clients/{client_id}/instructions/{made.json()['id']}"
    ended = await office.client.post(
        f"{address}/end",
        json={"valid_until": "2026-11-30"},
        headers={**mine, "If-Match": made.headers["etag"]},
    )
    assert ended.json()["valid_until"] == "2026-11-30"
    assert await standing(office, client_id, as_of="2026-12-01") == {}
    operations = await pool.fetch("SELECT operation FROM journal WHERE noun = 'instruction' ORDER BY number")
    assert [row["operation"] for row in operations] == ["recorded", "ended"]


def rule_of(kind: str, ids: dict[str, str]) -> dict[str, Any]:
    rules: dict[str, dict[str, Any]] = {
        "countries_excluded": {"countries": ["GB"]},
        "countries_required": {"countries": ["BE", "DE"]},
        "regions_required": {"regions": ["EU"]},
        "vendors_excluded": {"vendors": [ids["London Ltd"]]},
        "vendors_required": {"vendors": [ids["Berlin GmbH"]]},
        "safeguards_excluded": {"safeguards": ["adequacy"]},
        "safeguards_required": {"safeguards": ["scc", "bcr"]},
        "eea_only": {},
    }
    return {"kind": kind, **rules[kind]}


@pytest.mark.parametrize(
    "kind",
    [
        "countries_excluded",
        "countries_required",
        "regions_required",
        "vendors_excluded",
        "vendors_required",
        "safeguards_excluded",
        "safeguards_required",
        "eea_only",
    ],
)
async def test_each_kind_tells_what_stands_against_it_from_what_does_not(
    office: Office, pool: Pool, clock: Clock, kind: str
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    ids = {
        name: (await vendor(office, name, text))[1]
        for name, text in (("Berlin GmbH", "Germany"), ("London Ltd", "London, United Kingdom"))
    }

    made = await instruct(office, client_id, rule_of(kind, ids))

    assert made.status_code == 201, made.text
    against = (await standing(office, client_id))[kind]["contravened_by"]
    assert [line.partition(",")[0] for line in against] == ["London Ltd"]


async def test_remote_access_is_told_apart_from_storage(office: Office, pool: Pool, clock: Clock) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    key, _ = await vendor(office, "Berlin GmbH", "Germany")
    await vendor(office, "London Ltd", "London, United Kingdom")
    await office.alter(key, "2026-11-24", place("desk", "Zurich, Switzerland", "support_access"))

    await instruct(office, client_id, {"kind": "no_remote_access"})
    [line] = (await standing(office, client_id))["no_remote_access"]["contravened_by"]
    assert "Zurich" in line

    other = await clients.taken_on(office, pool, clock, "C-2")
    await instruct(office, other, {"kind": "no_remote_access", "outside": "adequate"})
    assert (await standing(office, other))["no_remote_access"]["kept"] is True


async def test_a_place_that_names_no_country_cannot_be_shown_to_keep_anything(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    await vendor(office, "Somewhere Inc.", "Global")

    await instruct(office, client_id, {"kind": "countries_excluded", "countries": ["CN"]})

    [line] = (await standing(office, client_id))["countries_excluded"]["contravened_by"]
    assert "cannot be shown" in line


async def test_a_change_that_contravenes_an_instruction_is_stopped_for_that_client(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key, _ = await vendor(office, "Berlin GmbH", "Germany")
    client_id = await clients.taken_on(office, pool, clock)
    made = await instruct(office, client_id, {"kind": "eea_only"})
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", LATER, place("uk", "London, United Kingdom"))]
    )

    review = (await office.review(drafted.json()["id"])).json()

    [check] = [check for check in review["checks"] if check["code"] == "instruction_contravened"]
    assert check["level"] == "blocks"
    assert check["subject"].startswith(f"C-1/{made.json()['id']}/")
    assert "GB is outside EEA" in check["message"]


async def test_what_contravened_before_the_change_warns(office: Office, pool: Pool, clock: Clock) -> None:
    key, _ = await vendor(office, "London Ltd", "London, United Kingdom")
    client_id = await clients.taken_on(office, pool, clock)
    await instruct(office, client_id, {"kind": "eea_only"})
    drafted = await office.draft(
        kind="material_change", parts=[part(key, "set", LATER, place("lyon", "Lyon, France"))]
    )

    review = (await office.review(drafted.json()["id"])).json()

    levels = [check["level"] for check in review["checks"] if check["code"] == "instruction_contravened"]
    assert levels == ["warns"]


async def test_a_transfer_demanded_without_any_ground_is_flagged_back_and_not_followed(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)

    demand = {"kind": "transfer_demanded", "country": "RU"}
    made = await instruct(office, client_id, demand, text="Send it to Moscow")

    assert made.status_code == 201, made.text
    assert made.json()["flagged"]["article"] == "44"
    assert "no ground" in made.json()["flagged"]["reason"]
    shown = (await standing(office, client_id))["transfer_demanded"]
    assert (shown["kept"], shown["contravened_by"]) == (False, [])
    assert shown["flagged"] == made.json()["flagged"]["reason"]
    operations = await pool.fetch("SELECT operation FROM journal WHERE noun = 'instruction' ORDER BY number")
    assert [row["operation"] for row in operations] == ["recorded", "flagged"]


async def test_a_transfer_demanded_on_a_ground_is_an_instruction_like_any_other(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    _, organisation_id = await vendor(office, "London Ltd", "London, United Kingdom")

    there = await instruct(
        office, client_id, {"kind": "transfer_demanded", "country": "UK", "vendor": organisation_id}
    )
    coming = await instruct(office, client_id, {"kind": "transfer_demanded", "country": "CH"})

    assert (there.json()["flagged"], coming.json()["flagged"]) == (None, None)
    answer = await office.client.get(f"/v1/clients/{client_id}/safeguards", headers=office.bram)
    assert [one["kept"] for one in answer.json()["instructions"]] == [True, False]


@pytest.mark.parametrize(
    ("rule", "member"),
    [
        ({"kind": "moon_only"}, "rule.kind"),
        ({"kind": "countries_excluded", "countries": ["ZZ"]}, "rule.countries"),
        ({"kind": "countries_excluded", "countries": []}, "rule.countries"),
        ({"kind": "regions_required", "regions": ["Europe"]}, "rule.regions[0]"),
        ({"kind": "vendors_excluded", "vendors": [MISSING]}, "rule.vendors[0]"),
        ({"kind": "safeguards_required", "safeguards": ["hope"]}, "rule.safeguards[0]"),
        ({"kind": "eea_only", "colour": "red"}, "rule.colour"),
    ],
)
async def test_what_is_no_instruction_is_named(
    office: Office, pool: Pool, clock: Clock, rule: dict[str, Any], member: str
) -> None:
    client_id = await clients.taken_on(office, pool, clock)

    refused = await instruct(office, client_id, rule)

    assert refused.status_code == 400, refused.text
    assert refused.json()["errors"][0]["member"] == member


async def test_an_instruction_of_another_client_is_not_there(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    other = await clients.taken_on(office, pool, clock, "C-2")
    made = (await instruct(office, other, {"kind": "eea_only"})).json()
    mine = await clients.key(pool, clock, client_id)

    for address in (
        f"/v1/clients/{other}/instructions/{made['id']}",
        f"/v1/clients/{client_id}/instructions/{made['id']}",
    ):
        assert (await office.client.get(address, headers=mine)).status_code == 404
    assert (await instruct(office, other, {"kind": "eea_only"}, mine)).status_code == 404


async def test_procurement_and_auditors_read_instructions_and_record_none(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    await instruct(office, client_id, {"kind": "eea_only"})

    for who in (office.noor, office.otto):
        listed = await office.client.get(f"/v1/clients/{client_id}/instructions", headers=who)
        assert [one["rule"]["kind"] for one in listed.json()["data"]] == ["eea_only"]
        assert (await instruct(office, client_id, {"kind": "eea_only"}, who)).status_code == 403


async def test_what_stands_against_an_instruction_today_needs_attention(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    await vendor(office, "London Ltd", "London, United Kingdom")
    broken = (await instruct(office, client_id, {"kind": "eea_only"})).json()
    flagged = (await instruct(office, client_id, {"kind": "transfer_demanded", "country": "RU"})).json()

    answer = await office.client.get("/v1/attention", headers=office.bram)

    found = {item["code"]: item for item in answer.json()["data"]}
    assert found["instruction_contravened"]["subject"].startswith(f"C-1/{broken['id']}/")
    assert "GB is outside EEA" in found["instruction_contravened"]["message"]
    assert found["instruction_flagged"]["subject"] == f"C-1/{flagged['id']}"
