"""The ladder of grounds: how holding, doubtful and unknown grounds add up to one verdict.

Two kinds of doubt are kept apart. A disputed point of law makes a review wherever its other reading
gives another verdict, even if both would be lawful. An unknown fact makes a review only where, taken
as not met, nothing covers the transfer: if another ground holds without it, that verdict is firm.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from transfers.findings import Finding, Missing
from transfers.vocabulary import Verdict

# How a ground or a condition stands. A ground is as good as its worst condition, so the order counts.
HOLDS: Final = 0
HOLDS_ARGUABLY: Final = 1  # disputed; the careful reading is that it holds
FAILS_ARGUABLY: Final = 2  # disputed; the careful reading is that it fails
UNKNOWN: Final = 3  # a fact is not on record; never counts as met
FAILS: Final = 4


class Rung(Struct):
    """One ground of the ladder, judged: the verdict it would give and how it stands."""

    verdict: Verdict
    state: int
    findings: Sequence[Finding] = ()
    missing: Sequence[Missing] = ()
    index: int | None = None
    decision: str | None = None


class Outcome(Struct):
    """The verdict, its careful reading, what other readings give, and the rung that carries the careful one."""

    verdict: Verdict
    conservative: Verdict
    alternatives: tuple[Verdict, ...]
    carrying: Rung | None


def climb(rungs: Sequence[Rung]) -> Outcome:
    """Take the first rung that holds; collect what disputed points and unknown facts could change."""
    carrying: Rung | None = None
    by_law: list[Verdict] = []
    by_fact: list[Verdict] = []
    for rung in rungs:
        state = rung.state
        if state == FAILS:
            continue
        if state == UNKNOWN:
            by_fact.append(rung.verdict)
            continue
        if state != FAILS_ARGUABLY and carrying is None:
            carrying = rung
        by_law.append(rung.verdict)
        if state == HOLDS:
            break
    else:
        by_law.append(Verdict.NOT_COVERED)
    if carrying is None:
        return _outcome((*by_fact, *by_law), Verdict.NOT_COVERED, None)
    return _outcome(by_law, carrying.verdict, carrying)


def _outcome(verdicts: Sequence[Verdict], conservative: Verdict, carrying: Rung | None) -> Outcome:
    """A review has another reading than the careful one; without one the answer is firm."""
    if len(verdicts) == 1 and verdicts[0] is conservative:
        return Outcome(conservative, conservative, (), carrying)
    found = {verdict for verdict in verdicts if verdict is not conservative}
    others = tuple(verdict for verdict in _ORDER if verdict in found)
    return Outcome(Verdict.NEEDS_REVIEW if others else conservative, conservative, others, carrying)


_ORDER: Final = tuple(Verdict)
