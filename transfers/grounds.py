"""Which decisions count for a destination on a day, and how each stands before its scope is tested."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol

from transfers.findings import Finding
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS
from transfers.records import Adequacy, Point
from transfers.standing import (
    CH_ANNEX1,
    CONDITIONS_MET,
    DAY_UNCERTAIN,
    DROPPED,
    EXPIRED,
    FULL,
    INDICATIVE,
    INVALIDATED,
    NO_ADEQUACY,
    SAYS,
    UK_ADEQUACY,
    Ground,
    reading,
)
from transfers.statements import Book, Cited, Statement
from transfers.vocabulary import Regime

ADDITIONS: Final = {Regime.UK_GDPR: "uk-list-additions", Regime.CH_FADP: "swiss-list-additions"}
"""Whether a list has grown since its last known addition: the open point of each list."""
HOME: Final = {
    Book.DIRECTIVE: Regime.EU_GDPR,
    Book.EU_GDPR: Regime.EU_GDPR,
    Book.UK_GDPR: Regime.UK_GDPR,
    Book.CH_FADP: Regime.CH_FADP,
}
"""Whose decisions count under each body of rules."""


class Citing(Protocol):
    """What the tables need of the law that is being built."""

    points: dict[str, Point]

    def cite(self, statement: Statement, book: Book, *records: Cited) -> Finding: ...

    def doubt(self, point: str, book: Book) -> Finding: ...


class Grounds:
    """Turns decisions into grounds for one edition of the law."""

    def __init__(self, law: Citing, law_day: date) -> None:
        self.law = law
        self.law_day = law_day

    def on(
        self, decisions: Iterable[Adequacy], day: date, book: Book
    ) -> tuple[tuple[Ground, ...], tuple[Finding, ...]]:
        """Decisions that count on the day, and what to say where none does."""
        found: list[Ground] = []
        absent: tuple[Finding, ...] = (NO_ADEQUACY.under(book),)
        for decision in sorted(decisions, key=lambda entry: entry.first_day):
            ground = self._ground(decision, day, book)
            if ground is not None:
                found.append(ground)
            elif decision.last_day is not None and day > decision.last_day:
                absent = (NO_ADEQUACY.under(book), *self._why_ended(decision, book))
        return tuple(found), absent

    def _why_ended(self, decision: Adequacy, book: Book) -> tuple[Finding, ...]:
        if decision.ended_by in {"court", "repeal"}:
            return (self.law.cite(INVALIDATED, book, decision),)
        if decision.ended_by == "sunset":
            return (self.law.cite(EXPIRED, book, decision),)
        return ()

    def _ground(self, decision: Adequacy, day: date, book: Book) -> Ground | None:
        no_adequacy = (NO_ADEQUACY.under(book),)
        if decision.covers(day):
            return self._in_force(decision, day, book)
        if decision.unsure_from is not None and decision.unsure_from <= day < decision.first_day:
            # Adopted, but taking effect later: the careful reading of the window turns round here.
            return self._doubtful(decision, "notification-days", day, book, no_adequacy, turned=True)
        sunset = decision.last_day if decision.ended_by == "sunset" else None
        if sunset is not None and day > sunset > self.law_day:
            # A sunset that lies ahead may be moved; one that has passed is firm.
            why = (self.law.cite(EXPIRED, book, decision),)
            return self._doubtful(decision, "sunset-ahead", day, book, why)
        return None

    def _in_force(self, decision: Adequacy, day: date, book: Book) -> Ground | None:
        no_adequacy = (NO_ADEQUACY.under(book),)
        if decision.indicative:
            struck = decision.struck_on is not None and day >= decision.struck_on
            why = self.law.cite(DROPPED if struck else INDICATIVE, book, decision)
            return self._doubtful(decision, "swiss-indicative-list", day, book, (why, *no_adequacy))
        if decision.regime is not HOME[book]:
            point = ADDITIONS[HOME[book]]
            return self._doubtful(decision, point, day, book, no_adequacy)
        if decision.unsure_until is not None and day <= decision.unsure_until:
            return self._doubtful(decision, "notification-days", day, book, no_adequacy)
        return Ground(decision, HOLDS, self._covered(decision, day, book))

    def _doubtful(
        self,
        decision: Adequacy,
        point: str,
        day: date,
        book: Book,
        if_fails: tuple[Finding, ...],
        *,
        turned: bool = False,
    ) -> Ground | None:
        state = reading(self.law.points[point], day, HOME[book])
        if turned and state not in {HOLDS, FAILS}:
            state = FAILS_ARGUABLY
        elif turned:
            state = FAILS
        if state == FAILS:
            return None
        doubts: tuple[Finding, ...] = () if state == HOLDS else (self.law.doubt(point, book),)
        if doubts and point == "notification-days":
            doubts = (self.law.cite(DAY_UNCERTAIN, book, decision), *doubts)
        return Ground(decision, state, self._covered(decision, day, book), if_fails, doubts)

    def _covered(self, decision: Adequacy, day: date, book: Book) -> tuple[Finding, ...]:
        """What to say of a decision in force whose scope is met."""
        says: list[Statement] = []
        if book is Book.UK_GDPR and decision.regime is Regime.UK_GDPR:
            says.append(UK_ADEQUACY)
        if book is Book.CH_FADP and decision.regime is Regime.CH_FADP:
            says.append(CH_ANNEX1)
        if decision.conditional:
            says.append(CONDITIONS_MET)
        elif not says:
            says.append(FULL)
        found = [self.law.cite(statement, book, decision) for statement in says]
        found.extend(
            self.law.cite(SAYS[phase.says], book, phase)
            for phase in decision.phase
            if phase.says is not None and phase.first_day <= day <= phase.last_day
        )
        return tuple(found)
