"""A change of our own organisation: it turns what every client entrusts to us, and binds every client."""

from typing import Any

from registry.clock import Clock
from registry.database import Pool
from tests.registry import clients
from tests.registry.office import Office, terms

DAY = "2027-03-01"


async def ours(office: Office) -> str:
    listed = await office.client.get("/v1/organisations", headers=office.otto)
    key: str = next(one["id"] for one in listed.json()["data"] if one["own"])
    return key


async def move(office: Office, country: str) -> dict[str, Any]:
    """A change that takes our organisation elsewhere."""
    return {
        "kind": "material_change",
        "parts": [
            {
                "organisation_id": await ours(office),
                "operation": "set",
                "effective_on": DAY,
                "patch": {"country": country},
            }
        ],
    }


async def blocks(office: Office, change: dict[str, Any]) -> dict[str, list[str]]:
    drafted = await office.draft(**change)
    assert drafted.status_code == 201, drafted.text
    review = (await office.review(drafted.json()["id"])).json()
    found: dict[str, list[str]] = {}
    for check in review["checks"]:
        if check["level"] == "blocks":
            found.setdefault(check["code"], []).append(check["subject"])
    return found


async def safeguards(office: Office, client_id: str, day: str = DAY) -> dict[str, Any]:
    answer = await office.client.get(
        f"/v1/clients/{client_id}/safeguards", params={"as_of": day}, headers=office.bram
    )
    shown: dict[str, Any] = answer.json()
    return shown


async def test_moving_to_where_nothing_covers_blocks_for_each_client(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await office.added()
    client_id = await clients.taken_on(office, pool, clock, "BELGIAN")
    await clients.taken_on(office, pool, clock, "BRITISH", country="GB")

    found = await blocks(office, await move(office, "CN"))

    entrusted = (await safeguards(office, client_id))["entrusted"]
    assert f"BELGIAN/{entrusted[0]['transfer_id']}" in found["transfer_not_covered"]
    assert any(subject.startswith("BRITISH/") for subject in found["transfer_not_covered"])


async def test_a_client_with_nobody_on_its_list_is_touched_too(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await clients.taken_on(office, pool, clock, "ALONE")

    found = await blocks(office, await move(office, "CN"))

    assert [subject.partition("/")[0] for subject in found["transfer_not_covered"]] == ["ALONE"]


async def test_an_instruction_is_held_against_the_move(office: Office, pool: Pool, clock: Clock) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    made = await office.client.post(
        f"/v1/clients/{client_id}/instructions",
        json={"valid_from": "2026-01-01", "rule": {"kind": "eea_only"}},
        headers=office.bram,
    )
    assert made.status_code == 201, made.text

    found = await blocks(office, await move(office, "US"))

    [subject] = found["instruction_contravened"]
    assert subject.startswith(f"C-1/{made.json()['id']}/")


async def test_what_is_not_covered_any_more_needs_attention(office: Office, pool: Pool, clock: Clock) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    await office.published(**await move(office, "CN"))

    listed = await office.client.get("/v1/attention", params={"days": 200}, headers=office.bram)

    [item] = [one for one in listed.json()["data"] if one["code"] == "transfer_not_covered"]
    entrusted = (await safeguards(office, client_id))["entrusted"]
    assert (item["subject"], item["clients"]) == (entrusted[0]["transfer_id"], ["C-1"])
    assert (item["urgency"], item["until"]) == ("soon", "2027-02-28")
    assert item["accepted"]["by"] == "Bram"


async def test_a_move_of_ours_binds_who_authorises_changes_itself_and_is_no_deviation(
    office: Office, pool: Pool, clock: Clock
) -> None:
    await office.added()
    client_id = await clients.taken_on(office, pool, clock, authorisation="specific")
    moved = await office.published(**await move(office, "CN"))

    shown = await safeguards(office, client_id)

    assert [one["verdict"] for one in shown["entrusted"]] == ["not_covered"]
    assert shown["deviations"] == []
    notices = await office.client.get(f"/v1/changes/{moved['id']}/notices", headers=office.bram)
    assert [one["owed"] for one in notices.json()["data"]] == ["full_period"]
    listed = await office.client.get("/v1/attention", params={"days": 200}, headers=office.bram)
    [item] = [one for one in listed.json()["data"] if one["code"] == "authorisation_pending"]
    assert "binds the client all the same" in item["message"]
    assert "contract" in item["to_do"]


async def test_withdrawing_the_move_is_authorised_by_nobody(office: Office, pool: Pool, clock: Clock) -> None:
    specific = await clients.taken_on(office, pool, clock, "SPECIFIC", authorisation="specific")
    general = await clients.taken_on(office, pool, clock, "GENERAL")
    moved = await office.published(**await move(office, "CN"))
    drafted = await office.about(moved["id"], "withdrawal")
    assert (await office.publish(drafted.json()["id"])).status_code == 201

    answer = await office.client.get(f"/v1/changes/{drafted.json()['id']}/notices", headers=office.bram)

    notices = {one["client_id"]: (one["owed"], one["state"]) for one in answer.json()["data"]}
    assert notices[specific] == ("at_once", "not_given")
    assert notices[general][1] == "not_given"
    waiting = await office.client.get(f"/v1/clients/{specific}/authorisations", headers=office.bram)
    assert [one for one in waiting.json()["data"] if one["state"] == "pending"] == []
    assert (await safeguards(office, specific))["deviations"] == []


CLAUSES = {
    "type": "scc",
    "set": "2021/914",
    "module": 3,
    "concluded_on": "2024-01-01",
    "annexes_complete": True,
    "clauses_modified": False,
    "tia": {"outcome": "adequate", "completed_on": "2024-01-01"},
}


async def test_the_review_shows_what_turns_under_a_clients_rules(
    office: Office, pool: Pool, clock: Clock
) -> None:
    """From Belgium the Swiss rules let nothing go on to India; from China they ask, as of any transfer by us."""
    await office.added("Delhi Ltd", **terms("India", safeguards={"scc": {"tool": CLAUSES}}))
    client_id = await clients.taken_on(office, pool, clock, "SWISS", country="CH")
    drafted = await office.draft(**await move(office, "CN"))

    review = (await office.review(drafted.json()["id"])).json()

    turned = {one["sub_processor"]: one for one in review["transfers"] if one["clients"]}
    beyond = turned.pop("Delhi Ltd")
    assert (beyond["regime"], beyond["before"], beyond["after"]) == (
        "ch_fadp",
        "not_covered",
        "needs_review",
    )
    [entrusted] = turned.values()
    assert (entrusted["before"], entrusted["after"]) == ("covered_by_adequacy", "not_covered")
    assert entrusted["id"] == (await safeguards(office, client_id))["entrusted"][0]["transfer_id"]
    assert beyond["clients"] == entrusted["clients"] == ["SWISS"]
