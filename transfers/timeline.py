"""The past and coming verdicts on the same facts, computed from the turning days alone."""

from datetime import date

from msgspec import Struct

from transfers.facts import Facts
from transfers.judging import judge
from transfers.law import Law
from transfers.turning import turning_days
from transfers.vocabulary import Verdict


class Interval(Struct, frozen=True, kw_only=True):
    """An unbroken span with one verdict; ``until`` is null where nothing on record ends it."""

    first_day: date
    until: date | None
    verdict: Verdict
    conservative_verdict: Verdict | None
    event: str
    codes: tuple[str, ...]


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
