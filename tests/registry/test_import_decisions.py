"""What a person decides in an import: which checks may block, which names are one, how clients were told."""

from typing import Any

from tests.registry.importing import CODES, actions, listed, report, take
from tests.registry.office import Office, terms

LIST = "Name,Purpose,Location\nAcme GmbH,Hosting,Germany\nBeta Inc.,E-mail,India\n"
OLD = "Name,Purpose,Location\nHelpscout,Answering tickets of customers,USA\nAcme GmbH,Hosting,Germany\n"
NEW = OLD.replace("Helpscout", "Help Scout")


def only(of: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [row for row in of["rows"] if row["name"] == name]
    answer: dict[str, Any] = found
    return answer


async def test_what_blocks_stops_an_import_that_does_not_accept_it(office: Office) -> None:
    tried = await report(office, LIST, commit=False, accept=[])
    refused = await take(office, LIST, accept=[{"code": "flow_down_missing", "reason": "Asked"}])

    assert [(block["code"], block["changes"], block["accepted"]) for block in tried["blocks"]] == [
        ("flow_down_missing", 2, False),
        ("identity_incomplete", 2, False),
        ("transfer_not_covered", 1, False),
    ]
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:onward:problem:checks-block"
    assert "Checks stop 2 of 2 changes" in refused.json()["detail"]
    assert (
        "--accept identity_incomplete --accept transfer_not_covered --reason TEXT" in refused.json()["detail"]
    )
    assert {(fault["row"], fault["member"]) for fault in refused.json()["errors"]} == {
        (2, "identity_incomplete"),
        (3, "identity_incomplete"),
        (3, "transfer_not_covered"),
    }
    assert await listed(office) == []


async def test_what_is_accepted_is_kept_with_each_change_it_stands_against(office: Office) -> None:
    told = await report(office, LIST)

    for made in told["changes"]:
        change = (await office.client.get(f"/v1/changes/{made['id']}", headers=office.otto)).json()
        assert {(one["code"], one["subject"]) for one in change["accepted"]} == {
            (check["code"], check["subject"]) for check in made["checks"]
        }
    assert all(block["accepted"] for block in told["blocks"])


async def test_nothing_is_accepted_without_a_reason_or_under_procurement(office: Office) -> None:
    bare = await take(office, LIST, accept=[{"code": "flow_down_missing"}])
    drafting = await take(
        office, LIST, who=office.noor, accept=[{"code": "flow_down_missing", "reason": "x"}]
    )

    assert (bare.status_code, bare.json()["errors"][0]["member"]) == (400, "accept[0].reason")
    assert (drafting.status_code, drafting.json()["errors"][0]["member"]) == (400, "accept")


async def test_a_past_day_that_alters_today_needs_to_say_how_clients_were_told(office: Office) -> None:
    tried = await report(office, LIST, effective_on="2025-05-01", already_told=None, commit=False)
    refused = await take(office, LIST, effective_on="2025-05-01", already_told=None)
    to_come = await take(office, LIST, already_told={"told_on": "2027-01-01", "how": "By letter"})

    assert any("2 late changes alter the list of today" in note for note in tried["notes"])
    assert refused.status_code == 422
    assert "--already-told" in refused.json()["detail"]
    assert {fault["row"] for fault in refused.json()["errors"]} == {2, 3}
    assert (to_come.status_code, to_come.json()["errors"][0]["member"]) == (400, "already_told.told_on")
    assert await listed(office) == []


async def test_a_past_day_that_leaves_today_as_it_is_needs_nobody_told(office: Office) -> None:
    await report(office, LIST, effective_on="2025-01-01")
    await report(office, LIST.replace("Germany", "France"), effective_on="2025-06-01")
    key = next(row["id"] for row in await listed(office) if row["legal_name"] == "Acme GmbH")
    drafted = await office.draft(
        kind="removed",
        parts=[{"sub_processor_id": key, "operation": "end", "effective_on": "2025-07-01"}],
    )
    await office.publish(drafted.json()["id"])

    past = "Name,Purpose,Location,Notes\nAcme GmbH,Hosting,France,In Paris\n"
    told = await report(office, past, effective_on="2025-06-15", already_told=None, keep_missing=True)

    assert [(change["kind"], change["late"]) for change in told["changes"]] == [("correction", False)]


async def test_two_names_said_to_be_one_are_a_new_name_of_one_record(office: Office) -> None:
    await report(office, OLD, effective_on="2026-01-01")
    [before] = [one for one in await listed(office) if one["legal_name"] == "Helpscout"]

    asked = await report(office, NEW, commit=False, effective_on="2026-02-01")
    told = await report(office, NEW, effective_on="2026-02-01", same={"Helpscout": "Help Scout"})
    again = await report(office, NEW, effective_on="2026-02-02")

    [question] = asked["questions"]
    assert (question["registered"], question["listed"], question["row"]) == ("Helpscout", "Help Scout", 2)
    assert "spelled alike" in question["reason"]
    assert {action for _, action in actions(asked)} == {"add", "remove", "same"}
    assert told["questions"] == []
    assert [(change["kind"], change["name"]) for change in told["changes"]] == [
        ("material_change", "Help Scout")
    ]
    assert "as Bram decided" in only(told, "Help Scout")["problems"][0]
    [after] = [one for one in await listed(office) if one["legal_name"] == "Help Scout"]
    assert after["id"] == before["id"]
    assert again["changes"] == []
    assert [one["legal_name"] for one in await listed(office, "2026-01-15")] == ["Acme GmbH", "Helpscout"]


async def test_a_decision_is_remembered_and_journalled_so_that_nobody_is_asked_again(office: Office) -> None:
    await report(office, OLD, effective_on="2026-01-01")
    await report(office, NEW, who=office.noor, same={"Helpscout": "Help Scout"})

    second = await report(office, NEW, who=office.noor)

    assert second["questions"] == second["changes"] == []
    entries = (await office.client.get("/v1/journal", params={"limit": 200}, headers=office.otto)).json()[
        "data"
    ]
    [decided] = [entry for entry in entries if entry["operation"] == "decided"]
    assert (decided["noun"], decided["noun_id"]) == ("identity", "Helpscout=Help Scout")


async def test_two_names_said_to_be_different_are_never_asked_about_again(office: Office) -> None:
    await report(office, OLD, effective_on="2026-01-01")
    told = await report(office, NEW, effective_on="2026-02-01", different={"Helpscout": "Help Scout"})
    back = await report(office, OLD, effective_on="2026-03-01")

    assert told["questions"] == back["questions"] == []
    assert [change["kind"] for change in told["changes"]] == ["added", "removed"]


async def test_a_dry_run_remembers_nothing(office: Office) -> None:
    await report(office, OLD, effective_on="2026-01-01")
    await report(office, NEW, commit=False, same={"Helpscout": "Help Scout"})

    assert len((await report(office, NEW, commit=False))["questions"]) == 1


async def test_one_that_another_took_over_ends_in_one_change_with_what_that_one_gets(office: Office) -> None:
    before = "Name,Purpose,Location\nTwilio Inc.,Sending SMS,USA\nSegment,Customer data platform,USA\n"
    after = "Name,Purpose,Location\nTwilio Inc.,Sending SMS,USA\nTwilio Inc.,Customer data platform,USA\n"
    await report(office, before, effective_on="2026-01-01")

    told = await report(office, after, effective_on="2026-02-01", same={"Segment": "Twilio Inc."})

    assert [(change["kind"], change["name"]) for change in told["changes"]] == [("replaced", "Twilio Inc.")]
    assert "taken over by “Twilio Inc.”, as Bram decided" in only(told, "Segment")["problems"][0]
    [left] = await listed(office, "2026-02-01")
    assert {use["purpose"] for use in left["uses"]} == {"Sending SMS", "Customer data platform"}


async def test_likely_names_are_asked_about_with_what_speaks_for_it(office: Office) -> None:
    before = (
        "Name,Purpose,Location\nGoogle Apps,E-mail,USA\nSegment,Analytics,USA\nOld Ltd,Mail,UK\n"
        "Intercom,Chat with our customers,USA\n"
    )
    after = (
        "Name,Purpose,Location\nGoogle Cloud Platform,Hosting,USA\nTwilio Segment,Analytics,USA\n"
        "Fresh plc (formerly Old Ltd),Mail,UK\nChatty GmbH,Chat with our customers,Germany\n"
    )
    await report(office, before, effective_on="2026-01-01")

    told = await report(office, after, commit=False)

    assert {(one["registered"], one["listed"]): one["reason"] for one in told["questions"]} == {
        ("Google Apps", "Google Cloud Platform"): "their names begin with the same word",
        ("Segment", "Twilio Segment"): "one of the names is part of the other",
        ("Old Ltd", "Fresh plc"): "the list says so in its name",
        ("Intercom", "Chatty GmbH"): "nobody else has the purpose that both have, word for word",
    }


async def test_a_decision_about_a_name_that_is_nowhere_is_refused(office: Office) -> None:
    await report(office, OLD)

    nowhere = await take(office, NEW, same={"Helpscowt": "Help Scout"})
    both = await take(office, NEW, same={"Helpscout": "Help Scout"}, different={"Help Scout": "Helpscout"})
    one = await take(office, NEW, same={"Acme": "Acme GmbH"})

    assert [answer.status_code for answer in (nowhere, both, one)] == [400, 400, 400]
    assert "“Helpscowt” is neither on the list nor on the register" in nowhere.json()["detail"]
    assert "same and different" in both.json()["detail"]
    assert "compared as one name anyway" in one.json()["detail"]


async def test_facts_of_a_vendor_that_the_list_has_otherwise_are_drafted_with_its_terms(
    office: Office,
) -> None:
    head = "Name,Purpose,Location,Headquarters,Website\n"
    await report(office, f"{head}Acme GmbH,Hosting,Germany,,\n", effective_on="2026-01-01")

    named = f"{head}Acme GmbH,Hosting,Germany,Austria,https://acme.example\n"
    told = await report(office, named, effective_on="2026-02-01")
    again = await report(office, named, effective_on="2026-02-02")
    waiting = [
        await report(office, named.replace("acme.example", "acme.example/de"), who=office.noor)
        for _ in range(2)
    ]
    several = await report(
        office, f"{named}Acme GmbH,Support,Germany,Italy,https://acme.example\n", commit=False
    )

    assert [change["kind"] for change in told["changes"]] == ["material_change"]
    assert "country of establishment becomes “AT”; the register has none" in told["rows"][0]["problems"][0]
    facts = (await office.client.get("/v1/organisations", headers=office.otto)).json()["data"][-1]["facts"]
    assert (facts["country"], facts["website"]) == ("AT", "https://acme.example")
    assert again["changes"] == []
    assert [len(each["changes"]) for each in waiting] == [1, 0]
    assert "says this of the organisation already" in " ".join(waiting[1]["rows"][0]["problems"])
    assert "several for its country of establishment: “AT”, “IT”" in " ".join(several["rows"][0]["problems"])


async def test_accepting_more_than_stands_against_the_list_is_no_fault(office: Office) -> None:
    told = await report(
        office, LIST, accept=[{"code": code, "reason": "x"} for code in (*CODES, "chain_cycle")]
    )

    assert len(told["changes"]) == 2


async def test_what_starts_on_the_very_day_is_withdrawn_as_if_it_had_never_been(office: Office) -> None:
    await report(office, LIST)
    shorter = LIST.replace("Beta Inc.,E-mail,India\n", "")

    waiting = [await report(office, shorter, who=office.noor) for _ in range(2)]
    draft = f"/v1/changes/{waiting[0]['changes'][0]['id']}"
    await office.client.delete(draft, headers={**office.noor, "If-Match": "*"})
    told = await report(office, shorter)

    assert [len(each["changes"]) for each in waiting] == [1, 0]
    assert [(change["kind"], change["name"]) for change in told["changes"]] == [("withdrawal", "Beta Inc.")]
    assert actions(told) == [(2, "same"), (None, "remove")]
    assert "Change 2, which starts it, is withdrawn" in told["rows"][1]["problems"][0]
    assert [one["legal_name"] for one in await listed(office)] == ["Acme GmbH"]
    assert [one["legal_name"] for one in await listed(office, "2027-01-01")] == ["Acme GmbH"]
    back = await report(office, LIST)
    assert [(change["kind"], change["name"]) for change in back["changes"]] == [("added", "Beta Inc.")]


async def test_claimed_safeguards_are_taken_over_as_claims_and_contradictions_pointed_out(
    office: Office,
) -> None:
    content = (
        "Name,Purpose,Location,Transfer mechanism\n"
        'Acme Inc.,Hosting,USA,"SCCs 2021/914 (Module 3)"\n'
        "Beta Ltd,Support,India,Adequacy decision\nGamma Inc.,Mail,USA,No transfer\nDelta Inc.,Chat,USA,DPA signed\n"
    )

    told = await report(office, content, effective_on="2026-01-01")
    again = await report(office, content, effective_on="2026-02-01")

    rows = {row["name"]: " ".join(row["problems"]) for row in told["rows"]}
    assert "read as a claim of standard contractual clauses" in rows["Acme Inc."]
    assert "India" in rows["Beta Ltd"]
    assert "says that nothing is transferred" in rows["Gamma Inc."]
    assert "names no ground of a transfer" in rows["Delta Inc."] or "not understood" in rows["Delta Inc."]
    key = next(one["id"] for one in await listed(office) if one["legal_name"] == "Acme Inc.")
    [period] = await office.terms(key)
    [safeguard] = period["terms"]["safeguards"].values()
    assert (safeguard["tool"]["type"], safeguard["tool"]["module"]) == ("scc", 3)
    assert "evidenced_on" not in safeguard
    assert again["changes"] == []


async def test_a_claim_never_takes_the_place_of_what_is_evidenced(office: Office) -> None:
    proven = {
        "tool": {"type": "scc", "set": "2021/914", "module": 2, "concluded_on": "2025-01-01"},
        "evidenced_on": "2025-02-01",
    }
    key, _ = await office.added("Acme GmbH", **terms(safeguards={"contract": proven}))
    head = "Name,Purpose,Location,Transfer mechanism\n"

    same = await report(office, f"{head}Acme GmbH,Hosting,Germany,SCCs 2021/914 (Module 3)\n")
    more = await report(office, f'{head}Acme GmbH,Hosting,Germany,"SCCs 2021/914, BCR"\n')

    assert same["changes"] == []
    assert [change["kind"] for change in more["changes"]] == ["material_change"]
    safeguards = (await office.terms(key))[-1]["terms"]["safeguards"]
    assert safeguards["contract"]["evidenced_on"] == "2025-02-01"
    assert {safeguard["tool"]["type"]: safeguard.get("position", 1) for safeguard in safeguards.values()} == {
        "scc": 1,
        "bcr": 2,
    }
