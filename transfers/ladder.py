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
    """The careful verdict, what other readings give, and the rung that carries the careful one."""

    conservative: Verdict
    alternatives: tuple[Verdict, ...]
    carrying: Rung | None

    @property
    def verdict(self) -> Verdict:
        return Verdict.NEEDS_REVIEW if self.alternatives else self.conservative


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
        return Outcome(Verdict.NOT_COVERED, _others((*by_fact, *by_law), Verdict.NOT_COVERED), None)
    return Outcome(carrying.verdict, _others(by_law, carrying.verdict), carrying)


_ORDER: Final = tuple(Verdict)


def _others(verdicts: Sequence[Verdict], conservative: Verdict) -> tuple[Verdict, ...]:
    if len(verdicts) == 1 and verdicts[0] is conservative:
        return ()
    found = {verdict for verdict in verdicts if verdict is not conservative}
    return tuple(verdict for verdict in _ORDER if verdict in found)
