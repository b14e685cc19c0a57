"""The past and coming verdicts on the same facts, computed from the turning days alone."""

from datetime import date

from msgspec import Struct

from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.judging import answer, judge
from transfers.law import Law
from transfers.standing import FIRST_DAY
from transfers.turning import next_turning_days, turning_days
from transfers.vocabulary import Verdict


class Interval(Struct, frozen=True, kw_only=True):
    """An unbroken span with one verdict; ``until`` is null where nothing on record ends it."""

    first_day: date
    until: date | None
    verdict: Verdict
    conservative_verdict: Verdict | None
    event: str
    codes: tuple[str, ...]


def assess(facts: Facts, law: Law, day: date) -> Assessment:
    """Judge one transfer on one day; ``facts.as_of`` is the caller's to read.

    Raises ``UnsupportedError`` for a day before the law on record begins.
    """
    judgement = judge(facts, law, day)
    verdict = judgement.outcome.verdict
    for turn in next_turning_days(facts, law, day):
        if judge(facts, law, turn).outcome.verdict is not verdict:
            return answer(judgement, date.fromordinal(turn.toordinal() - 1))
    return answer(judgement, None)


def timeline(facts: Facts, law: Law) -> tuple[Interval, ...]:
    """Every interval from 1995-01-01 with its verdict and the event that turned it."""
    starts: list[tuple[date, str, Verdict, Verdict | None, tuple[str, ...]]] = []
    for day, event in turning_days(facts, law).items():
        judgement = judge(facts, law, day)
        outcome = judgement.outcome
        verdict = outcome.verdict
        if starts and starts[-1][2] is verdict:
            continue
        careful = outcome.conservative if verdict is Verdict.NEEDS_REVIEW else None
        said = dict.fromkeys(finding.code for rung in judgement.rungs for finding in rung.findings)
        starts.append((day, event, verdict, careful, tuple(said)))
    ends = [date.fromordinal(start[0].toordinal() - 1) for start in starts[1:]]
    return tuple(
        Interval(
            first_day=first,
            until=until,
            verdict=verdict,
            conservative_verdict=careful,
            event=event,
            codes=said,
        )
        for (first, event, verdict, careful, said), until in zip(starts, [*ends, None], strict=True)
    )


__all__ = ("FIRST_DAY", "Interval", "assess", "timeline")
