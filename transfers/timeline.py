"""The past and coming verdicts on the same facts, computed from the turning days alone."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Protocol

from msgspec import Struct

from transfers.facts import Facts
from transfers.findings import Assessment, ReliedOn
from transfers.judging import Judgement, findings, judge, relied_on
from transfers.law import Law
from transfers.turning import turning_days
from transfers.vocabulary import Verdict


class Reading(Struct, frozen=True, kw_only=True):
    """What an answer says in short: the verdict, what carries it, and for a review its readings."""

    verdict: Verdict
    conservative_verdict: Verdict | None
    alternative_verdicts: tuple[Verdict, ...]
    relied_on: ReliedOn | None


class Interval(Struct, frozen=True, kw_only=True):
    """An unbroken span with one answer; ``until`` is null where nothing on record ends it.

    A new span begins where the verdict changes, or what carries it, or a review's careful reading or
    other readings: from its first day on a reader must look at something else. ``valid_until`` is the
    last day of the verdict alone, as in an assessment on any of these days, and so may lie in a later
    span. ``codes`` are those of all findings on any day of the span.
    """

    first_day: date
    until: date | None
    verdict: Verdict
    valid_until: date | None
    relied_on: ReliedOn | None
    conservative_verdict: Verdict | None
    alternative_verdicts: tuple[Verdict, ...]
    event: str
    codes: tuple[str, ...]


class Span(Protocol):
    """Anything that lasts and has a verdict."""

    @property
    def first_day(self) -> date: ...

    @property
    def until(self) -> date | None: ...

    @property
    def verdict(self) -> Verdict: ...


def reading(answer: Assessment) -> Reading:
    """Return what must stay the same within one span of a timeline."""
    return Reading(
        verdict=answer.verdict,
        conservative_verdict=answer.conservative_verdict,
        alternative_verdicts=answer.alternative_verdicts,
        relied_on=answer.relied_on,
    )


def reading_of(judgement: Judgement) -> Reading:
    """As ``reading``, before a judgement is worded as an assessment."""
    outcome = judgement.outcome
    return Reading(
        verdict=outcome.verdict,
        conservative_verdict=outcome.conservative if outcome.verdict is Verdict.NEEDS_REVIEW else None,
        alternative_verdicts=outcome.alternatives,
        relied_on=relied_on(outcome.carrying),
    )


def verdict_ends(spans: Sequence[Span]) -> list[date | None]:
    """Return for each span the last day of its verdict: spans that meet and agree in it are one.

    The spans are in order and do not overlap; there may be days between them.
    """
    if not spans:
        return []
    ends = [spans[-1].until]
    for span, following in pairwise(reversed(spans)):
        until = following.until
        meets = until is not None and until.toordinal() + 1 == span.first_day.toordinal()
        ends.append(ends[-1] if meets and following.verdict is span.verdict else until)
    return ends[::-1]


def timeline(facts: Facts, law: Law) -> tuple[Interval, ...]:
    """Every interval from 1995-01-01 with its verdict and the event that turned it."""
    begun: list[_Begun] = []
    for day, event in turning_days(facts, law).items():
        judgement = judge(facts, law, day)
        read = reading_of(judgement)
        if not begun or begun[-1].reading != read:
            begun.append(_Begun(day, event, read, {}))
        said = begun[-1].codes
        for finding in findings(judgement):
            said[finding.code] = None
    return tuple(_intervals(begun))


class _Begun(Struct):
    """A span whose end is not known yet."""

    first_day: date
    event: str
    reading: Reading
    codes: dict[str, None]
    until: date | None = None

    @property
    def verdict(self) -> Verdict:
        return self.reading.verdict


def _intervals(begun: Sequence[_Begun]) -> Iterable[Interval]:
    for span, following in pairwise(begun):
        span.until = date.fromordinal(following.first_day.toordinal() - 1)
    for span, valid_until in zip(begun, verdict_ends(begun), strict=True):
        yield Interval(
            first_day=span.first_day,
            until=span.until,
            verdict=span.reading.verdict,
            valid_until=valid_until,
            relied_on=span.reading.relied_on,
            conservative_verdict=span.reading.conservative_verdict,
            alternative_verdicts=span.reading.alternative_verdicts,
            event=span.event,
            codes=tuple(span.codes),
        )
