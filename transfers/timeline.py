"""The past and coming verdicts on the same facts, computed from the turning days alone."""

from datetime import date

from msgspec import Struct

from transfers.facts import Facts
from transfers.judging import judge
from transfers.law import Law
from transfers.turning import turning_days
from transfers.vocabulary import Verdict


class Interval(Struct, frozen=True, kw_only=True):
    """An unbroken span with one answer; ``until`` is null where nothing on record ends it.

    A review begins a new span where its careful reading or its other readings change. So
    ``valid_until`` of an assessment, which looks at the verdict alone, may lie in a later span.
    """

    first_day: date
    until: date | None
    verdict: Verdict
    conservative_verdict: Verdict | None
    alternative_verdicts: tuple[Verdict, ...]
    event: str
    codes: tuple[str, ...]


def timeline(facts: Facts, law: Law) -> tuple[Interval, ...]:
    """Every interval from 1995-01-01 with its verdict and the event that turned it."""
    starts: list[tuple[date, str, tuple[str, ...]]] = []
    answers: list[tuple[Verdict, Verdict | None, tuple[Verdict, ...]]] = []
    for day, event in turning_days(facts, law).items():
        judgement = judge(facts, law, day)
        outcome = judgement.outcome
        careful = outcome.conservative if outcome.verdict is Verdict.NEEDS_REVIEW else None
        answer = (outcome.verdict, careful, outcome.alternatives)
        if answers and answers[-1] == answer:
            continue
        said = dict.fromkeys(finding.code for rung in judgement.rungs for finding in rung.findings)
        starts.append((day, event, tuple(said)))
        answers.append(answer)
    ends = [date.fromordinal(start[0].toordinal() - 1) for start in starts[1:]]
    return tuple(
        Interval(
            first_day=first,
            until=until,
            verdict=verdict,
            conservative_verdict=careful,
            alternative_verdicts=others,
            event=event,
            codes=said,
        )
        for (first, event, said), (verdict, careful, others), until in zip(
            starts, answers, [*ends, None], strict=True
        )
    )
