"""Clients over HTTP: taken on, given other terms by period, ended; and who may see them."""

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from registry.app import create_app
from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from registry.settings import Settings
from tests import keys
from tests.registry import clients
from tests.registry.office import Office, part, place, terms, use

MISSING = "0199d3a0-0000-7000-8000-000000000000"


async def read(office: Office, client_id: str, **params: str) -> tuple[dict[str, Any], str]:
    answer = await office.client.get(f"/v1/clients/{client_id}", headers=office.ada, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json(), answer.headers["etag"]


async def patch(office: Office, client_id: str, **body: Any) -> Any:
    _, tag = await read(office, client_id)
    headers = {**office.ada, "If-Match": tag}
    return await office.client.patch(f"/v1/clients/{client_id}", json=body, headers=headers)


async def test_a_client_is_taken_on_and_found_by_its_reference(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock, "C-7", country="GB")
    await clients.taken_on(office, pool, clock, "C-8")

    found = await office.client.get("/v1/clients", params={"reference": "C-7"}, headers=office.otto)

    [one] = found.json()["data"]
    assert (one["id"], one["terms"]["country"], one["valid_from"]) == (client_id, "GB", "2025-01-01")
    journal = await pool.fetch(
        "SELECT operation FROM journal WHERE noun = 'client' AND noun_id = $1", client_id
    )
    assert [row["operation"] for row in journal] == ["created"]


async def test_other_terms_hold_from_their_day_on_and_the_past_stays(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)

    done = await patch(office, client_id, valid_from="2027-01-01", terms={"notice_days": 60, "region": "eu"})

    assert done.status_code == 200, done.text
    assert [
        (p["valid_from"], p["valid_until"], p["terms"]["notice_days"]) for p in done.json()["periods"]
    ] == [
        ("2025-01-01", "2026-12-31", 30),
        ("2027-01-01", None, 60),
    ]
    before, _ = await read(office, client_id, as_of="2026-12-31")
    after, _ = await read(office, client_id, as_of="2027-01-01")
    assert (before["terms"]["notice_days"], after["terms"]["region"]) == (30, "eu")


async def test_the_past_can_be_corrected_for_a_span_and_the_journal_says_so(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)

    done = await patch(
        office,
        client_id,
        valid_from="2025-03-01",
        valid_until="2025-03-31",
        terms={"objection_days": 20},
    )

    days = [(p["valid_from"], p["valid_until"], p["terms"]["objection_days"]) for p in done.json()["periods"]]
    assert days == [
        ("2025-01-01", "2025-02-28", 14),
        ("2025-03-01", "2025-03-31", 20),
        ("2025-04-01", None, 14),
    ]
    operations = await pool.fetch("SELECT operation FROM journal WHERE noun = 'client' ORDER BY number")
    assert operations[-1]["operation"] == "corrected"


async def test_a_contract_ends_and_a_client_returns_with_whole_terms(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    _, tag = await read(office, client_id)

    ended = await office.client.post(
        f"/v1/clients/{client_id}/end",
        json={"valid_until": "2026-12-31"},
        headers={**office.ada, "If-Match": tag},
    )
    assert ended.json()["periods"][-1]["valid_until"] == "2026-12-31"
    assert (await read(office, client_id, as_of="2027-01-01"))[0]["terms"] is None

    partial = await patch(office, client_id, valid_from="2028-01-01", terms={"notice_days": 10})
    assert partial.status_code == 400
    assert "No terms hold on 2028-01-01" in partial.json()["detail"]
    back = await patch(office, client_id, valid_from="2028-01-01", terms=clients.terms(notice_days=10))
    assert [p["valid_from"] for p in back.json()["periods"]] == ["2025-01-01", "2028-01-01"]


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"reference": "a b"}, "reference"),
        ({"valid_until": "2024-12-31"}, "valid_until"),
        ({"terms": {"country": "ZZ"}}, "terms.country"),
        ({"terms": {"services": {"nothing": True}}}, "terms.services.nothing"),
        ({"terms": {"notice_days": 366}}, "terms.notice_days"),
        (
            {"terms": {"contacts": {"x": {"email": "a@b.example\r\nBcc: c@d.example"}}}},
            "terms.contacts[...].email",
        ),
        ({"terms": {"colour": "red"}}, "terms.colour"),
    ],
)
async def test_what_cannot_be_taken_is_named(office: Office, body: dict[str, Any], member: str) -> None:
    whole = {"reference": "C-1", "valid_from": "2025-01-01", "terms": clients.terms(), **body}
    whole["terms"] = {**clients.terms(), **body.get("terms", {})}

    refused = await office.client.post("/v1/clients", json=whole, headers=office.ada)

    assert refused.status_code == 400, refused.text
    assert refused.json()["errors"][0]["member"] == member


async def test_a_reference_names_one_client(office: Office, pool: Pool, clock: Clock) -> None:
    await clients.taken_on(office, pool, clock, "C-1")
    other = await clients.taken_on(office, pool, clock, "C-2")

    again = await office.client.post(
        "/v1/clients",
        json={"reference": "C-1", "valid_from": "2025-01-01", "terms": clients.terms()},
        headers=office.ada,
    )

    assert again.status_code == 409
    assert (await patch(office, other, reference="C-1")).status_code == 409


async def test_a_write_needs_what_was_read_and_must_alter_something(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    address = f"/v1/clients/{client_id}"
    body = {"terms": {"notice_days": 40}}

    assert (await office.client.patch(address, json=body, headers=office.ada)).status_code == 428
    old = {**office.ada, "If-Match": '"older"'}
    assert (await office.client.patch(address, json=body, headers=old)).status_code == 412
    assert (await patch(office, client_id, terms={"notice_days": 30})).status_code == 400
    assert (await patch(office, client_id, terms={"services": {"nothing": None}})).status_code == 400


async def test_a_client_sees_its_own_record_and_no_other_is_there_for_it(
    office: Office, pool: Pool, clock: Clock
) -> None:
    mine = await clients.taken_on(office, pool, clock, "C-1")
    other = await clients.taken_on(office, pool, clock, "C-2")
    for role in (KeyRole.CLIENT, KeyRole.CONTRACTS):
        key = await clients.key(pool, clock, mine, role)

        assert (await office.client.get(f"/v1/clients/{mine}", headers=key)).status_code == 200
        listed = await office.client.get("/v1/clients", headers=key)
        assert [one["id"] for one in listed.json()["data"]] == [mine]
        assert (await office.client.get("/v1/me", headers=key)).json()["client_reference"] == "C-1"
        hidden = await office.client.get(f"/v1/clients/{other}", headers=key)
        absent = await office.client.get(f"/v1/clients/{MISSING}", headers=key)
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.json()["detail"].replace(other, MISSING) == absent.json()["detail"]


async def test_a_key_of_contracts_that_is_nobodys_in_particular_sees_every_client(
    office: Office, pool: Pool, clock: Clock
) -> None:
    first = await clients.taken_on(office, pool, clock, "C-1")
    second = await clients.taken_on(office, pool, clock, "C-2")
    key = await keys.headers(pool, clock, KeyRole.CONTRACTS)

    listed = await office.client.get("/v1/clients", headers=key)

    assert [one["id"] for one in listed.json()["data"]] == [first, second]


@pytest.mark.parametrize("who", ["noor", "bram", "otto"])
async def test_only_admins_take_clients_on(office: Office, who: str) -> None:
    body = {"reference": "C-1", "valid_from": "2025-01-01", "terms": clients.terms()}

    refused = await office.client.post("/v1/clients", json=body, headers=getattr(office, who))

    assert refused.status_code == 403
    assert "admin" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("draft", "member"),
    [
        ({"role": "client"}, "client_id"),
        ({"role": "privacy", "client_id": MISSING}, "client_id"),
        ({"role": "client", "client_id": MISSING}, "client_id"),
    ],
)
async def test_a_key_is_bound_to_a_client_only_where_its_role_has_one(
    office: Office, draft: dict[str, str], member: str
) -> None:
    refused = await office.client.post(
        "/v1/access-keys", json={"holder": "Dana", **draft}, headers=office.ada
    )

    assert refused.status_code == 400, refused.text
    assert refused.json()["errors"][0]["member"] == member


async def test_a_region_that_no_place_serves_is_refused_once_places_name_any(
    office: Office, pool: Pool, clock: Clock
) -> None:
    first = await clients.taken_on(office, pool, clock, "FIRST", region="mars")
    used = use()
    used["places"]["main"]["regions"] = {"eu": True}
    await office.added(**terms(uses={"hosting": used}))
    second = await clients.taken_on(office, pool, clock, "SECOND", region="eu")

    refused = await patch(office, second, valid_from="2027-01-01", terms={"region": "mars"})
    kept = await patch(office, first, terms={"name": "Other words"})

    assert (refused.status_code, refused.json()["errors"][0]["member"]) == (400, "terms.region")
    assert refused.json()["errors"][0]["message"].endswith("there are: eu.")
    assert kept.status_code == 200, "what it had chosen already is no fault of a change of its name"


async def test_the_last_contact_for_the_contract_is_replaced_and_never_removed(
    office: Office, pool: Pool, clock: Clock
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    successor = {"name": "Eve", "email": "eve@client.example", "contract": True}

    refused = await patch(office, client_id, valid_from="2027-01-01", terms={"contacts": {"dpo": None}})
    done = await patch(
        office, client_id, valid_from="2027-01-01", terms={"contacts": {"dpo": None, "eve": successor}}
    )

    assert (refused.status_code, refused.json()["errors"][0]["member"]) == (400, "terms.contacts")
    assert "From 2027-01-01 on" in refused.json()["detail"]
    assert done.status_code == 200, done.text


@pytest.mark.parametrize("reference", ["public", "Public"])
async def test_no_client_is_called_what_names_everybody(
    office: Office, pool: Pool, clock: Clock, reference: str
) -> None:
    body = {"reference": reference, "valid_from": "2026-01-01", "terms": clients.terms()}
    refused = await office.client.post("/v1/clients", json=body, headers=office.ada)
    client_id = await clients.taken_on(office, pool, clock)
    renamed = await patch(office, client_id, reference=reference)

    for answer in (refused, renamed):
        assert (answer.status_code, answer.json()["errors"][0]["member"]) == (400, "reference")


async def test_who_is_told_by_mail_alone_is_not_reached_while_no_mail_is_sent(
    office: Office, pool: Pool, clock: Clock, settings: Settings
) -> None:
    client_id = await clients.taken_on(office, pool, clock)
    key, _ = await office.added()
    change: dict[str, Any] = {
        "kind": "material_change",
        "parts": [part(key, "set", "2027-03-01", place("lyon", "Lyon, France"))],
    }
    change_id = (await office.draft(**change)).json()["id"]
    server = Settings.load(
        {"ONWARD_SMTP_URL": "smtp+plain://127.0.0.1:2525", "ONWARD_MAIL_FROM": "a@b.example"}
    )
    found = []
    for smtp in (None, server.smtp):
        app = create_app(replace(settings, smtp=smtp, mail_from=server.mail_from), pool)
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://one") as one:
            shown = await one.get(f"/v1/clients/{client_id}", headers=office.ada)
            review = await one.get(f"/v1/changes/{change_id}/review", headers=office.bram)
        levels = [
            (each["level"], each["message"])
            for each in review.json()["checks"]
            if each["code"] == "client_unreachable"
        ]
        found.append((shown.json()["reachable"], levels))

    (unreached, [(level, message)]), reached = found
    assert (unreached, level) == (False, "warns")
    assert "ONWARD_SMTP_URL" in message
    assert reached == (True, [])
