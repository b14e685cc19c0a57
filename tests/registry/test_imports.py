"""Taking over published lists: every row taken or reported, all or nothing, and the same list twice is nothing."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.registry.importing import CODES, actions, listed, report, take
from tests.registry.office import Office

LISTS = Path(__file__).with_name("lists")
NAMES = ("anthropic", "gestrip", "polar", "range-labs", "sourcegraph", "tailscale", "zed")


@pytest.mark.parametrize("name", NAMES)
async def test_every_row_of_a_published_list_is_taken_and_a_second_import_changes_nothing(
    office: Office, name: str
) -> None:
    content = (LISTS / f"{name}.csv").read_text()

    first = await report(office, content)
    changes = (await office.client.get("/v1/changes")).json()
    second = await report(office, content)

    assert first["summary"]["add"] == first["summary"]["rows"] == len(first["rows"])
    assert len({row["name"] for row in first["rows"]}) == len(await listed(office)) == len(changes["data"])
    for row in first["rows"]:
        open_places = [place for place in row["places"] if not (place["country"] or place["group"])]
        assert len(
            [problem for problem in row["problems"] if "place" in problem and "established" not in problem]
        ) == len(open_places)
    assert {action for _, action in actions(second)} == {"same"}
    assert second["changes"] == []
    assert (await office.client.get("/v1/changes")).json() == changes


async def test_a_dry_run_says_the_same_and_writes_nothing(office: Office) -> None:
    content = (LISTS / "anthropic.csv").read_text()

    tried = await report(office, content, commit=False)
    assert (await listed(office), (await office.client.get("/v1/services")).json()["data"]) == ([], [])
    done = await report(office, content)

    assert tried["committed"] is False
    assert [row["action"] for row in tried["rows"]] == [row["action"] for row in done["rows"]]
    assert [row["problems"] for row in tried["rows"]] == [row["problems"] for row in done["rows"]]
    assert [change["kind"] for change in tried["changes"]] == [change["kind"] for change in done["changes"]]
    assert all(change["id"] is None and change["number"] is None for change in tried["changes"])


async def test_a_place_that_is_not_understood_is_kept_as_text_and_needs_review(office: Office) -> None:
    told = await report(office, (LISTS / "polar.csv").read_text())

    [row] = [row for row in told["rows"] if row["name"] == "Vercel, Inc."]
    assert [(place["text"], place["country"]) for place in row["places"]] == [("Distributed", None)]
    assert "“Distributed” is kept as it is written" in row["problems"][0]
    [shown] = [one for one in await listed(office) if one["legal_name"] == "Vercel, Inc."]
    assert [(place["text"], place["verdict"]) for place in shown["uses"][0]["places"]] == [
        ("Distributed", "needs_review")
    ]


async def test_rows_of_one_entity_are_uses_of_one_sub_processor(office: Office) -> None:
    await report(office, (LISTS / "sourcegraph.csv").read_text())

    [google] = [one for one in await listed(office) if one["legal_name"] == "Google"]
    uses = {use["purpose"]: use["services"] for use in google["uses"]}
    assert uses == {
        "Provides cloud hosting (Google Cloud Platform)": ["Sourcegraph Cloud Managed Instance"],
        "Processes customer support communication (G Suite)": ["Sourcegraph Cloud Managed Instance On Prem"],
    }


async def test_products_become_services_and_exceptions_are_all_the_others(office: Office) -> None:
    await report(office, (LISTS / "anthropic.csv").read_text())

    services = {
        one["legal_name"]: {name for use in one["uses"] for name in use["services"]}
        for one in await listed(office)
    }
    others = {"Claude Pro/Max", "Claude Developer Platform", "Claude for Work"}
    assert services["Cloudflare"] == set()
    assert services["Stripe"] == others
    assert services["WorkOS"] == {"Claude for Work", "Claude Developer Platform"}
    assert services["Nutun"] == others


async def test_a_group_with_members_in_law_is_a_place(office: Office) -> None:
    await report(office, (LISTS / "tailscale.csv").read_text())

    [vultr] = [one for one in await listed(office) if one["legal_name"] == "Vultr"]
    assert {(place["text"], place["country"], place["group"]) for place in vultr["uses"][0]["places"]} == {
        ("United States", "US", None),
        ("European Economic Area", None, "EEA"),
    }


LIST = "Name,Purpose,Location\nAcme GmbH,Hosting,Germany\nBeta Inc.,E-mail,USA\n"


async def test_a_list_that_has_moved_on_becomes_changes_of_each_kind(office: Office) -> None:
    await report(office, LIST, effective_on="2026-01-01")
    moved = (
        'Name,Purpose,Location\nAcme,Hosting,"Germany, India"\nAcme,Support,Germany\nGamma Ltd,Analytics,UK\n'
    )

    told = await report(office, moved, effective_on="2026-02-01")

    assert actions(told) == [(2, "change"), (3, "change"), (4, "add"), (None, "remove")]
    assert [(change["kind"], change["name"]) for change in told["changes"]] == [
        ("material_change", "Acme"),
        ("added", "Gamma Ltd"),
        ("removed", "Beta Inc."),
    ]
    assert "on the register as “Acme GmbH”" in told["rows"][0]["problems"][0]
    assert [one["legal_name"] for one in await listed(office, "2026-01-31")] == ["Acme GmbH", "Beta Inc."]
    assert [one["legal_name"] for one in await listed(office, "2026-02-01")] == ["Acme GmbH", "Gamma Ltd"]
    [acme] = [one for one in await listed(office) if one["legal_name"] == "Acme GmbH"]
    assert {use["key"]: [place["text"] for place in use["places"]] for use in acme["uses"]} == {
        "hosting": ["Germany", "India"],
        "support": ["Germany"],
    }


async def test_other_words_for_the_same_thing_are_a_correction(office: Office) -> None:
    await report(office, LIST, effective_on="2026-01-01")

    told = await report(
        office, LIST.replace("USA", "United States").replace("Hosting", "hosting"), effective_on="2026-01-02"
    )

    assert [(change["kind"], change["name"]) for change in told["changes"]] == [
        ("correction", "Acme GmbH"),
        ("correction", "Beta Inc."),
    ]


async def test_what_the_list_does_not_speak_of_is_left_alone(office: Office) -> None:
    key, _ = await office.added("Acme GmbH")
    [before] = await office.terms(key)

    told = await report(office, 'Name,Purpose,Location\nAcme,Hosting,"Germany, France"\n')

    assert actions(told) == [(2, "change")]
    [_, after] = await office.terms(key)
    assert after["terms"]["obligations"] == before["terms"]["obligations"]
    assert after["terms"]["uses"]["hosting"]["places"]["main"]["role"] == "storage"
    assert after["terms"]["uses"]["hosting"]["data"] == before["terms"]["uses"]["hosting"]["data"]


async def test_a_part_of_a_list_ends_nothing_when_told_so(office: Office) -> None:
    await report(office, LIST)

    told = await report(office, "Name,Purpose,Location\nGamma Ltd,Analytics,UK\n", keep_missing=True)

    assert actions(told) == [(2, "add")]
    assert len(await listed(office)) == 3


async def test_one_that_comes_back_is_added_again(office: Office) -> None:
    await report(office, LIST, effective_on="2026-01-01")
    await report(office, LIST.replace("Beta Inc.,E-mail,USA\n", ""), effective_on="2026-02-01")

    told = await report(office, LIST, effective_on="2026-03-01")

    assert [(change["kind"], change["name"]) for change in told["changes"]] == [("added", "Beta Inc.")]
    assert len(await listed(office, "2026-02-15")) == 1
    assert len(await listed(office, "2026-03-01")) == 2


async def test_entities_of_one_name_and_several_legal_forms_stay_apart(office: Office) -> None:
    content = "Name,Location\nSnow GmbH,Germany\nSnow Pty Ltd,Australia\nSnow Inc.,USA\n"

    await report(office, content)

    assert {one["legal_name"] for one in await listed(office)} == {"Snow GmbH", "Snow Pty Ltd", "Snow Inc."}
    assert {action for _, action in actions(await report(office, content))} == {"same"}


async def test_under_procurement_the_changes_are_drafts_for_another_person(office: Office) -> None:
    told = await report(office, LIST, who=office.noor)

    assert [(change["state"], change["number"]) for change in told["changes"]] == [("draft", None)] * 2
    assert {check["code"] for change in told["changes"] for check in change["checks"]} == {
        "flow_down_missing",
        "identity_incomplete",
    }
    assert await listed(office) == []
    for change in told["changes"]:
        assert (await office.publish(change["id"])).status_code == 201
    assert len(await listed(office)) == 2


async def test_under_privacy_one_person_did_both_and_the_journal_says_so(office: Office) -> None:
    accept = [{"code": "flow_down_missing"}, {"code": "identity_incomplete", "reason": "Asked on Monday"}]
    told = await report(office, LIST, reason="Taken over from our old page", accept=accept)

    entries = (await office.client.get("/v1/journal", params={"limit": 200}, headers=office.otto)).json()[
        "data"
    ]
    assert [entry["operation"] for entry in entries].count("published_alone") == 2
    change = (await office.client.get(f"/v1/changes/{told['changes'][0]['id']}", headers=office.otto)).json()
    assert change["drafted_by"] == change["published_by"]
    assert {(one["code"], one["reason"]) for one in change["accepted"]} == {
        ("flow_down_missing", "Taken over from our old page"),
        ("identity_incomplete", "Asked on Monday"),
    }


async def test_a_past_day_is_late_and_may_say_how_clients_were_told(office: Office) -> None:
    told = await report(
        office,
        LIST,
        effective_on="2025-05-01",
        already_told={"told_on": "2025-04-01", "how": "By the page"},
    )

    assert all(change["late"] for change in told["changes"])
    change = (await office.client.get(f"/v1/changes/{told['changes'][0]['id']}", headers=office.otto)).json()
    assert change["already_told"]["how"] == "By the page"
    assert [one["added_on"] for one in await listed(office)] == ["2025-05-01", "2025-05-01"]


async def test_a_row_without_a_name_stops_the_import_unless_it_is_left_out_on_purpose(office: Office) -> None:
    content = "Name,Purpose,Location\nAcme GmbH,Hosting,Germany\n,E-mail,USA\n"

    refused = await take(office, content)
    assert await listed(office) == []
    told = await report(office, content, skip_rejected=True)

    assert refused.status_code == 422
    [fault] = refused.json()["errors"]
    assert (fault["row"], "name is missing" in fault["message"]) == (3, True)
    assert actions(told) == [(2, "add"), (3, "reject")]
    assert len(await listed(office)) == 1


async def test_an_import_that_contradicts_a_later_change_is_refused_whole(office: Office) -> None:
    await report(office, LIST, effective_on="2026-01-01")
    await report(office, LIST.replace("Hosting,Germany", "Hosting,France"), effective_on="2026-03-01")
    changes = (await office.client.get("/v1/changes")).json()

    refused = await take(
        office,
        LIST.replace("Hosting,Germany", "Hosting,Spain").replace("USA", "Canada"),
        effective_on="2026-02-01",
    )

    assert refused.status_code == 409
    assert "Acme GmbH (row 2)" in refused.json()["detail"]
    assert (await office.client.get("/v1/changes")).json() == changes


async def test_a_repeat_with_its_idempotency_key_finds_what_was_done(office: Office) -> None:
    accept = [{"code": code, "reason": "Known"} for code in CODES]
    body = {"name": "list.csv", "content": LIST, "commit": True, "accept": accept}
    headers = {**office.bram, "Idempotency-Key": "one"}

    first = await office.client.post("/v1/imports", json=body, headers=headers)
    repeat = await office.client.post("/v1/imports", json=body, headers=headers)

    assert first.json() == repeat.json()
    assert repeat.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ({"content": "Colour\nred\n"}, 400, "Map one of them to `name`"),
        ({"columns": {"Name": "colour"}}, 400, "is no column"),
        ({"effective_on": "2026-02-30"}, 400, "effective_on"),
        ({"unheard": True}, 400, "unheard"),
        ({"services": {"Not A Key": True}}, 400, "services"),
    ],
)
async def test_bad_input_is_refused_with_the_remedy(
    office: Office, change: dict[str, Any], status: int, told: str
) -> None:
    refused = await take(office, **{"content": LIST, **change})

    assert refused.status_code == status
    assert told in refused.text
    assert await listed(office) == []


async def test_auditors_and_the_public_import_nothing(office: Office) -> None:
    assert (await take(office, LIST, who=office.otto)).status_code == 403
    assert (await office.client.post("/v1/imports", json={"name": "a", "content": "b"})).status_code == 401


async def test_a_written_place_is_read_over_http(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/places", params={"text": "EU, US"})

    assert answer.json() == {
        "text": "EU, US",
        "status": "unbounded",
        "places": [{"country": "US", "subdivision": None, "city": None, "cloud_region": None}],
        "groups": ["EU"],
        "note": "EU is a group of countries, not one of them",
    }
    assert (await client.get("/v1/places")).status_code == 400
    assert (await client.get("/v1/places", params={"text": ""})).status_code == 400


async def test_a_written_place_may_have_several_lines(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/places", params={"text": "Canada\r\nPhilippines\tManila"})

    assert [place["country"] for place in answer.json()["places"]] == ["CA", "PH"]
    assert (await client.get("/v1/places", params={"text": "Canada\x00"})).status_code == 400


async def test_a_long_list_is_taken_whole(office: Office) -> None:
    content = "Name,Location\n" + "".join(f"Vendor {number},Germany\n" for number in range(601))

    told = await report(office, content)
    again = await report(office, content)

    assert [change["number"] for change in told["changes"]] == list(range(1, 602))
    journal = await office.client.get(
        "/v1/journal", params={"after": 1600, "limit": 200}, headers=office.otto
    )
    assert journal.json()["verified"]
    assert again["summary"]["same"] == 601


async def test_type_option_seat_and_links_of_a_row_are_taken(office: Office) -> None:
    content = (
        "Entity name,Purpose,Location,Corporate location,Type,Optional,DPA,Their sub-processors,Website\n"
        "Acme Inc.,Support desk,Ireland,United States,Support,yes,"
        "https://acme.example/dpa,https://acme.example/subs,https://acme.example\n"
    )

    await report(office, content)

    [acme] = await listed(office)
    [use] = acme["uses"]
    assert (acme["country"], use["places"][0]["country"]) == ("US", "IE")
    assert (use["type"], use["optional"]) == ("support", True)
    assert acme["website"] == "https://acme.example"
    assert acme["sub_processors_url"] == "https://acme.example/subs"
    assert {action for _, action in actions(await report(office, content))} == {"same"}


async def test_sections_of_a_page_are_types_where_they_say_so_and_services_elsewhere(office: Office) -> None:
    content = (
        "Name,Purpose,Location,Section\n"
        "Acme GmbH,Hosting,Germany,Infrastructure Subprocessors\n"
        "Beta Inc.,E-mail,USA,Optional sub-processors for additional services\n"
        "Gamma Ltd,Payment,UK,Shop\n"
    )

    await report(office, content)

    uses = {one["legal_name"]: one["uses"][0] for one in await listed(office)}
    assert (uses["Acme GmbH"]["type"], uses["Acme GmbH"]["services"]) == ("infrastructure", [])
    assert (uses["Beta Inc."]["optional"], uses["Beta Inc."]["services"]) == (True, [])
    assert uses["Gamma Ltd"]["services"] == ["Shop"]


async def test_a_likely_rename_is_asked_about_and_not_decided(office: Office) -> None:
    await report(office, "Name,Location\nHelpscout,USA\nAcme GmbH,Germany\n", effective_on="2026-01-01")

    told = await report(office, "Name,Location\nHelp Scout,USA\nAcme GmbH,Germany\n", commit=False)

    assert actions(told) == [(2, "add"), (3, "same"), (None, "remove")]
    assert "Is it “Helpscout” under another name?" in told["rows"][0]["problems"][-1]
    assert "Is it “Help Scout” under another name?" in told["rows"][2]["problems"][-1]
