"""The days on which the answer to a question may turn: those that a record or a fact names.

Between two neighbouring turning days nothing that a rule looks at changes, so a verdict is constant
there; the list may be longer than needed, never shorter.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Final

from msgspec import UNSET, Struct

from transfers import codes
from transfers.case import destination
from transfers.facts import Facts, ListEntry
from transfers.law import Law
from transfers.safeguards import Safeguard, Scc, SubProcessorAuthorisation, Tia
from transfers.standing import (
    FIRST_DAY,
    GDPR_DAY,
    LAST_DAY,
    OF_POINTS,
    UK_DAY,
    Outlook,
    Standing,
    day_after,
)
from transfers.tool_days import Days, Turn
from transfers.vocabulary import ImporterKind

LASTS: Final = frozenset({"ended_on", "valid_until"})
"""Members of facts that name a last day; all others are days from which something is true."""
WHOLE: Final = frozenset({"valid_until"})
"""Those of them on which all is as it was before; on the day on which rules end, it is open whether they do."""


def turning_days(facts: Facts, law: Law) -> dict[date, str]:
    """Return every day that may turn the verdict, in order, with the event that falls on it."""
    found: dict[date, str] = {FIRST_DAY: "The law on record begins"}
    for standing in standings(facts, law):
        for day, event in standing.events.items():
            _falls(found, day, event)
    for days in (law.days_of_places[facts.regime], *_days_of_tools(facts, law)):
        for day, event in days.turns:
            _falls(found, day, event)
    for day, event in _of_facts(facts):
        if FIRST_DAY < day <= LAST_DAY:
            found[day] = f"{event}; {found[day]}" if day in found else event
    return dict(sorted(found.items()))


def _falls(found: dict[date, str], day: date, event: str) -> None:
    """Note an event beside others of its day; an open point is told where nothing else falls on it."""
    before = found.get(day)
    if before is None or before.startswith(OF_POINTS):
        found[day] = event
    elif event not in before and not event.startswith(OF_POINTS):
        found[day] = f"{before}; {event}"


def standings(facts: Facts, law: Law) -> tuple[Standing, ...]:
    """Return how the places in question stand: all that decisions and lists can do to these facts."""
    importer = facts.importer
    table = law.standings[facts.regime]
    place = table[destination(importer)]
    kind = importer.kind
    if facts.onward_from is not None:
        home = table[codes.canonical(facts.exporter.country)]
    elif kind is ImporterKind.PRIVATE or kind is ImporterKind.PUBLIC:
        return (place,)
    else:
        home = place
    if kind is ImporterKind.INTERNATIONAL_ORGANISATION:
        return place, home, law.organisation(facts.regime, importer.organisation)
    return place, home, table["EU"]


def _days_of_tools(facts: Facts, law: Law) -> list[Days]:
    """What the law names for the tools on record, whatever their facts."""
    found: list[Days] = []
    if facts.onward_from is not None:
        found.append(law.days_of_onward[facts.regime])
    if law.days_of_changes:
        changes = law.days_of_changes.get(destination(facts.importer))
        if changes is not None:
            found.append(changes)
    for safeguard in facts.safeguards:
        found.append(law.days_of_type[type(safeguard)])
        if type(safeguard) is Scc:
            found.append(law.days_of_set[facts.regime, safeguard.set])
    return found


def _of_facts(facts: Facts) -> Iterable[Turn]:
    """The facts' own dates: the day itself, and after a last day the next."""
    for number, entry in enumerate(facts.importer.certifications or ()):
        yield from _dates(entry, f"importer.certifications[{number}]")
    for number, safeguard in enumerate(facts.safeguards):
        yield from _dates(safeguard, f"safeguards[{number}]")
        run = _notice_has_run(safeguard)
        if run is not None:
            yield run, f"safeguards[{number}]: the notice period has run"


def _dates(part: Struct, path: str) -> Iterable[Turn]:
    for member in part.__struct_fields__:
        value = getattr(part, member)
        if isinstance(value, date):
            yield value, f"{path}.{member}"
            if member in LASTS and value < LAST_DAY:
                yield day_after(value), f"the day after {path}.{member}"
        elif isinstance(value, Struct):
            yield from _dates(value, f"{path}.{member}")


def _notice_has_run(safeguard: Safeguard) -> date | None:
    """The first day after a sub-processor's notice, where both its days are on record."""
    notice = safeguard.sub_processor_authorisation if isinstance(safeguard, Scc) else None
    if notice is None or notice.notice_sent_on is None or notice.notice_days is None:
        return None
    if notice.notice_sent_on > LAST_DAY:
        return None
    return notice.notice_sent_on + timedelta(days=notice.notice_days + 1)


def next_turning_days(facts: Facts, law: Law, day: date) -> list[date]:
    """Return the turning days after ``day`` in order: those that can turn a verdict, found in a cheaper way.

    Most questions are about today, after which the law names nothing: so each list is asked for its last
    day first, and what the standing of the place leaves out is not looked at. Inside the territory, with
    no end on record, no tool turns anything; nor does a decision in a third country for which none is in
    force or to come; nor an entry on a list that no decision about the place asks for.
    """
    places = standings(facts, law)
    place = places[0]
    outlook = place.outlooks[bisect_right(place.days, day) - 1] if len(places) == 1 else Outlook.OPEN
    if outlook is Outlook.INSIDE:
        return []
    found: set[date] = set()
    if outlook is Outlook.OPEN:
        _of_places(places, law, facts, day, found)
    elif day < UK_DAY:
        found |= {GDPR_DAY, UK_DAY}  # other tools count from then on
    if facts.safeguards or facts.onward_from is not None:
        _of_tools(facts, law, day, found)
    if facts.importer.certifications and outlook is Outlook.OPEN:
        for entry in facts.importer.certifications:
            if len(places) > 1 or entry.framework in place.frameworks:
                _of_part(entry, day, found)
    return sorted([turn for turn in found if day < turn <= LAST_DAY]) if found else []


def _of_places(places: tuple[Standing, ...], law: Law, facts: Facts, day: date, found: set[date]) -> None:
    for place in places:
        if place.days[-1] > day:
            found.update(place.days[bisect_right(place.days, day) :])
    points = law.days_of_places[facts.regime]
    if points.last > day:
        found.update(points.days)


def _of_tools(facts: Facts, law: Law, day: date, found: set[date]) -> None:
    if law.last_day_of_tools > day:
        for days in _days_of_tools(facts, law):
            if days.last > day:
                found.update(days.days)
    for safeguard in facts.safeguards:
        _of_part(safeguard, day, found)


def _of_part(part: Safeguard | ListEntry, day: date, found: set[date]) -> None:
    """A date that has passed turns nothing any more."""
    read, lasts = _READERS[type(part)]
    for value in read(part):
        if value is None or value is UNSET:
            continue
        if value.__class__ is date:
            if value > day:
                found.add(value)
        elif value.__class__ is Tia:
            if value.completed_on is not None:
                found.add(value.completed_on)
        else:
            found |= {sent for sent in (value.notice_sent_on, value.objected_on) if sent is not None}
            run = _notice_has_run(part) if not isinstance(part, ListEntry) else None
            if run is not None:
                found.add(run)
    for member in lasts:
        value = getattr(part, member)
        if value is not None and day <= value < LAST_DAY:
            found.add(day_after(value))


def _reader(kind: type[Struct]) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[str, ...]]:
    """How to read the members that are dates or hold some, by their types, so that a new one is not forgotten."""
    parts = {"date", Tia.__name__, SubProcessorAuthorisation.__name__}
    members = [
        member for member, hint in kind.__annotations__.items() if any(part in str(hint) for part in parts)
    ]
    lasts = tuple(member for member in members if member in LASTS)
    members = [member for member in members if member not in WHOLE]
    if len(members) > 1:
        return attrgetter(*members), lasts
    return lambda part: tuple(getattr(part, member) for member in members), lasts


_READERS: Final = {kind: _reader(kind) for kind in (*Safeguard.__args__, ListEntry)}
