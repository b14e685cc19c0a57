"""What if the law changed: transfers turn as they would, and the law at hand stays as it is."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from tests.transfers.strategies import bodies, days, read
from tests.transfers.tables import make_facts
from transfers import assess, load_law
from transfers.simulation import Amend, End, LawChange, LawChangeError, changed
from transfers.vocabulary import Verdict

LAW = load_law()
CERTIFIED: dict[str, Any] = {"certifications": [{"framework": "eu_us_dpf", "status": "active"}]}
CLAUSES = [
    {
        "type": "scc",
        "set": "2021/914",
        "module": 2,
        "concluded_on": "2024-01-10",
        "annexes_complete": True,
        "tia": {"outcome": "adequate", "completed_on": "2026-09-01"},
    }
]


def change(body: dict[str, Any]) -> LawChange:
    decoded: LawChange = msgspec.json.decode(msgspec.json.encode(body), type=LawChange)
    return decoded


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


def test_a_decision_that_ends_lands_the_transfer_on_the_next_rung() -> None:
    without = changed(LAW, [End(decision="32023D1795", last_day=date(2026, 12, 31))])
    bare = make_facts("DE controller to US processor", importer=CERTIFIED)
    fallback = make_facts("DE controller to US processor", importer=CERTIFIED, safeguards=CLAUSES)

    assert assess(bare, without, date(2026, 12, 31)).verdict is Verdict.COVERED_BY_ADEQUACY
    assert assess(bare, without, date(2027, 1, 1)).verdict is Verdict.NOT_COVERED
    assert assess(fallback, without, date(2027, 1, 1)).verdict is Verdict.COVERED_BY_SAFEGUARD
    assert assess(bare, LAW, date(2027, 1, 1)).verdict is Verdict.COVERED_BY_ADEQUACY


def test_a_decision_that_is_added_covers_from_its_first_day() -> None:
    wider = changed(LAW, [change({"type": "add", "decision": KENYA})])
    facts = make_facts("DE controller to KE processor")

    assert assess(facts, wider, date(2026, 12, 31)).verdict is Verdict.NOT_COVERED
    assert assess(facts, wider, date(2027, 1, 1)).verdict is Verdict.COVERED_BY_ADEQUACY


def test_a_scope_that_is_amended_leaves_importers_out() -> None:
    narrower = changed(LAW, [Amend(decision="eu-kr-2021", members={"public_bodies": "outside"})])
    facts = make_facts("DE controller to KR controller", importer={"kind": "public"})

    assert assess(facts, LAW, date(2026, 11, 23)).verdict is Verdict.COVERED_BY_ADEQUACY
    assert assess(facts, narrower, date(2026, 11, 23)).verdict is Verdict.NOT_COVERED


def test_a_list_ends_with_all_its_entries_and_no_others() -> None:
    without = changed(LAW, [End(decision="DPO Annex 1", last_day=date(2026, 12, 31))])
    day = date(2027, 1, 1)

    for code in ("FR", "AD", "GB"):
        facts = make_facts(f"CH controller to {code} processor", regime="ch_fadp")
        assert assess(facts, LAW, day).verdict is Verdict.COVERED_BY_ADEQUACY
        assert assess(facts, without, day).verdict is Verdict.NOT_COVERED
    listed = {"certifications": [{"framework": "swiss_us_dpf", "status": "active"}]}
    american = make_facts("CH controller to US processor", regime="ch_fadp", importer=listed)
    assert assess(american, LAW, day).verdict is Verdict.COVERED_BY_ADEQUACY
    assert assess(american, without, day).verdict is Verdict.NOT_COVERED


@pytest.mark.parametrize(
    "name",
    sorted({entry.instrument.partition(",")[0] for entry in LAW.decisions() if entry.instrument is not None}),
)
def test_the_name_of_a_list_ends_every_entry_of_it(name: str) -> None:
    """An entry that an act of its own has added names the act behind the list's name."""
    entries = [entry for entry in LAW.decisions() if (entry.instrument or "").startswith(name)]
    last_day = max(entry.first_day for entry in entries)
    meant = {entry.id for entry in entries if entry.covers(last_day)}
    without = changed(LAW, [End(decision=name, last_day=last_day)])

    assert meant
    assert {one.id for one in without.decisions() if one.last_day == last_day} >= meant


def test_with_its_act_an_entry_of_a_list_is_meant_alone() -> None:
    without = changed(LAW, [End(decision="DPO Annex 1, AS 2024 435", last_day=date(2026, 12, 31))])

    assert [one.id for one in without.decisions() if one.last_day == date(2026, 12, 31)] == ["ch-us"]


def test_a_framework_ends_by_its_name_wherever_it_is_asked_for() -> None:
    without = changed(LAW, [End(decision="eu_us_dpf", last_day=date(2026, 12, 31))])
    entries = [
        {"framework": "eu_us_dpf", "status": "active"},
        {"framework": "uk_extension", "status": "active"},
    ]
    for route, regime in (
        ("DE controller to US processor", "eu_gdpr"),
        ("GB controller to US processor", "uk_gdpr"),
    ):
        facts = make_facts(route, regime=regime, importer={"certifications": entries})
        assert assess(facts, without, date(2026, 12, 31)).verdict is Verdict.COVERED_BY_ADEQUACY
        assert assess(facts, without, date(2027, 1, 1)).verdict is Verdict.NOT_COVERED


def test_an_end_takes_what_would_have_come_after_it() -> None:
    """The British decision has stretches up to 2031."""
    ended = changed(LAW, [End(decision="eu-gb-2021", last_day=date(2025, 12, 27))])
    [decision] = [entry for entry in ended.records.adequacy if entry.id == "eu-gb-2021"]
    facts = make_facts("DE controller to GB processor")

    assert [phase.last_day for phase in decision.phase] == [date(2025, 6, 27), date(2025, 12, 27)]
    assert assess(facts, ended, date(2025, 12, 27)).verdict is Verdict.COVERED_BY_ADEQUACY
    assert assess(facts, ended, date(2025, 12, 28)).verdict is Verdict.NOT_COVERED


def test_an_end_on_the_day_on_which_it_ends_changes_nothing() -> None:
    [shield] = [one for one in LAW.decisions() if one.id == "eu-us-privacy-shield"]
    assert shield.last_day is not None
    same = changed(LAW, [End(decision=shield.id, last_day=shield.last_day)])

    assert same.records == LAW.records
    assert same.edition != LAW.edition


@settings(max_examples=100, deadline=None)
@given(bodies(LAW), days(LAW))
def test_a_simulation_that_changes_nothing_turns_nothing(body: dict[str, Any], day: date) -> None:
    answer, other = assess(read(body), LAW, day), assess(read(body), SAME, day)

    assert msgspec.structs.replace(other, law_edition=LAW.edition) == answer


SAME = changed(LAW, [])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"type": "end", "decision": "eu-xx", "last_day": "2026-12-31"}, "no decision eu-xx"),
        (
            {"type": "end", "decision": "eu-gb-2021", "last_day": "2020-01-01"},
            "2020-01-01 lies before it starts",
        ),
        (
            {"type": "end", "decision": "eu-us-privacy-shield", "last_day": "2026-01-01"},
            "ends on 2020-07-15 by itself, before 2026-01-01",
        ),
        ({"type": "amend", "decision": "eu-gb-2021", "members": {"id": "eu-gb"}}, "leave id out"),
        ({"type": "add", "decision": KENYA | {"codes": ["FR"]}}, "FR is inside the territory"),
        ({"type": "add", "decision": KENYA | {"last_day": "2030-01-01"}}, "nothing says why it ends"),
        ({"type": "amend", "decision": "eu-gb-2021", "members": {"colour": "red"}}, "unknown field `colour`"),
        ({"type": "add", "decision": KENYA | {"codes": ["CH"]}}, "overlap"),
        ({"type": "add", "decision": KENYA | {"id": "eu-ch-2000"}}, "is used twice"),
        ({"type": "add", "decision": KENYA | {"codes": ["ZZ"]}}, "no country code"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(body: dict[str, Any], words: str) -> None:
    with pytest.raises(LawChangeError) as caught:
        changed(LAW, [change(body)])

    assert words in str(caught.value)
