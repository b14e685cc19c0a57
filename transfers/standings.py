"""Builds the standing of every destination under every regime from the records."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from transfers import codes
from transfers.checking import EXTRA_KEYS
from transfers.findings import Finding
from transfers.grounds import Citing, Grounds
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS
from transfers.records import Adequacy, BelongsTo, Event, Membership, Records, Territory
from transfers.standing import (
    ENDED,
    EU_INSTITUTION,
    FIRST_DAY,
    GDPR_DAY,
    IN_TERRITORY,
    NO_ADEQUACY,
    OWN_TERRITORY,
    SAYS,
    UK_DAY,
    Ground,
    Slice,
    Standing,
    book_on,
    event_days,
    point_days,
    reading,
)
from transfers.statements import Book
from transfers.vocabulary import Regime, Verdict

OWN_COUNTRY: Final = {Regime.UK_GDPR: "GB", Regime.CH_FADP: "CH"}
UNION: Final = "EU"


class Builder:
    """Builds all standings of one edition; used once."""

    def __init__(self, records: Records, law_day: date, law: Citing) -> None:
        self.records = records
        self.law = law
        self.grounds = Grounds(law, law_day)
        self.members: dict[str, list[Membership | Territory]] = {}
        standing_events: list[Membership | Territory] = [*records.membership, *records.territory]
        for event in standing_events:
            for code in event.codes:
                self.members.setdefault(code, []).append(event)
        self.lists: dict[tuple[Regime, str], list[Adequacy]] = {}
        for decision in records.adequacy:
            for name in (*decision.codes, decision.organisation):
                if name is not None and decision.judged:
                    self.lists.setdefault((decision.regime, name), []).append(decision)
        self.owners: dict[str, list[BelongsTo]] = {}
        for entry in records.belongs_to:
            for code in entry.codes:
                self.owners.setdefault(code, []).append(entry)
        self.settled = [
            (point.settled_on, f"Settled: {point.question}")
            for point in records.point
            if point.settled_on is not None
        ]
        self.last_addition = {
            regime: max(entry.first_day for entry in records.adequacy if entry.regime is regime)
            for regime in OWN_COUNTRY
        }

    def standings(self) -> dict[Regime, dict[str, Standing]]:
        """Return the standing of every key: codes, legal areas without a code, withdrawn codes."""
        plain = [code for code in codes.KNOWN if codes.canonical(code) == code]
        whole = [code for code in plain if not codes.countries()[code].became]
        several = [code for code in plain if codes.countries()[code].became]
        found: dict[Regime, dict[str, Standing]] = {}
        for regime in Regime:
            default = self._standing(regime, "")
            table = found[regime] = {}
            for key in (*whole, *EXTRA_KEYS):
                known = key in self.members or key in self.owners or self._listed(regime, key)
                table[key] = self._standing(regime, key) if known else default
            for code in several:
                table[code] = self._withdrawn(regime, code, codes.countries()[code].became, table)
            if regime is Regime.CH_FADP:
                states = [code for entry in self.records.membership for code in entry.codes]
                table[UNION] = self._withdrawn(regime, UNION, tuple(states), table)
        return found

    def organisations(self) -> dict[Regime, dict[str, Standing]]:
        """Return the standing of each organisation that has a decision, by every name in lower case."""
        found: dict[Regime, dict[str, Standing]] = {regime: {} for regime in Regime}
        for decision in self.records.adequacy:
            if decision.organisation is None:
                continue
            for regime in Regime:
                standing = self._standing(regime, decision.organisation)
                for name in (decision.organisation, *decision.also_called):
                    found[regime][name.casefold()] = standing
        return found

    def no_organisation(self) -> dict[Regime, Standing]:
        return {regime: self._standing(regime, "") for regime in Regime}

    def _listed(self, regime: Regime, key: str) -> bool:
        return (
            (regime, key) in self.lists
            or (Regime.EU_GDPR, key) in self.lists
            or key in OWN_COUNTRY.values()
            or key == UNION
        )

    def _standing(self, regime: Regime, key: str) -> Standing:
        days: dict[date, str] = {FIRST_DAY: "Directive 95/46/EC (1995)"}
        events = [*self._events(regime, key), *self.settled]
        for day, event in sorted(events, key=lambda entry: entry[1].endswith(ENDED)):
            if day <= FIRST_DAY or (day in days and (event.endswith(ENDED) or event in days[day])):
                continue
            days[day] = f"{days[day]}; {event}" if day in days else event
        ordered = dict(sorted(days.items()))
        slices = [self._slice(regime, key, day) for day in ordered]
        return Standing(days=list(ordered), slices=slices, events=ordered)

    def _events(self, regime: Regime, key: str) -> Iterable[tuple[date, str]]:
        if regime is not Regime.CH_FADP:
            yield GDPR_DAY, "GDPR applies"
            yield from self._eu_events(key)
        if regime is Regime.EU_GDPR:
            return
        if regime is Regime.UK_GDPR:
            yield UK_DAY, "UK GDPR on its own after the transition"
        for owner in self.owners.get(key, ()):
            if owner.point is not None:
                yield from point_days(self.law.points[owner.point])
                for event in self.members.get(key, ()):
                    yield from event_days(event)
        for name in (key, *(entry.state for entry in self.owners.get(key, ()))):
            for decision in (*self.lists.get((regime, name), ()), *self._additions(regime, name)):
                yield from event_days(decision)

    def _eu_events(self, key: str) -> Iterable[tuple[date, str]]:
        events: list[Event] = [*self.members.get(key, ()), *self.lists.get((Regime.EU_GDPR, key), ())]
        events.extend(entry for entry in self.records.national_extension if key in entry.codes)
        for owner in self.owners.get(key, ()):
            if owner.by_list_entry:
                events.extend(self.lists.get((Regime.EU_GDPR, owner.state), ()))
        for event in events:
            yield from event_days(event)
            if isinstance(event, Territory) and event.point is not None:
                yield from point_days(self.law.points[event.point])

    def _additions(self, regime: Regime, name: str) -> list[Adequacy]:
        """EU decisions newer than the list's newest entry: whether the list has grown is not known."""
        if (regime, name) in self.lists:
            return []
        newest = self.last_addition[regime]
        return [entry for entry in self.lists.get((Regime.EU_GDPR, name), ()) if entry.first_day > newest]

    def _slice(self, regime: Regime, key: str, day: date) -> Slice:
        book = book_on(regime, day)
        if book in {Book.DIRECTIVE, Book.EU_GDPR}:
            return self._eu_slice(key, day, book)
        return self._list_slice(regime, key, day, book)

    def _eu_slice(self, key: str, day: date, book: Book) -> Slice:
        if key == UNION:
            return Slice(day, book, HOLDS, (EU_INSTITUTION.under(book),))
        extensions = tuple(
            entry for entry in self.records.national_extension if key in entry.codes and entry.covers(day)
        )
        event = next((entry for entry in self.members.get(key, ()) if entry.covers(day)), None)
        says = tuple(self.law.cite(SAYS[code], book, event) for code in event.says) if event else ()
        if isinstance(event, Membership) or (isinstance(event, Territory) and event.status == "inside"):
            return Slice(day, book, HOLDS, (self.law.cite(IN_TERRITORY, book, event), *says))
        names = [key, *(entry.state for entry in self.owners.get(key, ()) if entry.by_list_entry)]
        decisions = [entry for name in names for entry in self.lists.get((Regime.EU_GDPR, name), ())]
        grounds, absent = self.grounds.on(decisions, day, book)
        if event is None or event.point is None:
            return Slice(day, book, FAILS, says, (), grounds, absent)
        state = reading(self.law.points[event.point], day, Regime.EU_GDPR)
        doubt = (self.law.doubt(event.point, book),) if state not in {HOLDS, FAILS} else ()
        if "pending_treaty" in event.says and state == FAILS_ARGUABLY and not grounds:
            # The agreement may work as a decision does, so either reading is an alternative.
            grounds = (Ground(None, state, (), absent, doubt),)
        return Slice(day, book, state, says, doubt, grounds, absent, (), extensions)

    def _list_slice(self, regime: Regime, key: str, day: date, book: Book) -> Slice:
        if key == OWN_COUNTRY[regime]:
            return Slice(day, book, HOLDS, (OWN_TERRITORY.under(book),))
        decisions = [*self.lists.get((regime, key), ()), *self._additions(regime, key)]
        grounds, absent = self.grounds.on(decisions, day, book)
        if grounds:
            return Slice(day, book, FAILS, (), (), grounds, absent)
        for owner in self.owners.get(key, ()):
            theirs, absent = self.grounds.on(self.lists.get((regime, owner.state), ()), day, book)
            if theirs and owner.point is not None and self._disputed_on(key, day):
                following = (self._following(ground, owner.point, day, book, regime) for ground in theirs)
                theirs = tuple(ground for ground in following if ground.state != FAILS)
            return Slice(day, book, FAILS, self._says(key, day, book), (), theirs, absent)
        return Slice(day, book, FAILS, self._says(key, day, book), (), (), absent)

    def _says(self, key: str, day: date, book: Book) -> tuple[Finding, ...]:
        """What a territory is, where that matters for a list of states too."""
        telling = {"oct_outside_eu", "territory_disputed", "acquis_suspended", "outermost_region"}
        return tuple(
            self.law.cite(SAYS[code], book, event)
            for event in self.members.get(key, ())
            if event.covers(day)
            for code in event.says
            if code in telling
        )

    def _disputed_on(self, key: str, day: date) -> bool:
        events = [entry for entry in self.members.get(key, ()) if entry.covers(day)]
        return not events or any(isinstance(entry, Territory) and entry.point for entry in events)

    def _following(self, ground: Ground, point: str, day: date, book: Book, regime: Regime) -> Ground:
        state = reading(self.law.points[point], day, regime)
        return Ground(
            ground.record,
            max(ground.state, state),
            ground.if_holds,
            (NO_ADEQUACY.under(book),),
            (*ground.doubts, self.law.doubt(point, book)),
        )

    def _withdrawn(
        self, regime: Regime, code: str, became: tuple[str, ...], table: dict[str, Standing]
    ) -> Standing:
        """Several codes took the place of one: which is meant is unknown, and unknown is never met."""
        days = {FIRST_DAY: f"{code} has no single successor"}
        for successor in became:
            days.update(table[successor].events)
        ordered = dict(sorted(days.items()))
        return Standing(
            days=list(ordered),
            slices=[self._unknown_slice(regime, code, became, day, table) for day in ordered],
            events=ordered,
        )

    def _unknown_slice(
        self, regime: Regime, code: str, became: tuple[str, ...], day: date, table: dict[str, Standing]
    ) -> Slice:
        book = book_on(regime, day)
        theirs = [table[successor].on(day) for successor in became]
        maybe = []
        if any(entry.inside != FAILS for entry in theirs):
            maybe.append(Verdict.NO_TRANSFER)
        if any(entry.grounds for entry in theirs):
            maybe.append(Verdict.COVERED_BY_ADEQUACY)
        absent = (NO_ADEQUACY.under(book),)
        return Slice(day, book, FAILS, self._says(code, day, book), (), (), absent, tuple(maybe))
