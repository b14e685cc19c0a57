"""The law on every day: built from the records, asked by code, regime and day."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from transfers import codes, loader
from transfers.findings import Finding
from transfers.records import Adequacy, Challenge, Clauses, MaterialChange, Point, Records, Tool, Use
from transfers.standing import (
    FIRST_DAY,
    GDPR_DAY,
    UK_DAY,
    Standing,
    day_after,
    point_days,
    reading,
)
from transfers.standings import Builder
from transfers.statements import Book, Cited, Statement, informs
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
        self.point_days = [entry for point in records.point for entry in point_days(point)]
        self.set_days = {clause_set: sorted(self._days_of_set(clause_set)) for clause_set in self.sets}
        self.tool_days = sorted(self._days_of_tools())
        self.last_point_day = max((day for day, _ in self.point_days), default=FIRST_DAY)
        self.last_tool_day = max(
            self.last_point_day,
            *(day for day, _ in self.tool_days),
            *(day for days in self.set_days.values() for day, _ in days),
            *(change.first_day for change in records.material_change),
        )
        self._memo: dict[tuple[object, ...], Finding] = {}
        builder = Builder(records, self.day, self)
        self.standings: dict[Regime, dict[str, Standing]] = builder.standings()
        self.organisations: dict[Regime, dict[str, Standing]] = builder.organisations()
        self.no_organisation: dict[Regime, Standing] = builder.no_organisation()
        self.regions: dict[str, tuple[str, ...]] = {
            subdivision: region.says for region in records.region for subdivision in region.subdivisions
        }
        self.state_of: dict[str, str] = {
            code: entry.state for entry in records.belongs_to if entry.by_list_entry for code in entry.codes
        }

    def _days_of_tools(self) -> Iterable[tuple[date, str]]:
        """Days on which a tool begins, a duty falls due or another body of rules takes over."""
        yield GDPR_DAY, "GDPR applies"
        yield UK_DAY, "UK GDPR on its own after the transition"
        for duty in self.records.duty:
            yield duty.first_day, duty.event
        for tool in self.records.tool:
            if tool.first_day is not None:
                yield tool.first_day, f"{tool.title} available"

    def _days_of_set(self, clause_set: ClauseSet) -> Iterable[tuple[date, str]]:
        record = self.sets[clause_set]
        yield record.first_day, record.event
        for regime in Regime:
            use = self.uses.get((regime, clause_set))
            if use is None:
                continue
            yield use.first_day, use.event
            if use.conclude_until is not None:
                yield day_after(use.conclude_until), f"{use.event}: no new contracts"
            if use.rely_until is not None:
                yield use.rely_until, f"{use.event}: last day"
                yield day_after(use.rely_until), f"{use.event}: ended"
            if use.review_from is not None:
                yield use.review_from, f"{use.event}: open how long"

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

    def last_addition(self, regime: Regime) -> date:
        """Return the first day of the newest entry of a regime's list."""
        return max(entry.first_day for entry in self.records.adequacy if entry.regime is regime)


def load_law(paths: Iterable[Path] = ()) -> Law:
    """Read the packaged law and then an operator's own files; raises ``LawDataError`` for a fault."""
    records, edition, local = loader.read(paths)
    return Law(records, edition, local)
