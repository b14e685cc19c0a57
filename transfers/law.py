"""The law on every day: built from the records, asked by code, regime and day."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from transfers import codes, loader
from transfers.findings import Finding
from transfers.records import Adequacy, Challenge, Clauses, MaterialChange, Point, Records, Tool, Use
from transfers.standing import Standing, reading
from transfers.standings import Builder
from transfers.statements import Book, Cited, Statement, informs
from transfers.tool_days import (
    ARTICLES,
    OF_PLACES,
    days_of,
    modules_from,
    of_onward,
    of_points,
    of_set,
    of_type,
)
from transfers.vocabulary import ClauseSet, Regime

OPEN_POINT = informs("open_point", "-", "{0.question} {0.state}")


class Law:
    """One edition of the law. Frozen in use: what it hands out is shared and never changed."""

    def __init__(self, records: Records, edition: str, local: frozenset[str] = frozenset()) -> None:
        self.records = records
        self.edition = edition
        self.local = local
        self.day = date.fromisoformat(edition[:10])
        self.points: dict[str, Point] = {point.id: point for point in records.point}
        self.tools: dict[str, Tool] = {tool.id: tool for tool in records.tool}
        self.sets: dict[ClauseSet, Clauses] = {clauses.set: clauses for clauses in records.clauses}
        self.uses: dict[tuple[Regime, ClauseSet], Use] = {
            (use.regime, clause_set): use for use in records.use for clause_set in use.sets
        }
        self.changes: dict[str, tuple[MaterialChange, ...]] = {}
        for change in sorted(records.material_change, key=lambda change: change.first_day):
            for code in change.codes:
                self.changes[code] = (*self.changes.get(code, ()), change)
        self.challenges: dict[str, tuple[Challenge, ...]] = {}
        for challenge in records.challenge:
            known = self.challenges.get(challenge.decision, ())
            self.challenges[challenge.decision] = (*known, challenge)
        self.assessment_due_from = min(
            duty.first_day for duty in records.duty if duty.id == "transfer-impact-assessment"
        )
        self.days_of_type = {kind: of_type(records, kind) for kind in ARTICLES}
        self.days_of_set = {
            (regime, clause_set): of_set(records, regime, clause_set)
            for regime in Regime
            for clause_set in ClauseSet
        }
        self.days_of_changes = {
            code: days_of((change.first_day, change.event) for change in changes)
            for code, changes in self.changes.items()
        }
        self.days_of_places = {
            regime: days_of(of_points(records, OF_PLACES, regime=regime)) for regime in Regime
        }
        self.modules_from = {regime: modules_from(records, regime) for regime in Regime}
        """From which day data can have come under a module of the clauses of 2021."""
        self.days_of_onward = {regime: of_onward(records, regime) for regime in Regime}
        of_tools = [*self.days_of_onward.values(), *self.days_of_type.values(), *self.days_of_set.values()]
        self.last_day_of_tools = max(days.last for days in (*of_tools, *self.days_of_changes.values()))
        self._memo: dict[tuple[object, ...], Finding] = {}
        builder = Builder(records, self.day, self)
        self.standings: dict[Regime, dict[str, Standing]] = builder.standings()
        self.organisations: dict[Regime, dict[str, Standing]] = builder.organisations()
        self.no_organisation: dict[Regime, Standing] = builder.no_organisation()
        self.regions: dict[str, tuple[str, ...]] = {
            subdivision: region.says for region in records.region for subdivision in region.subdivisions
        }

    def standing(self, regime: Regime, key: str) -> Standing:
        """How a destination stands under a regime; every code has a standing."""
        return self.standings[regime][key]

    def organisation(self, regime: Regime, name: str | None) -> Standing:
        """How an international organisation stands under a regime."""
        table = self.organisations[regime]
        return table.get((name or "").strip().casefold(), self.no_organisation[regime])

    def reading(self, point: str, day: date, regime: Regime) -> int:
        """How a condition stands that turns on an open point."""
        return reading(self.points[point], day, regime)

    def cite(self, statement: Statement, book: Book, *records: Cited) -> Finding:
        """Return the finding that cites these records; made once, then shared."""
        key: tuple[object, ...]
        if len(records) == 1:
            key = (statement, book, records[0].id)
        else:
            key = (statement, book, *(record.id for record in records))
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = statement.citing(book, *records)
        return found

    def doubt(self, point: str, book: Book) -> Finding:
        """Return the finding that cites an open point."""
        key = (OPEN_POINT, book, point)
        found = self._memo.get(key)
        if found is None:
            record = self.points[point]
            statement = informs("open_point", record.article, "{0.question} {0.state}")
            found = self._memo[key] = statement.citing(book, record)
        return found

    def members(self, union: str, day: date) -> frozenset[str]:
        """Return the member states on a day: ``EU``, or ``EEA`` for the EU with the EFTA states.

        The EFTA states count from the day on which the EEA Agreement took over Directive 95/46/EC.
        """
        if union not in {"EU", "EEA"}:
            raise ValueError(f"{union} has no legal membership; ask for EU or EEA")
        return frozenset(
            code
            for entry in self.records.membership
            if entry.covers(day) and (entry.union == "EU" or union == "EEA")
            for code in entry.codes
        )

    def country(self, code: str) -> codes.Country | None:
        """Return the entry of a code that exists or existed; ``None`` for one that never did."""
        return codes.countries().get(code)

    def decisions(self, regime: Regime | None = None) -> tuple[Adequacy, ...]:
        """Return the adequacy records of a regime, or all, in order of their first day."""
        found = (entry for entry in self.records.adequacy if regime is None or entry.regime is regime)
        return tuple(sorted(found, key=lambda entry: (entry.first_day, entry.id)))


def load_law(paths: Iterable[Path] = (), today: date | None = None) -> Law:
    """Read the packaged law and then an operator's own files, none of it checked later than ``today``.

    Raises ``LawDataError`` for a fault.
    """
    records, edition, local = loader.read(paths, today)
    return Law(records, edition, local)
