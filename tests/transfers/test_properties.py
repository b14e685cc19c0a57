"""What holds for all facts on all days: laws of the law."""

import functools
import itertools
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transfers.strategies import FIRST, LAST, bodies, days, read, safeguards
from transfers import Law, assess, codes, load_law
from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.judging import judge
from transfers.timeline import Interval, Reading, reading, timeline
from transfers.vocabulary import Level, Regime, Verdict

LAW = load_law()
COVERED = {
    Verdict.NO_TRANSFER,
    Verdict.COVERED_BY_ADEQUACY,
    Verdict.COVERED_BY_SAFEGUARD,
    Verdict.COVERED_BY_DEROGATION,
}
thorough = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def careful(answer: Assessment) -> Verdict:
    """The verdict, or for a review its careful reading."""
    return answer.conservative_verdict or answer.verdict


def covered(answer: Assessment) -> bool:
    return careful(answer) in COVERED


@thorough
@given(st.sampled_from(sorted(codes.KNOWN)), st.sampled_from(list(Regime)), st.dates(FIRST, LAST))
def test_every_code_regime_and_day_has_exactly_one_answer(code: str, regime: Regime, day: date) -> None:
    answer = assess(to_country(code, regime), LAW, day)

    assert answer.verdict in Verdict
    assert answer.findings
    assert all(finding.sources and finding.message for finding in answer.findings)


def to_country(code: str, regime: Regime) -> Facts:
    body = {
        "exporter": {"country": "DE", "role": "controller"},
        "importer": {"country": code, "role": "processor"},
        "regime": regime,
    }
    return read(body)


def at(line: tuple[Interval, ...], day: date) -> Interval:
    """The interval of a day; there must be exactly one."""
    [interval] = [
        interval
        for interval in line
        if interval.first_day <= day and (interval.until is None or day <= interval.until)
    ]
    return interval


def told(line: tuple[Interval, ...], day: date) -> Reading:
    """The answer that a timeline gives for a day."""
    interval = at(line, day)
    return Reading(
        verdict=interval.verdict,
        conservative_verdict=interval.conservative_verdict,
        alternative_verdicts=interval.alternative_verdicts,
        relied_on=interval.relied_on,
    )


def answered(facts: Facts, day: date) -> Reading:
    """The single answer, as far as a timeline tells it."""
    return reading(assess(facts, LAW, day))


def holds_until(line: tuple[Interval, ...], day: date) -> date | None:
    """The last day of the spans with one verdict around a day, whatever carries it."""
    rest = [interval for interval in line if interval.until is None or interval.until >= day]
    same = list(itertools.takewhile(lambda interval: interval.verdict is rest[0].verdict, rest))
    return same[-1].until


@pytest.mark.parametrize("regime", list(Regime))
def test_around_every_event_of_every_country_the_timeline_tells_the_single_answer(regime: Regime) -> None:
    for code in sorted(codes.KNOWN):
        facts = to_country(code, regime)
        line = timeline(facts, LAW)
        events = LAW.standing(regime, codes.canonical(code)).days
        for day in {day + timedelta(days=step) for day in events for step in (-1, 0, 1)}:
            if day >= FIRST:
                assert (code, day, told(line, day)) == (code, day, answered(facts, day))


@pytest.mark.parametrize("regime", list(Regime))
@pytest.mark.parametrize("code", ["CA", "GB", "GI", "HR", "IS", "US", "YT"])
def test_a_verdict_changes_only_on_days_that_a_record_names(code: str, regime: Regime) -> None:
    facts = to_country(code, regime)
    named = set(LAW.standing(regime, code).days)
    before = None
    for number in range(FIRST.toordinal(), LAST.toordinal() + 1):
        day = date.fromordinal(number)
        verdict = judge(facts, LAW, day).outcome.verdict
        assert verdict is before or day in named
        before = verdict


@thorough
@given(bodies(LAW), st.lists(days(LAW), min_size=3, max_size=8))
def test_the_timeline_equals_the_single_answers(body: dict[str, Any], asked: list[date]) -> None:
    facts = read(body)
    line = timeline(facts, LAW)

    assert line[0].first_day == FIRST
    assert line[-1].until is None
    for day in asked:
        answer = assess(facts, LAW, day)
        interval = at(line, day)
        assert (day, told(line, day)) == (day, reading(answer))
        assert answer.valid_until == interval.valid_until == holds_until(line, day)
        assert {finding.code for finding in answer.findings} <= set(interval.codes)
    for before, after in itertools.pairwise(line):
        assert told(line, before.first_day) != told(line, after.first_day)


@thorough
@given(bodies(LAW), safeguards(LAW), days(LAW), st.booleans())
def test_a_further_safeguard_never_loses_cover(
    body: dict[str, Any], more: dict[str, Any], day: date, first: bool
) -> None:
    held = body.get("safeguards", [])
    wider = body | {"safeguards": [more, *held] if first else [*held, more]}

    assert covered(assess(read(wider), LAW, day)) >= covered(assess(read(body), LAW, day))


@functools.cache
def law_without(decision: str, last_day: date | None) -> Law:
    """The law with one decision ended, or never made."""
    kept = []
    for entry in LAW.records.adequacy:
        if entry.id != decision:
            kept.append(entry)
        elif last_day is not None and last_day >= entry.first_day:
            kept.append(
                msgspec.structs.replace(entry, last_day=last_day, ended_by="repeal", ended="in a test")
            )
    records = msgspec.structs.replace(LAW.records, adequacy=tuple(kept))
    decisions = {entry.id for entry in kept}
    challenges = tuple(entry for entry in records.challenge if entry.decision in decisions)
    return Law(msgspec.structs.replace(records, challenge=challenges), LAW.edition)


DECISIONS = sorted(entry.id for entry in LAW.records.adequacy if entry.judged and not entry.last_day)


@thorough
@given(bodies(LAW), st.sampled_from(DECISIONS), st.sampled_from([None, date(2024, 12, 31)]), days(LAW))
def test_ending_a_decision_never_gains_cover(
    body: dict[str, Any], decision: str, last_day: date | None, day: date
) -> None:
    without = law_without(decision, last_day)
    facts = read(body)

    assert covered(assess(facts, without, day)) <= covered(assess(facts, LAW, day))


UNKNOWABLE: dict[tuple[str, ...], list[Any]] = {
    ("importer", "certifications"): [
        [],
        [{"framework": "eu_us_dpf", "status": "active", "covers": ["hr", "non_hr"]}],
        [
            {"framework": "eu_us_dpf", "status": "active", "covers": ["hr", "non_hr"]},
            {"framework": "uk_extension", "status": "active", "covers": ["hr", "non_hr"]},
        ],
        [{"framework": "swiss_us_dpf", "status": "active", "covers": ["hr", "non_hr"]}],
        [{"framework": "privacy_shield", "status": "active", "covers": ["hr", "non_hr"]}],
        [{"framework": "safe_harbour", "status": "active", "covers": ["hr", "non_hr"]}],
    ],
    ("importer", "is_exporters_controller"): [True, False],
    ("importer", "sector"): ["retail", "press", "financial_services", "religious", "political", "education"],
    ("importer", "subject_to", "pipeda"): [True, False],
    ("importer", "subject_to", "lgpd"): [True, False],
    ("importer", "subject_to", "appi"): [True, False],
    ("importer", "subject_to", "quebec_law_25"): [True, False],
    ("data", "purpose"): ["billing", "journalism", "missionary", "candidate_nomination", "academic_research"],
    ("safeguards", "0", "annexes_complete"): [True, False],
    ("safeguards", "0", "docking_clause"): [True, False],
    ("safeguards", "0", "processing_unchanged"): [True, False],
    ("safeguards", "0", "swiss_adaptations"): [True, False],
    ("safeguards", "0", "module"): [1, 2, 3, 4],
    ("safeguards", "0", "tia"): [{"outcome": "adequate"}, {"outcome": "inadequate"}],
}


def _with(body: Any, path: tuple[str, ...], *value: Any) -> Any:
    """Copy a body with one member set, or absent where no value is given; ``None`` where it has no place."""
    head, *rest = path
    copy = list(body) if isinstance(body, list) else dict(body)
    if isinstance(copy, list):
        if not copy or (copy[0]["type"] != "scc" and rest != ["tia"]):
            return None
        inner = _with(copy[0], tuple(rest), *value)
        return [inner, *copy[1:]]
    if rest:
        inner = _with(copy.get(head, [] if head == "safeguards" else {}), tuple(rest), *value)
        return None if inner is None else copy | {head: inner}
    copy.pop(head, None)
    return copy | {head: value[0]} if value else copy


@thorough
@given(bodies(LAW), st.sampled_from(sorted(UNKNOWABLE)), days(LAW))
def test_unknown_never_beats_known(body: dict[str, Any], path: tuple[str, ...], day: date) -> None:
    tagged = body.get("safeguards") or [{"type": "other"}]
    if path[0] == "safeguards" and tagged[0]["type"] != "scc":
        body |= {
            "safeguards": [{"type": "scc", "set": "2021/914", "module": 2, "concluded_on": "2021-07-01"}]
        }
    unknown = assess(read(_with(body, path)), LAW, day)
    known = [assess(read(_with(body, path, value)), LAW, day) for value in UNKNOWABLE[path]]

    assert covered(unknown) <= max(covered(answer) for answer in known)


@thorough
@given(bodies(LAW), days(LAW))
def test_a_firm_cover_names_a_ground_with_its_source_and_a_refusal_its_reason(
    body: dict[str, Any], day: date
) -> None:
    answer = assess(read(body), LAW, day)
    levels = {finding.level for finding in answer.findings}

    if answer.verdict in COVERED:
        assert Level.SUPPORTS in levels
    if careful(answer) is Verdict.NOT_COVERED:
        assert Level.REFUSES in levels
        assert answer.relied_on is None
    assert all(finding.sources for finding in answer.findings)
    assert "{" not in "".join(finding.message for finding in answer.findings)
    if answer.missing:
        assert answer.verdict is Verdict.NEEDS_REVIEW


@thorough
@given(bodies(LAW), days(LAW))
def test_warnings_and_information_never_change_a_verdict(body: dict[str, Any], day: date) -> None:
    """Special categories and the notice of a sub-processor are seen by warnings alone."""
    data = body.get("data", {})
    plain = read(body | {"data": data | {"special_categories": False}})
    special = read(body | {"data": data | {"special_categories": True}})

    assert assess(plain, LAW, day).verdict is assess(special, LAW, day).verdict


@thorough
@given(bodies(LAW), days(LAW))
def test_an_answer_can_be_sent_and_read_back(body: dict[str, Any], day: date) -> None:
    answer = assess(read(body), LAW, day)

    assert msgspec.json.decode(msgspec.json.encode(answer), type=Assessment) == answer
