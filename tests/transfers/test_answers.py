"""The answer: what it relies on, what it asks for, until when it holds, and what it refuses to judge."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from tests.transfers.tables import make_facts
from transfers import assess, load_law
from transfers.errors import UnsupportedError
from transfers.findings import Assessment, Missing
from transfers.timeline import timeline
from transfers.vocabulary import Verdict

LAW = load_law()
DAY = date(2026, 11, 23)
CLAUSES: dict[str, Any] = {
    "type": "scc",
    "set": "2021/914",
    "module": 2,
    "concluded_on": "2023-03-01",
    "annexes_complete": True,
    "tia": {"outcome": "adequate"},
}


def ask(route: str, day: date = DAY, **members: Any) -> Assessment:
    return assess(make_facts(route, **members), LAW, day)


def test_the_answer_has_the_members_of_the_contract_and_no_others() -> None:
    answer = msgspec.to_builtins(ask("DE controller to IN processor", safeguards=[CLAUSES]))

    assert list(answer) == [
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
    ]
    assert answer["relied_on"] == {"kind": "safeguard", "index": 0}
    [finding] = [finding for finding in answer["findings"] if finding["code"] == "scc_valid"]
    assert finding["level"] == "supports"
    assert finding["article"] == "46(2)(c)"
    assert finding["sources"][0]["celex"] == "32021D0914"


def test_the_answer_names_the_decision_that_it_relies_on() -> None:
    relied_on = ask("DE controller to NZ processor").relied_on

    assert relied_on is not None
    assert (relied_on.kind, relied_on.decision) == ("adequacy", "eu-nz-2012")


def test_nothing_is_relied_on_where_there_is_no_transfer_and_where_nothing_covers() -> None:
    assert ask("DE controller to FR processor").relied_on is None
    assert ask("DE controller to IN processor").relied_on is None


def test_the_answer_says_which_safeguard_carries_and_which_stand_behind() -> None:
    wrong = CLAUSES | {"module": 1}
    answer = ask("DE controller to IN processor", safeguards=[wrong, CLAUSES, CLAUSES])
    told = [(finding.safeguard, finding.code) for finding in answer.findings if finding.safeguard is not None]

    assert answer.relied_on is not None
    assert answer.relied_on.index == 1
    assert told == [
        (0, "scc_module_mismatch"),
        (1, "scc_valid"),
        (2, "scc_valid"),
        (2, "safeguard_in_reserve"),
    ]


def test_a_review_over_an_unknown_fact_names_the_fact_and_what_to_ask() -> None:
    answer = ask("DE controller to CA processor")

    assert answer.missing == (
        Missing(fact="importer.subject_to.pipeda", ask="Does PIPEDA bind you for this processing?"),
    )


def test_a_missing_member_of_a_safeguard_is_named_by_its_place() -> None:
    bare = {name: value for name, value in CLAUSES.items() if name != "annexes_complete"}
    answer = ask("DE controller to IN processor", safeguards=[{"type": "other"}, bare])

    assert [missing.fact for missing in answer.missing] == ["safeguards[1].annexes_complete"]


def test_a_missing_member_of_a_list_entry_is_named_by_its_place() -> None:
    entries = [{"framework": "privacy_shield"}, {"framework": "eu_us_dpf", "covers": ["non_hr"]}]
    answer = ask("DE controller to US processor", importer={"certifications": entries})

    assert [missing.fact for missing in answer.missing] == ["importer.certifications[1].status"]


@pytest.mark.parametrize("code", ["AD", "AR", "CH", "GG", "IM", "JE", "NZ", "UY"])
def test_what_the_faroese_entry_leaves_out_reaches_no_other_british_entry(code: str) -> None:
    importer = {"kind": "public", "sector": "danish_state_authority"}
    answer = ask(f"GB controller to {code} controller", regime="uk_gdpr", importer=importer)

    assert answer.verdict is Verdict.COVERED_BY_ADEQUACY


def test_a_country_with_a_carve_out_has_a_record_of_its_own() -> None:
    carved = [entry for entry in LAW.records.adequacy if entry.carve_out]

    assert carved
    assert [entry.id for entry in carved if len(entry.codes) != 1] == []


def test_an_act_of_the_last_days_of_a_month_is_pending_for_the_whole_year() -> None:
    """The Argentine act is of 30 June 2003."""
    days = [date(2004, 6, day) for day in (28, 29, 30)]
    told = [{finding.code for finding in ask("NO controller to AR processor", day).findings} for day in days]

    assert ["eea_incorporation_pending" in codes for codes in told] == [True, True, False]


def test_a_body_outside_a_law_is_refused_without_a_word_of_the_open_point() -> None:
    importer = {"sector": "education", "subject_to": {"lgpd": False}}
    answer = ask("PT controller to BR controller", importer=importer, data={"purpose": "academic_research"})

    assert answer.verdict is Verdict.NOT_COVERED
    assert "open_point" not in {finding.code for finding in answer.findings}


def test_a_firm_answer_asks_for_nothing() -> None:
    answer = ask("DE controller to CA processor", safeguards=[CLAUSES])

    assert answer.verdict is Verdict.COVERED_BY_SAFEGUARD
    assert answer.missing == ()


def test_an_answer_holds_until_the_last_day_of_the_list_entry_that_carries_it() -> None:
    entry = {"framework": "eu_us_dpf", "status": "active", "valid_until": "2027-03-01"}
    importer = {"certifications": [entry]}

    assert ask("DE controller to US processor", importer=importer).valid_until == date(2027, 3, 1)


def test_an_answer_that_nothing_on_record_ends_has_no_last_day() -> None:
    assert ask("DE controller to NZ processor").valid_until is None


def test_an_event_that_leaves_the_verdict_alone_does_not_end_it() -> None:
    """Extension and renewal of the UK decision begin new phases, not new verdicts."""
    answer = ask("DE controller to GB processor", date(2024, 1, 1))

    assert answer.valid_until == date(2031, 12, 27)


def test_a_disputed_point_is_cited_with_its_record() -> None:
    answer = ask(
        "DE controller to IN processor", importer={"subject_to": {"gdpr": True}}, safeguards=[CLAUSES]
    )
    points = [source.open_point for finding in answer.findings for source in finding.sources]

    assert "scc-importer-under-gdpr" in points


@pytest.mark.parametrize("day", [date(1994, 12, 31), date(2200, 1, 1), date(9999, 12, 31)])
def test_a_day_outside_the_law_on_record_is_not_judged(day: date) -> None:
    with pytest.raises(UnsupportedError, match="outside the law on record"):
        ask("DE controller to IN processor", day)


def test_dates_at_the_end_of_the_calendar_do_no_harm() -> None:
    entry = {"framework": "eu_us_dpf", "status": "active", "valid_until": "9999-12-31"}
    notice = {"option": 2, "notice_days": 3660, "notice_sent_on": "9999-12-31", "objected_on": "9999-12-31"}
    far = CLAUSES | {"sub_processor_authorisation": notice, "concluded_on": "0001-01-01"}
    facts = make_facts(
        "DE controller to US processor", importer={"certifications": [entry]}, safeguards=[far]
    )

    assert assess(facts, LAW, date(2199, 12, 31)).verdict is Verdict.COVERED_BY_ADEQUACY
    assert timeline(facts, LAW)[-1].until is None


def test_the_timeline_tells_which_event_turned_it() -> None:
    entry = {"framework": "privacy_shield", "status": "active"}
    facts = make_facts("DE controller to US processor", importer={"certifications": [entry]})
    line = [(interval.first_day, interval.verdict, interval.event) for interval in timeline(facts, LAW)]

    assert [(day, verdict) for day, verdict, _ in line] == [
        (date(1995, 1, 1), Verdict.NOT_COVERED),
        (date(2016, 8, 1), Verdict.COVERED_BY_ADEQUACY),
        (date(2020, 7, 16), Verdict.NOT_COVERED),
    ]
    assert "the list opens" in line[1][2]
    assert "Schrems II" in line[2][2]


def test_the_timeline_begins_a_new_span_where_the_careful_reading_of_a_review_changes() -> None:
    """Clauses of 2010 without an assessment: on the last day in the UK the careful reading turns round."""
    clauses = {
        "type": "scc",
        "set": "2010/87",
        "concluded_on": "2020-03-01",
        "processing_unchanged": True,
    }
    facts = make_facts("GB controller to IN processor", regime="uk_gdpr", safeguards=[clauses])
    last = date(2024, 3, 21)
    spans = [interval for interval in timeline(facts, LAW) if interval.until and interval.until >= last]

    assert (spans[0].first_day, spans[0].conservative_verdict) == (last, Verdict.NOT_COVERED)
    assert assess(facts, LAW, date(2024, 3, 20)).conservative_verdict is Verdict.COVERED_BY_SAFEGUARD
    assert assess(facts, LAW, date(2024, 3, 20)).valid_until == last


def test_the_timeline_begins_a_new_span_where_something_else_carries_the_transfer() -> None:
    """Two sets of clauses: the old one carries first, and the new one from the day after its end."""
    old = {"type": "scc", "set": "2010/87", "concluded_on": "2020-03-01", "processing_unchanged": True}
    tia = {"outcome": "adequate", "completed_on": "2020-09-01"}
    new = CLAUSES | {"concluded_on": "2022-01-01", "tia": tia}
    facts = make_facts("DE controller to IN processor", safeguards=[old | {"tia": tia}, new])
    first, last = timeline(facts, LAW)[-2:]

    assert first.relied_on is not None
    assert last.relied_on is not None
    assert (first.relied_on.index, last.relied_on.index) == (0, 1)
    assert (first.until, last.first_day) == (date(2022, 12, 27), date(2022, 12, 28))
    assert "ended" in last.event
    assert first.valid_until is None
    assert assess(facts, LAW, date(2022, 6, 1)).valid_until is None


def test_a_span_of_the_timeline_tells_what_is_said_on_any_of_its_days() -> None:
    """The attack on the framework begins in the middle of a span."""
    entry = {"framework": "eu_us_dpf", "status": "active"}
    line = timeline(make_facts("DE controller to US processor", importer={"certifications": [entry]}), LAW)

    assert line[-1].first_day < date(2025, 10, 31)
    assert "adequacy_under_challenge" in line[-1].codes


@pytest.mark.parametrize("member", ["transfer_tool", "general_validity", "binding_commitments"])
def test_a_code_that_is_no_tool_is_refused_without_talk_of_assessments(member: str) -> None:
    code = {"type": "code_of_conduct", "transfer_tool": True, "general_validity": True}
    code |= {"binding_commitments": True, member: False}
    answer = ask("DE controller to IN processor", safeguards=[code])
    told = {finding.code for finding in answer.findings}

    assert answer.verdict is Verdict.NOT_COVERED
    assert "not_a_transfer_tool" in told
    assert not {"open_point", "tia_missing"} & told


def test_the_sub_processor_warning_is_not_for_transfers_between_controllers() -> None:
    received = {"upstream": "scc", "module": 1, "contract": True}
    exporter = {"subject_to_regime": False}
    answer = ask("IN controller to PH controller", exporter=exporter, onward_from=received)

    assert answer.verdict is Verdict.COVERED_BY_SAFEGUARD
    assert "art28_2_authorisation_missing" not in {finding.code for finding in answer.findings}


@pytest.mark.parametrize(
    ("regime", "received", "spans"),
    [
        (
            "eu_gdpr",
            {"upstream": "scc", "module": 2, "contract": True},
            [("1995-01-01", "not_covered"), ("2021-06-27", "covered_by_safeguard")],
        ),
        (
            "uk_gdpr",
            {"upstream": "scc", "module": 2, "contract": True},
            [("1995-01-01", "not_covered"), ("2022-03-21", "covered_by_safeguard")],
        ),
        (
            "ch_fadp",
            {"upstream": "scc", "contract": True},
            [
                ("1995-01-01", "not_covered"),
                ("2001-09-03", "needs_review"),
                ("2023-01-01", "covered_by_safeguard"),
            ],
        ),
    ],
)
def test_an_onward_transfer_turns_on_the_days_of_the_clauses_under_which_the_data_came(
    regime: str, received: dict[str, Any], spans: list[tuple[str, str]]
) -> None:
    exporter = {"subject_to_regime": False}
    facts = make_facts("IN processor to PH processor", regime=regime, exporter=exporter, onward_from=received)

    assert [(str(one.first_day), one.verdict) for one in timeline(facts, LAW)] == spans
    for before, after in pairwise(timeline(facts, LAW)):
        assert assess(facts, LAW, before.first_day).valid_until == after.first_day - timedelta(days=1)


def test_an_organisation_seated_in_the_eea_is_no_recipient_inside_it() -> None:
    received = {"upstream": "scc", "module": 2}
    importer = {"kind": "international_organisation", "organisation": "EPO"}
    exporter = {"subject_to_regime": False}
    answer = ask("IN processor to DE controller", exporter=exporter, importer=importer, onward_from=received)

    assert answer.verdict is Verdict.COVERED_BY_ADEQUACY
    assert "recipient_in_eea" not in {finding.code for finding in answer.findings}


SPOKEN_OF: dict[str, dict[str, Any]] = {
    "scc": {"set": "2021/914"},
    "bcr": {},
    "certification": {},
    "code_of_conduct": {},
    "ad_hoc_clauses": {},
    "public_instrument": {},
    "supervisory_authority_scc": {},
    "derogation": {"ground": "a"},
}


@pytest.mark.parametrize("kind", SPOKEN_OF)
def test_a_review_over_unknown_facts_of_a_safeguard_says_what_is_wanting_there(kind: str) -> None:
    """Beside a second safeguard each finding names the one it is about."""
    public = {"kind": "public", "group_company": True}
    members = {"exporter": {"kind": "public"}, "importer": public}
    bare = [{"type": "other"}, {"type": kind, **SPOKEN_OF[kind]}]
    answer = ask("DE controller to IN controller", date(2026, 6, 1), safeguards=bare, **members)
    refusals = [
        finding for finding in answer.findings if finding.safeguard == 1 and finding.level == "refuses"
    ]

    assert answer.verdict is Verdict.NEEDS_REVIEW
    assert any(missing.fact.startswith("safeguards[1]") for missing in answer.missing)
    assert refusals
