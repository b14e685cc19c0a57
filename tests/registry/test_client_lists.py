"""A client's own list and safeguards: what it takes, place by place, without what does not bind it."""

from datetime import datetime
from typing import Any
from uuid import UUID

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


async def asked(
    office: Office, client_id: str, what: str, headers: dict[str, str] | None = None, **params: str
) -> dict[str, Any]:
    answer = await office.client.get(
        f"/v1/clients/{client_id}/{what}", headers=headers or office.bram, params=params
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def texts(listed: dict[str, Any]) -> set[str]:
    return {each["text"] for one in listed["data"] for use_ in one["uses"] for each in use_["places"]}


def places(safeguards: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        each["text"]: each
        for one in safeguards["sub_processors"]
        for use_ in one["uses"]
        for each in use_["places"]
    }


async def object_to(pool: Pool, clock: Clock, client_id: str, change_id: str) -> UUID:
    """An open objection of the client."""
    key: UUID = await pool.fetchval(
        """
        INSERT INTO objection (change_id, client_id, reason, state, made_at, made_on, made_by)
        VALUES ($1, $2, 'No', 'open', $3, $4, 'tester') RETURNING id
        """,
        UUID(change_id),
        UUID(client_id),
        clock.now(),
        clock.today(),
    )
    return key


async def test_the_list_of_a_client_is_what_it_takes_on_the_day(
    office: Office, pool: Pool, clock: Clock
) -> None:
    for key in ("payroll", "desk"):
        await service(office, key)
    client_id = await clients.taken_on(office, pool, clock, services={"payroll": True})
    desk = {**use("Lyon, France", "Help desk"), "services": {"desk": True}}
    await office.added("Desk SAS", **terms(uses={"desk": desk}))
    await office.added("Host GmbH", **terms(uses={"hosting": {**use(), "services": {"payroll": True}}}))

    shown = await office.client.get(f"/v1/clients/{client_id}", headers=office.ada)
    await office.client.patch(
        f"/v1/clients/{client_id}",
        json={"valid_from": LATER, "terms": {"services": {"desk": True, "payroll": None}}},
        headers={**office.ada, "If-Match": shown.headers["etag"]},
    )

    now = await asked(office, client_id, "sub-processors")
    later = await asked(office, client_id, "sub-processors", as_of=LATER)
    before = await asked(office, client_id, "sub-processors", as_of="2024-12-31")
    assert [one["legal_name"] for one in now["data"]] == ["Host GmbH"]
    assert [one["legal_name"] for one in later["data"]] == ["Desk SAS"]
    assert (before["runs"], before["data"]) == (False, [])


async def test_a_change_under_specific_authorisation_is_true_once_it_is_authorised(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key, _ = await office.added()
    client_id = await clients.taken_on(office, pool, clock, authorisation="specific")
    other = await clients.taken_on(office, pool, clock, "C-2")
    mine = await clients.key(pool, clock, client_id)
    change = await office.alter(key, SOON, place("lyon", "Lyon, France"))

    pending = await asked(office, client_id, "sub-processors", mine, as_of=SOON)
    assert texts(pending) == {"Germany"}
    assert [(one["change_id"], one["reason"]) for one in pending["deviations"]] == [
        (change["id"], "authorisation_pending")
    ]
    assert texts(await asked(office, other, "sub-processors", as_of=SOON)) == {"Germany", "Lyon, France"}
    listed = await asked(office, client_id, "authorisations", mine)
    assert [(one["state"], one["sub_processor_id"]) for one in listed["data"]] == [("pending", key)]

    decision = {"change_id": change["id"], "state": "authorised"}
    address = f"/v1/clients/{client_id}/authorisations"
    decided = await office.client.post(address, json=decision, headers=mine)
    assert decided.status_code == 201, decided.text
    assert [one["state"] for one in decided.json()["data"]] == ["authorised"]
    bound = await asked(office, client_id, "sub-processors", mine, as_of=SOON)
    assert (texts(bound), bound["deviations"]) == ({"Germany", "Lyon, France"}, [])

    refusal = {**decision, "state": "refused", "reason": "Too near the sea"}
    await office.client.post(address, json=refusal, headers=mine)
    refused = await asked(office, client_id, "sub-processors", mine, as_of=SOON)
    assert [one["reason"] for one in refused["deviations"]] == ["authorisation_refused"]
    assert texts(refused) == {"Germany"}


async def test_only_what_waits_can_be_authorised(office: Office, pool: Pool, clock: Clock) -> None:
    key, change = await office.added()
    client_id = await clients.taken_on(office, pool, clock, authorisation="specific")
    removed = await office.published(kind="removed", parts=[part(key, "end", SOON)])

    for change_id in (change["id"], removed["id"]):
        refused = await office.client.post(
            f"/v1/clients/{client_id}/authorisations",
            json={"change_id": change_id, "state": "authorised"},
            headers=office.bram,
        )
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["member"] == "change_id"


async def test_an_objection_keeps_the_change_out_of_that_clients_list_until_it_is_decided(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key, _ = await office.added()
    client_id = await clients.taken_on(office, pool, clock)
    change = await office.alter(key, SOON, place("lyon", "Lyon, France"))
    objection = await object_to(pool, clock, client_id, change["id"])

    contested = await asked(office, client_id, "sub-processors", as_of=SOON)
    assert texts(contested) == {"Germany"}
    assert [one["reason"] for one in contested["deviations"]] == ["objection_open"]
    safeguards = await asked(office, client_id, "safeguards", as_of=SOON)
    assert (set(places(safeguards)), len(safeguards["deviations"])) == ({"Germany"}, 1)

    upheld = "UPDATE objection SET state = 'withdrawn', resolved_at = $2, resolved_on = $3 WHERE id = $1"
    await pool.execute(upheld, objection, clock.now(), clock.today())
    kept_out = await asked(office, client_id, "sub-processors", as_of=SOON)
    assert [one["reason"] for one in kept_out["deviations"]] == ["objection_upheld"]

    await pool.execute("UPDATE objection SET state = 'rejected' WHERE id = $1", objection)
    bound = await asked(office, client_id, "sub-processors", as_of=SOON)
    assert (texts(bound), bound["deviations"]) == ({"Germany", "Lyon, France"}, [])


async def test_what_rests_on_a_change_that_does_not_bind_is_left_out_with_it(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key, _ = await office.added()
    client_id = await clients.taken_on(office, pool, clock)
    first = await office.alter(key, SOON, place("lyon", "Lyon, France"))
    await object_to(pool, clock, client_id, first["id"])
    gone = {"uses": {"hosting": {"places": {"lyon": None}}}}
    await office.alter(key, LATER, {**gone, "summary": "Without Lyon"})

    listed = await asked(office, client_id, "sub-processors", as_of=LATER)

    assert texts(listed) == {"Germany"}
    assert [one["reason"] for one in listed["deviations"]] == ["objection_open", "rests_on_another"]


async def test_nothing_is_built_upon_a_change_that_is_objected_to(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key, _ = await office.added()
    client_id = await clients.taken_on(office, pool, clock)
    change = await office.alter(key, LATER, place("lyon", "Lyon, France"))
    await object_to(pool, clock, client_id, change["id"])

    more = await office.draft(
        kind="material_change", parts=[part(key, "set", LATER, place("oslo", "Oslo, Norway"))]
    )
    less = await office.about(change["id"], "withdrawal")

    codes = {}
    for name, drafted in (("more", more), ("less", less)):
        checks = (await office.review(drafted.json()["id"])).json()["checks"]
        codes[name] = [(one["code"], one["subject"], one["level"]) for one in checks]
    assert ("objection_open", f"C-1/{change['number']}", "blocks") in codes["more"]
    assert "objection_open" not in [code for code, _, _ in codes["less"]]


async def american(office: Office, **facts: Any) -> str:
    """A sub-processor in the United States under clauses, with a certificate."""
    clauses = {
        "type": "scc",
        "set": "2021/914",
        "module": 3,
        "concluded_on": "2024-01-01",
        "annexes_complete": True,
        "clauses_modified": False,
        "tia": {"outcome": "adequate", "completed_on": "2024-01-01"},
    }
    certified = {"dpf": {"framework": "eu_us_dpf", "valid_from": "2024-01-01"}}
    facts = {"country": "US", "certifications_known": True, "certifications": certified, **facts}
    change = await office.published(
        kind="added",
        parts=[
            {
                "sub_processor": {"organisation": organisation("Cloud Inc.", **facts)},
                "operation": "start",
                "effective_on": "2026-01-01",
                "patch": terms("Ohio, United States", safeguards={"scc": {"tool": clauses}}),
            }
        ],
    )
    key: str = change["parts"][0]["sub_processor_id"]
    return key


async def test_one_call_says_what_each_place_rests_on_what_is_behind_it_and_until_when(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key = await american(office)
    client_id = await clients.taken_on(office, pool, clock)
    await office.published(kind="removed", parts=[part(key, "end", LATER)])

    safeguards = await asked(office, client_id, "safeguards")

    [route] = places(safeguards)["Ohio, United States"]["routes"]
    assert route["regime"] == "eu_gdpr"
    assert route["verdict"] == "covered_by_adequacy"
    assert "Adequacy decision" in route["relied_on"]
    assert [name.startswith("standard contractual clauses") for name in route["behind"]] == [True]
    assert route["valid_until"] == "2027-02-28"
    assert [one["effective_on"] for one in safeguards["announced"]] == [LATER]
    assert safeguards["verdict"] == "covered_by_adequacy"
    [first] = safeguards["entrusted"]
    assert (first["exporter"], first["verdict"]) == ("Client NV", "no_transfer")


@pytest.mark.parametrize(("country", "regime"), [("GB", "uk_gdpr"), ("CH", "ch_fadp")])
async def test_the_rules_of_the_clients_country_go_with_its_data_through_the_chain(
    office: Office, pool: Pool, clock: Clock, country: str, regime: str
) -> None:
    await american(office)
    await office.added("Berlin GmbH")
    client_id = await clients.taken_on(office, pool, clock, country=country)

    safeguards = await asked(office, client_id, "safeguards")

    assert safeguards["regimes"] == [regime]
    [first] = safeguards["entrusted"]
    assert (first["regime"], first["verdict"]) == (regime, "covered_by_adequacy")
    for shown in places(safeguards).values():
        assert [route["regime"] for route in shown["routes"]] == sorted([regime, "eu_gdpr"])
    beyond = {route["regime"]: route for route in places(safeguards)["Ohio, United States"]["routes"]}
    assert beyond["eu_gdpr"]["verdict"] == "covered_by_adequacy"
    assert beyond[regime]["transfer_id"] != beyond["eu_gdpr"]["transfer_id"]
    # The European clauses alone are none of the other country's, and the certificate has no extension to it.
    assert beyond[regime]["verdict"] != "covered_by_adequacy"


async def test_beyond_a_vendor_that_is_bound_itself_the_clients_rules_still_go_on(
    office: Office, pool: Pool, clock: Clock
) -> None:
    first, _ = await office.added("Paris SAS")
    vendor = (await office.client.get(f"/v1/sub-processors/{first}/terms", headers=office.otto)).json()
    await office.added("Toronto Inc.", **terms("Canada", engaged_by={vendor["organisation_id"]: True}))
    client_id = await clients.taken_on(office, pool, clock, country="GB")

    safeguards = await asked(office, client_id, "safeguards")

    beyond = places(safeguards)["Canada"]["routes"]
    assert [(route["exporter"], route["regime"]) for route in beyond] == [
        ("Paris SAS", "eu_gdpr"),
        ("Paris SAS", "uk_gdpr"),
    ]


async def test_the_first_hop_to_us_is_held_to_instructions_too(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock, country="GB")
    for rule in (
        {"kind": "countries_required", "countries": ["GB"]},
        {"kind": "vendors_required", "vendors": [await ours(office)]},
        {"kind": "vendors_excluded", "vendors": [await ours(office)]},
    ):
        made = await office.client.post(
            f"/v1/clients/{client_id}/instructions", json={"rule": rule}, headers=office.bram
        )
        assert made.status_code == 201, made.text

    safeguards = await asked(office, client_id, "safeguards")

    assert [(one["kind"], one["kept"]) for one in safeguards["instructions"]] == [
        ("countries_required", False),
        ("vendors_required", True),
        ("vendors_excluded", True),
    ]


async def ours(office: Office) -> str:
    """Our own company."""
    listed = await office.client.get("/v1/organisations", headers=office.otto)
    key: str = next(one["id"] for one in listed.json()["data"] if one["own"])
    return key


async def test_the_day_comes_and_nothing_runs_yet_the_list_has_moved_on(
    office: Office, pool: Pool, clock: Clock, settings: Settings
) -> None:
    key, _ = await office.added()
    client_id = await clients.taken_on(office, pool, clock)
    await office.alter(key, SOON, place("lyon", "Lyon, France"))
    found = []
    for moment in ("2026-11-30T23:59:00+01:00", "2026-12-01T00:01:00+01:00"):
        app = create_app(replace(settings, now=datetime.fromisoformat(moment)), pool)
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://later") as later:
            answer = await later.get(f"/v1/clients/{client_id}/sub-processors", headers=office.bram)
        found.append(texts(answer.json()))

    assert found == [{"Germany"}, {"Germany", "Lyon, France"}]


async def test_an_unknown_service_is_named_and_one_not_taken_touches_nothing(
    office: Office, pool: Pool, clock: Clock
) -> None:
    for key in ("payroll", "desk"):
        await service(office, key)
    client_id = await clients.taken_on(office, pool, clock, services={"payroll": True})
    await office.added()
    address = f"/v1/clients/{client_id}/safeguards"

    wrong = await office.client.get(address, params={"service": "pay"}, headers=office.bram)
    assert wrong.status_code == 400
    assert "payroll" in wrong.json()["detail"]
    assert (await asked(office, client_id, "safeguards", service="desk"))["sub_processors"] == []
    assert set(places(await asked(office, client_id, "safeguards", service="payroll"))) == {"Germany"}


async def test_an_answer_that_was_seen_is_not_sent_again(office: Office, pool: Pool, clock: Clock) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    for what in ("sub-processors", "safeguards"):
        address = f"/v1/clients/{client_id}/{what}"
        seen = await office.client.get(address, headers=office.bram)
        again = await office.client.get(
            address, headers={**office.bram, "If-None-Match": seen.headers["etag"]}
        )
        assert again.status_code == httpx.codes.NOT_MODIFIED


async def test_who_becomes_a_client_is_owed_its_notice_of_what_is_announced(
    office: Office, pool: Pool, clock: Clock
) -> None:
    for key in ("payroll", "desk"):
        await service(office, key)
    key, _ = await office.added(**terms(uses={"hosting": {**use(), "services": {"payroll": True}}}))
    change = await office.alter(key, LATER, place("lyon", "Lyon, France"))
    owed = "SELECT owed, news FROM notice WHERE client_id = $1 AND change_id = $2"

    takes = await clients.taken_on(office, pool, clock, "C-1", services={"payroll": True})
    other = await clients.taken_on(office, pool, clock, "C-2", services={"desk": True})

    [notice] = await pool.fetch(owed, UUID(takes), UUID(change["id"]))
    assert notice["owed"] == "full_period"
    assert notice["news"][0]["differences"][0]["new"] == "Lyon, France (backup)"
    assert await pool.fetch(owed, UUID(other), UUID(change["id"])) == []
    shown = await office.client.get(f"/v1/clients/{other}", headers=office.ada)
    await office.client.patch(
        f"/v1/clients/{other}",
        json={"terms": {"services": {"payroll": True}}},
        headers={**office.ada, "If-Match": shown.headers["etag"]},
    )
    assert len(await pool.fetch(owed, UUID(other), UUID(change["id"]))) == 1


async def test_a_deviation_is_titled_with_the_day_to_which_it_was_postponed(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key, _ = await office.added()
    client_id = await clients.taken_on(office, pool, clock, authorisation="specific")
    change = await office.alter(key, LATER, place("lyon", "Lyon, France"))
    moved = await office.about(change["id"], "postponement", effective_on="2027-05-02")
    assert (await office.publish(moved.json()["id"])).status_code == 201

    [deviation] = (await asked(office, client_id, "safeguards"))["deviations"]

    assert deviation["effective_on"] == "2027-05-02"
    assert "2 May 2027" in deviation["title"]


async def test_a_change_that_never_bound_a_client_is_withdrawn_without_its_authorisation(
    office: Office, pool: Pool, clock: Clock
) -> None:
    key, _ = await office.added()
    client_id = await clients.taken_on(office, pool, clock, authorisation="specific")
    # To take a place away needs nobody; to take that back would widen, had it ever come.
    two = {"uses": {"hosting": {"places": {"main": None, "lyon": {"role": "storage", "text": "France"}}}}}
    change = await office.alter(key, LATER, two)
    gone = await office.about(change["id"], "withdrawal")
    assert (await office.publish(gone.json()["id"])).status_code == 201

    waiting = await office.client.get(f"/v1/clients/{client_id}/authorisations", headers=office.bram)
    assert [one for one in waiting.json()["data"] if one["state"] == "pending"] == []
    assert (await asked(office, client_id, "safeguards"))["deviations"] == []
