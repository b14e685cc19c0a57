"""Every case of the tables: the verdict exactly, and the findings and warnings that carry it."""

import pytest

from tests.transfers.tables import Case, Turn, cases, day_after, day_before, facts_of, turns
from transfers import assess, load_law
from transfers.vocabulary import Level, Verdict

LAW = load_law()


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{file}: {case.says}") for file, case in cases()])
def test_a_case_is_answered_as_its_table_says(case: Case) -> None:
    if case.contested is not None:
        pytest.skip(f"contested: {case.contested}")
    answer = assess(facts_of(case), LAW, case.on)

    assert answer.verdict == case.verdict
    assert set(case.because) <= {finding.code for finding in answer.findings}
    assert set(case.warns) <= {finding.code for finding in answer.findings if finding.level is Level.WARNS}
    assert answer.conservative_verdict == case.careful
    assert set(answer.alternative_verdicts) == set(case.or_)


@pytest.mark.parametrize("turn", [pytest.param(turn, id=turn.event) for turn in turns()])
def test_a_verdict_turns_on_the_day_of_its_event_and_on_no_other(turn: Turn) -> None:
    facts = facts_of(turn)
    expected = {turn.first: turn.during}
    if turn.before is not None:
        expected[day_before(turn.first)] = turn.before
    if turn.last is not None:
        expected[turn.last] = turn.during
    if turn.last is not None and turn.after is not None:
        expected[day_after(turn.last)] = turn.after

    assert {day: assess(facts, LAW, day).verdict for day in expected} == expected


def test_the_tables_hold_no_sentence_twice_in_one_file() -> None:
    says = [(file, case.says) for file, case in cases()]

    assert len(says) == len(set(says))


def test_a_review_has_another_reading_and_a_firm_answer_has_none() -> None:
    for _, case in cases():
        answer = assess(facts_of(case), LAW, case.on)
        review = answer.verdict is Verdict.NEEDS_REVIEW

        assert bool(answer.alternative_verdicts) is review
        assert (answer.conservative_verdict is not None) is review
        assert answer.conservative_verdict not in answer.alternative_verdicts
