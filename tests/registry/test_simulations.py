"""POST /v1/simulations: what would turn if the law changed, and where it would land."""

import random
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.actions import simulations
from registry.actions import world as worlds
from registry.clock import Clock
from registry.database import Pool
from registry.rules.hops import hops
from registry.rules.simulations import of_register
from registry.rules.timelines import said
from registry.rules.transfers import judge
from tests.registry import clients
from tests.registry.office import Office, part, terms, use
from tests.transfers.strategies import bodies, days, read
from transfers import assess, load_law
from transfers.simulation import Add, Amend, End
from transfers.vocabulary import Regime

LAW = load_law()
TODAY = date(2026, 11, 24)
PATH = "/v1/simulations"
END_DPF = {"type": "end", "decision": "32023D1795", "last_day": "2027-02-28"}
KENYA: dict[str, Any] = {
    "id": "eu-ke",
    "regime": "eu_gdpr",
    "title": "Kenya",
    "codes": ["KE"],
    "event": "Decision for Kenya",
    "scope": "All recipients.",
    "first_day": "2027-01-01",
    "source": "https://eur-lex.europa.eu/",
    "checked_on": "2026-11-23",
    "sure": "unsure",
}
CLAUSES: dict[str, Any] = {
    "type": "scc",
    "set": "2021/914",
    "module": 3,
    "concluded_on": "2025-05-01",
    "annexes_complete": True,
    "processing_unchanged": True,
    "clauses_modified": False,
    "tia": {"outcome": "adequate", "completed_on": "2026-09-01"},
}
CERTIFIED = {
    "certifications_known": True,
    "certifications": {"dpf": {"framework": "eu_us_dpf", "status": "active"}},
}


def facts(country: str, safeguards: tuple[Any, ...] = (), **importer: Any) -> dict[str, Any]:
    return {
        "exporter": {"country": "DE", "role": "processor"},
        "importer": {"country": country, "role": "processor", **importer},
        "safeguards": list(safeguards),
    }


LISTED: dict[str, Any] = {"certifications": [{"framework": "eu_us_dpf", "status": "active"}]}


async def simulated(client: AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    found = dict(answer.json())
    assert all(unlike(one) for one in found["turned_facts"])
    return found


def unlike(turn: dict[str, Any]) -> bool:
    """Whether what is shown of a turn differs in more than its end."""
    before, after = ({**turn[side], "valid_until": None} for side in ("before", "after"))
    return before != after


async def american(office: Office, name: str, **members: Any) -> str:
    """A vendor in the United States that stands on the list of the Data Privacy Framework."""
    key, _ = await office.added(name, **terms("United States", **members))
    listed = await office.client.get("/v1/organisations", params={"limit": 200}, headers=office.otto)
    [owner] = [one["id"] for one in listed.json()["data"] if one["facts"]["legal_name"] == name]
    part = {
        "organisation_id": owner,
        "operation": "set",
        "effective_on": "2026-01-02",
        "patch": CERTIFIED,
    }
    await office.published(kind="material_change", parts=[part])
    return key


async def test_the_end_of_a_decision_says_what_turns_when_and_on_which_rung_it_lands(
    client: AsyncClient,
) -> None:
    rows = [facts("US", **LISTED), facts("FR"), facts("US", (CLAUSES,), **LISTED), facts("CH")]
    answer = await simulated(client, changes=[END_DPF], facts=rows)

    assert (answer["as_of"], answer["looked_at"]) == ("2026-11-24", 4)
    assert [one["index"] for one in answer["turned_facts"]] == [0, 2]
    bare, fallback = answer["turned_facts"]
    assert {one["day"] for one in (bare, fallback)} == {"2027-03-01"}
    assert bare["before"]["relied_on"] == {"kind": "adequacy", "decision": "eu-us-dpf-2023"}
    assert (bare["after"]["verdict"], bare["after"]["relied_on"]) == ("not_covered", None)
    assert fallback["after"]["verdict"] == "covered_by_safeguard"
    assert fallback["after"]["relied_on"] == {"kind": "safeguard", "index": 0}
    assert answer["turned_transfers"] == answer["sub_processors"] == answer["services"] == []
    assert answer["law_edition"] != answer["simulated_edition"]


async def test_a_decision_that_is_added_and_a_scope_that_is_amended_turn_facts(client: AsyncClient) -> None:
    rows = [facts("KE"), facts("KR", kind="public")]
    scope = {
        "type": "amend",
        "decision": "eu-kr-2021",
        "members": {"public_bodies": "outside", "conditional": True},
    }
    answer = await simulated(client, changes=[{"type": "add", "decision": KENYA}, scope], facts=rows)

    assert [
        (one["index"], one["day"], one["before"]["verdict"], one["after"]["verdict"])
        for one in answer["turned_facts"]
    ] == [
        (0, "2027-01-01", "not_covered", "covered_by_adequacy"),
        (1, "2026-11-24", "covered_by_adequacy", "not_covered"),
    ]


async def test_over_the_register_it_names_transfers_sub_processors_and_services(office: Office) -> None:
    client = office.client
    for key in ("mail", "files"):
        made = await client.post("/v1/services", json={"key": key, "name": key.title()}, headers=office.noor)
        assert made.status_code == 201
    served = use("United States") | {"services": {"mail": True}}
    bare = await american(office, "Bare Inc.", uses={"hosting": served})
    bound = await american(office, "Bound Inc.", safeguards={"scc": {"tool": CLAUSES}})
    await office.added("Near GmbH")

    answer = await client.post(PATH, json={"changes": [END_DPF]}, headers=office.otto)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    by_name = {one["sub_processor"]: one for one in found["turned_transfers"]}

    assert found["looked_at"] == 3
    assert set(by_name) == {"Bare Inc.", "Bound Inc."}
    assert {one["id"] for one in found["sub_processors"]} == {bare, bound}
    assert by_name["Bare Inc."]["services"] == ["mail"]
    assert by_name["Bare Inc."]["after"]["verdict"] == "not_covered"
    assert by_name["Bare Inc."]["carried_by"] is None
    assert by_name["Bound Inc."]["services"] == ["files", "mail"], "a use without services is for all"
    assert by_name["Bound Inc."]["after"]["verdict"] == "covered_by_safeguard"
    assert by_name["Bound Inc."]["carried_by"].startswith("standard contractual clauses")
    assert by_name["Bound Inc."]["day"] == "2027-03-01"
    assert [one["key"] for one in found["services"]] == ["files", "mail"]
    assert found["clients"] == []
    # The law at hand is as it was.
    one = await client.get(
        f"/v1/transfers/{by_name['Bare Inc.']['id']}?as_of=2027-03-01", headers=office.otto
    )
    assert one.json()["verdict"] == "covered_by_adequacy"


async def test_a_group_and_a_chain_turn_with_what_they_rest_on(office: Office) -> None:
    await american(office, "Listed Inc.")
    listed = await office.client.get("/v1/organisations", params={"limit": 200}, headers=office.otto)
    [organisation] = [one for one in listed.json()["data"] if one["facts"]["legal_name"] == "Listed Inc."]
    part = {
        "organisation_id": organisation["id"],
        "operation": "set",
        "effective_on": "2026-01-03",
        "patch": {"country": "US"},
    }
    await office.published(kind="material_change", parts=[part])
    handed = {"engaged_by": {organisation["id"]: True}, "agreement": {"status": "incorporated"}}
    await office.added("Deep Co", **terms("India", **handed))
    await office.added("Union SA", **terms("EU"))

    answer = await office.client.post(PATH, json={"changes": [END_DPF]}, headers=office.otto)
    turned = {one["sub_processor"]: one for one in answer.json()["turned_transfers"]}

    assert set(turned) == {"Listed Inc.", "Deep Co"}
    assert turned["Deep Co"]["before"]["verdict"] == "covered_by_safeguard"
    assert turned["Deep Co"]["after"]["verdict"] == "not_covered"


async def test_terms_that_are_published_to_come_are_counted(office: Office) -> None:
    """A safeguard that ends with its terms before the decision does carries nothing; a ghost turns nothing."""
    ended = await american(office, "Ended Inc.", safeguards={"scc": {"tool": CLAUSES}})
    await office.alter(ended, "2027-02-01", {"safeguards": {"scc": None}})
    brought = await american(office, "Brought Inc.")
    await office.alter(brought, "2027-06-01", {"safeguards": {"scc": {"tool": CLAUSES}}})
    gone = await american(office, "Gone Inc.")
    await office.published(kind="removed", parts=[part(gone, "end", "2027-03-01")])
    planned, _ = await office.added("Planned Inc.", day="2028-01-01", **terms("United States"))
    listed = await office.client.get("/v1/organisations", params={"limit": 200}, headers=office.otto)
    [owner] = [one["id"] for one in listed.json()["data"] if one["facts"]["legal_name"] == "Planned Inc."]
    certified = {
        "organisation_id": owner,
        "operation": "set",
        "effective_on": "2028-02-01",
        "patch": CERTIFIED,
    }
    await office.published(kind="material_change", parts=[certified])

    answer = await office.client.post(PATH, json={"changes": [END_DPF]}, headers=office.otto)
    found = answer.json()
    by_name = {one["sub_processor"]: one for one in found["turned_transfers"]}

    assert found["looked_at"] == 4
    assert set(by_name) == {"Ended Inc.", "Brought Inc.", "Planned Inc."}
    assert by_name["Ended Inc."]["after"]["verdict"] == "not_covered"
    assert by_name["Ended Inc."]["after"]["valid_until"] is None
    assert [(turn["first_day"], turn["before"]["verdict"]) for turn in by_name["Planned Inc."]["turns"]] == [
        ("2028-01-01", "needs_review"),
        ("2028-02-01", "covered_by_adequacy"),
    ]
    assert by_name["Planned Inc."]["sub_processor_id"] == planned
    assert [
        (turn["first_day"], turn["until"], turn["after"]["verdict"], turn["after"]["valid_until"])
        for turn in by_name["Brought Inc."]["turns"]
    ] == [
        ("2027-03-01", "2027-05-31", "not_covered", "2027-05-31"),
        ("2027-06-01", None, "covered_by_safeguard", None),
    ]
    assert by_name["Brought Inc."]["before"]["valid_until"] is None


async def test_it_is_the_difference_of_two_timelines_on_every_day(office: Office, pool: Pool) -> None:
    await american(office, "Bare Inc.")
    bound = await american(office, "Bound Inc.", safeguards={"scc": {"tool": CLAUSES}})
    await office.alter(bound, "2029-01-01", {"safeguards": {"scc": None}})
    await office.added("London Ltd", **terms("United Kingdom"))
    await office.added("Union SA", **terms("EU"))
    await office.added("Far Ltd", day="2027-09-01", **terms("India"))
    changes = [
        End(decision="eu-us-dpf-2023", last_day=date(2028, 5, 5)),
        End(decision="eu-gb-2021", last_day=date(2027, 1, 1)),
    ]
    laws = simulations.laws(LAW, changes)
    async with pool.acquire() as db:
        world = await worlds.read(db)
        found = {one.id: one for one in of_register(world, laws, TODAY).transfers}
    chosen = random.Random(3)
    edges = {turn.first_day for one in found.values() for turn in one.turns}
    looked = {edge + timedelta(days=step) for edge in edges for step in (-1, 0)}
    looked |= {TODAY + timedelta(days=chosen.randrange(4000)) for _ in range(25)}

    for day in sorted(looked):
        for hop in hops(world, day, LAW):
            now, then = judge(hop, day, laws.now), judge(hop, day, laws.then)
            turns = found[hop.id].turns if hop.id in found else ()
            there = [one for one in turns if one.first_day <= day and (one.until is None or day <= one.until)]
            if said(now) == said(then):
                assert there == [], day
                continue
            [turn] = there
            assert (turn.before.verdict, turn.after.verdict) == (now.verdict, then.verdict), day


async def test_it_names_the_clients_whose_data_go_there(office: Office, pool: Pool, clock: Clock) -> None:
    for key in ("mail", "files"):
        made = await office.client.post(
            "/v1/services", json={"key": key, "name": key.title()}, headers=office.noor
        )
        assert made.status_code == 201
    served = use("United States") | {"services": {"mail": True}}
    optional = use("United States") | {"services": {"files": True}, "optional": True}
    await american(office, "Mail Inc.", uses={"hosting": served, "extra": optional})
    mail = await clients.taken_on(office, pool, clock, "C-MAIL", services={"mail": True})
    whole = await clients.taken_on(office, pool, clock, "C-ALL")
    await clients.taken_on(office, pool, clock, "C-FILES", services={"files": True})

    answer = await office.client.post(PATH, json={"changes": [END_DPF]}, headers=office.otto)
    found = answer.json()
    by_use = {one["services"][0]: one for one in found["turned_transfers"]}

    assert set(by_use["mail"]["clients"]) == {mail, whole}
    assert by_use["files"]["clients"] == [], "an option that nobody switched on"
    assert [one["reference"] for one in found["clients"]] == ["C-MAIL", "C-ALL"]


async def test_rules_that_come_with_a_clients_data_are_looked_at_too(
    office: Office, pool: Pool, clock: Clock
) -> None:
    """What ends under British rules turns nothing of a Belgian register, save for a British client's data."""
    await office.added("Seoul Ltd", **terms("South Korea"))
    british = await clients.taken_on(office, pool, clock, "C-UK", country="GB")
    await clients.taken_on(office, pool, clock, "C-BE")
    [korea] = [one.id for one in LAW.decisions(Regime.UK_GDPR) if "KR" in one.codes and one.last_day is None]
    body = {"changes": [{"type": "end", "decision": korea, "last_day": "2027-01-31"}]}

    answer = await office.client.post(PATH, json=body, headers=office.otto)
    found = answer.json()
    [turned] = found["turned_transfers"]

    assert (turned["regime"], turned["day"], turned["clients"]) == ("uk_gdpr", "2027-02-01", [british])
    assert [one["reference"] for one in found["clients"]] == ["C-UK"]


async def test_of_a_turn_of_readings_alone_before_and_after_show_the_readings(client: AsyncClient) -> None:
    """Whether the clauses were signed is open before and after; that a decision may cover is a reading more."""
    unsigned = {**CLAUSES, "concluded_on": None}
    window = KENYA | {"first_day": "2027-02-01", "unsure_from": "2027-01-01"}
    answer = await simulated(
        client, changes=[{"type": "add", "decision": window}], facts=[facts("KE", (unsigned,))]
    )
    [turned] = answer["turned_facts"]

    assert turned["day"] == "2027-01-01"
    assert turned["before"]["verdict"] == turned["after"]["verdict"] == "needs_review"
    assert (
        turned["before"]["conservative_verdict"] == turned["after"]["conservative_verdict"] == "not_covered"
    )
    assert turned["before"]["alternative_verdicts"] == ["covered_by_safeguard"]
    assert turned["after"]["alternative_verdicts"] == ["covered_by_adequacy", "covered_by_safeguard"]


async def test_what_ends_nothing_turns_nothing(office: Office) -> None:
    await american(office, "Listed Inc.")
    await office.added("Far Ltd", **terms("India"))
    await office.added("Everywhere Inc.", **terms("Worldwide"))
    over = {"type": "end", "decision": "eu-us-privacy-shield", "last_day": "2020-07-15"}
    for changes in ([], [over]):
        answer = await office.client.post(PATH, json={"changes": changes}, headers=office.otto)
        found = answer.json()
        assert found["looked_at"] == 3
        assert found["turned_transfers"] == found["sub_processors"] == found["services"] == []


async def test_facts_are_for_everyone_and_the_register_for_those_who_may_read_transfers(
    office: Office,
) -> None:
    rows = {"changes": [END_DPF], "facts": [facts("US", **LISTED)]}
    assert (await office.client.post(PATH, json=rows)).status_code == 200
    assert (await office.client.post(PATH, json={"changes": []})).status_code == 401
    for who in (office.noor, office.bram, office.otto, office.ada):
        assert (await office.client.post(PATH, json={"changes": []}, headers=who)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "member", "words"),
    [
        (
            [END_DPF, {"type": "end", "decision": "eu-xx", "last_day": "2027-01-01"}],
            422,
            "changes[1]",
            "eu-xx",
        ),
        ([{"type": "add", "decision": KENYA | {"codes": ["CH"]}}], 422, "changes[0]", "overlap"),
        ([{"type": "add", "decision": KENYA | {"first_day": "9998-01-01"}}], 422, "changes[0]", "9998-01-01"),
        (
            [{"type": "add", "decision": KENYA | {"colour": "red"}}],
            400,
            "changes[0].decision.colour",
            "no such",
        ),
        ([{"type": "amend", "decision": "eu-ke", "members": {}}], 422, "changes[0]", "no decision"),
        (
            [{"type": "amend", "decision": "eu-us-dpf-2023", "members": {"last_day": "soon"}}],
            422,
            "changes[0]",
            "date",
        ),
        ([{"type": "pardon"}], 400, "changes[0].type", "pardon"),
    ],
)
async def test_a_change_that_cannot_be_made_is_named(
    client: AsyncClient, changes: list[Any], status: int, member: str, words: str
) -> None:
    answer = await client.post(PATH, json={"changes": changes, "facts": []})

    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["member"] == member
    assert words in answer.json()["detail"]


async def test_a_day_that_the_law_does_not_reach_is_told(client: AsyncClient) -> None:
    body = {"changes": [], "facts": [facts("US")]}
    assert (await client.post(PATH, json={**body, "as_of": "1950-01-01"})).status_code == 422
    for day in ("1994-12-31", "2200-01-01"):
        refused = await client.post(PATH, json={**body, "as_of": day})
        assert refused.status_code == 422, day
        assert "1995-01-01 to 2199-12-31" in refused.json()["detail"]
    rows = [{**facts("US"), "as_of": "1800-01-01"}]
    assert (await client.post(PATH, json={**body, "facts": rows})).status_code == 400


async def test_a_register_is_not_looked_at_on_a_day_that_the_law_does_not_reach(office: Office) -> None:
    for day in ("1994-12-31", "2200-01-01"):
        refused = await office.client.post(PATH, json={"changes": [], "as_of": day}, headers=office.otto)
        assert refused.status_code == 422, day
        assert "1995-01-01 to 2199-12-31" in refused.json()["detail"]


CHANGES = st.one_of(
    st.builds(End, decision=st.sampled_from([one.id for one in LAW.decisions()]), last_day=days(LAW)),
    st.builds(
        Amend,
        decision=st.sampled_from(["eu-kr-2021", "eu-us-dpf-2023"]),
        members=st.just({"public_bodies": "outside", "conditional": True}),
    ),
    st.just(Add(decision=msgspec.convert(KENYA, type(LAW.decisions()[0])))),
)


def possible(change: Any) -> bool:
    """An end before the start is refused, and one after the end."""
    if not isinstance(change, End):
        return True
    [record] = [one for one in LAW.decisions() if one.id == change.decision]
    ended = record.last_day is not None and record.last_day < change.last_day
    return change.last_day >= record.first_day and not ended and not record.phase


@settings(max_examples=60, deadline=None)
@given(CHANGES.filter(possible), st.lists(bodies(LAW), min_size=1, max_size=4))
def test_it_names_exactly_the_facts_whose_single_answers_differ(
    change: Any, written: list[dict[str, Any]]
) -> None:
    rows = [read(body) for body in written]
    laws = simulations.laws(LAW, [change])
    found = {one.index: one for one in simulations.over_facts(rows, laws, TODAY).turned_facts}

    for index, row in enumerate(rows):
        for day in (TODAY + timedelta(days=step) for step in (0, 1, 30, 365, 2000, 3300)):
            now, then = assess(row, laws.now, day), assess(row, laws.then, day)
            turned = index in found and found[index].day <= day
            assert turned or now.verdict is then.verdict, (index, day)
        if index in found:
            day = found[index].day
            assert found[index].before.verdict is assess(row, laws.now, day).verdict
            assert found[index].after.verdict is assess(row, laws.then, day).verdict
            assert unlike(msgspec.to_builtins(found[index]))
            before = day - timedelta(days=1)
            if before >= TODAY:
                assert assess(row, laws.now, before).verdict is assess(row, laws.then, before).verdict
