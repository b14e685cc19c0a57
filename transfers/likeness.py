"""What of facts and day an answer depends on: questions that are alike have the same answer but for ``as_of``.

Thousands of routes come down to a few dozen answers. What can matter is read off the standing of the place:
where no decision is in force or to come, nobody asks for the kind of data; inside the territory, for no tool;
and of entries on lists that no decision about the place asks for, only that there are some.
And a rule compares a date of the facts with the day asked about, or with days that the law names for it, never
with another date of the facts (save those of a sub-processor's notice). So of a date before the day only its
place among those days counts. A later one is kept as it is, since the answer says until when it holds.

Whatever is out of the ordinary is alike only to itself.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from operator import attrgetter
from typing import Any, Final, get_args

from msgspec import UNSET, Struct
from msgspec.structs import astuple

from transfers import codes
from transfers.facts import Exporter, Facts, Importer, ListEntry
from transfers.law import Law
from transfers.records import Records
from transfers.safeguards import Safeguard, Scc, Tia
from transfers.standing import FIRST_DAY, GDPR_DAY, LAST_DAY, Outlook, day_after, point_days
from transfers.vocabulary import ImporterKind, Regime


class Likeness:
    """Tells what is alike under one edition of the law."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.days = sorted(set(_of_tools(law.records)))
        self.compared = sorted(set(_compared(law.records)))
        self.places = Places(self.compared, FIRST_DAY)
        self.among = 0

    def of(self, facts: Facts, day: date) -> Hashable:
        """Return what the answer depends on; equal for questions whose answers differ in ``as_of`` at most."""
        importer = facts.importer
        kind = importer.kind
        standing = self.law.standings[facts.regime].get(importer.country)
        if (
            standing is None  # an alias
            or importer.subdivision is not None
            or importer.area is not None
            or facts.onward_from is not None
            or not (kind is ImporterKind.PRIVATE or kind is ImporterKind.PUBLIC)
            or not FIRST_DAY <= day <= LAST_DAY
        ):
            return (day, *_BUT_DAY(facts))
        if day != self.places.day:
            self.places = Places(self.compared, day)
            self.among = bisect_right(self.days, day)
        number = bisect_right(standing.days, day) - 1
        outlook = standing.outlooks[number]
        place = id(standing.slices[number])
        if outlook is Outlook.INSIDE:
            return self._inside(facts, place, day)
        safeguards = tuple([_of_safeguard(one, self.places) for one in facts.safeguards])
        country = importer.country if importer.country in self.law.changes else None
        shared = (place, self.among, facts.access, country, safeguards)
        if outlook is Outlook.BARE:
            return (*shared, _WHEREVER(facts.exporter), _BARE(importer), importer.subject_to.gdpr)
        told = day if facts.exporter.country in _EFTA else None
        asked = standing.frameworks
        entries = tuple(
            [
                _of_entry(one, self.places) if one.framework in asked else None
                for one in importer.certifications or ()
            ]
        )
        listed = importer if not entries else _BUT_ENTRIES(importer)
        return (*shared, facts.exporter, told, facts.data, listed, entries)

    def _inside(self, facts: Facts, place: int, day: date) -> Hashable:
        """Inside the territory neither tools nor data count; of the exporter, whether it is inside too."""
        importer, exporter = facts.importer, facts.exporter
        home = self.law.standings[Regime.EU_GDPR][codes.canonical(exporter.country)].on(day)
        return place, id(home), exporter.subject_to_regime, _INSIDE(importer), bool(importer.certifications)


class Places(dict[Any, Hashable]):
    """Where a date of the facts lies, seen from a day: that of ``None`` and of what is not set is nowhere."""

    def __init__(self, days: list[date], day: date) -> None:
        super().__init__({None: None, UNSET: UNSET})
        self.days = days
        self.day = day

    def __missing__(self, value: date) -> Hashable:
        place: Hashable = value
        if value < self.day:
            place = bisect_right(self.days, value)
        elif value == self.day:
            place = (value,)  # not alike with a day on which it is still to come
        self[value] = place
        return place


def _of_tools(records: Records) -> Iterator[date]:
    """The days on which what the law says of tools turns; those of a place are in its standing."""
    dated = (*records.clauses, *records.duty, *records.material_change, *records.challenge)
    for event in dated:
        yield event.first_day
        if event.last_day is not None:
            yield day_after(event.last_day)
    yield GDPR_DAY
    for use in records.use:
        for last in (use.conclude_until, use.rely_until):
            if last is not None:
                yield from (last, day_after(last))
        yield use.first_day
        if use.review_from is not None:
            yield use.review_from
    for tool in records.tool:
        if tool.first_day is not None:
            yield tool.first_day
    for point in records.point:
        yield from (day for day, _ in point_days(point))


def _compared(records: Records) -> Iterator[date]:
    """The days of the law with which dates of facts are compared: before or from then on."""
    yield GDPR_DAY
    for use in records.use:
        if use.conclude_until is not None:
            yield day_after(use.conclude_until)
    for change in records.material_change:
        yield day_after(change.first_day)


def _of_safeguard(safeguard: Safeguard, places: Places) -> Hashable:
    kind = type(safeguard)
    dated = _DATED[kind]
    if not dated:
        return safeguard
    if isinstance(safeguard, Scc) and safeguard.sub_processor_authorisation is not None:
        return safeguard, places.day  # the dates of a notice are weighed against each other
    values = list(astuple(safeguard))
    for number in dated:
        value = values[number]
        values[number] = (value.outcome, places[value.completed_on]) if type(value) is Tia else places[value]
    return (kind, *values)


def _of_entry(entry: ListEntry, places: Places) -> Hashable:
    values = list(astuple(entry))
    for number in _DATED[ListEntry]:
        values[number] = places[values[number]]
    return tuple(values)


def _dated(kind: type[Struct]) -> tuple[int, ...]:
    """Which members are dates or an assessment with one: by their types, so that a new one is not forgotten."""
    return tuple(
        number
        for number, member in enumerate(kind.__struct_fields__)
        if {date, Tia} & set(get_args(kind.__annotations__[member]) or (kind.__annotations__[member],))
    )


def _but(kind: type[Struct], *members: str) -> Callable[[Any], tuple[Any, ...]]:
    """A reader of all members but these, so that a new one counts until it is said not to."""
    return attrgetter(*(member for member in kind.__struct_fields__ if member not in members))


_DATED: Final = {kind: _dated(kind) for kind in (*Safeguard.__args__, ListEntry)}
_BUT_DAY: Final = _but(Facts, "as_of")
_BUT_ENTRIES: Final = _but(Importer, "certifications")
_WHEREVER: Final = _but(Exporter, "country")
_BARE: Final = _but(
    Importer, "country", "subdivision", "area", "organisation", "sector", "subject_to", "certifications"
)
_INSIDE: Final = attrgetter("role", "subject_to", "same_legal_entity")
_EFTA: Final = frozenset({"IS", "LI", "NO"})
"""Exporters to whom it is told for some time that an act is not known to be in the EEA Agreement yet."""
