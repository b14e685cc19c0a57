"""The days on which the answer to a question may turn: those that a record or a fact names.

Between two neighbouring turning days nothing that a rule looks at changes, so a verdict is constant
there; the list may be longer than needed, never shorter.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Final

from msgspec import UNSET, Struct

from transfers import codes
from transfers.case import destination
from transfers.facts import Facts, ListEntry
from transfers.law import Law
from transfers.safeguards import Safeguard, Scc
from transfers.standing import FIRST_DAY, LAST_DAY, OF_POINTS, Standing, day_after
from transfers.tool_days import Days, Turn
from transfers.vocabulary import ImporterKind


def turning_days(facts: Facts, law: Law) -> dict[date, str]:
    """Return every day that may turn the verdict, in order, with the event that falls on it."""
    found: dict[date, str] = {FIRST_DAY: "The law on record begins"}
    for standing in standings(facts, law):
        for day, event in standing.events.items():
            _falls(found, day, event)
    for days in (law.days_of_places, *_days_of_tools(facts, law)):
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


def next_turning_days(facts: Facts, law: Law, day: date) -> list[date]:
    """Return the turning days after ``day`` in order: the same days, found in a cheaper way.

    Most questions are about today, after which the law names nothing: so each list is asked for its
    last day first.
    """
    found: list[date] = []
    for standing in standings(facts, law):
        if standing.days[-1] > day:
            found.extend(standing.days)
    if law.days_of_places.last > day:
        found.extend(turn for turn, _ in law.days_of_places.turns)
    if facts.safeguards or facts.onward_from is not None:
        for days in _days_of_tools(facts, law):
            if days.last > day:
                found.extend(turn for turn, _ in days.turns)
    entries = facts.importer.certifications
    if (facts.safeguards and _dated(facts.safeguards, day)) or (entries and _listed(entries, day)):
        found.extend(turn for turn, _ in _of_facts(facts) if turn <= LAST_DAY)
    return sorted({turn for turn in found if turn > day}) if found else found


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
        found.append(law.days_of_onward)
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
    """The facts' own dates: the day itself and the day after, since some are first days, some last."""
    for number, entry in enumerate(facts.importer.certifications or ()):
        yield from _dates(entry, f"importer.certifications[{number}]")
    for number, safeguard in enumerate(facts.safeguards):
        yield from _dates(safeguard, f"safeguards[{number}]")
        notice_has_run = _notice_has_run(safeguard)
        if notice_has_run is not None:
            yield notice_has_run, f"safeguards[{number}]: the notice period has run"


def _dates(part: Struct, path: str) -> Iterable[Turn]:
    for member in part.__struct_fields__:
        value = getattr(part, member)
        if isinstance(value, date):
            yield value, f"{path}.{member}"
            if value < LAST_DAY:
                yield day_after(value), f"the day after {path}.{member}"
        elif isinstance(value, Struct):
            yield from _dates(value, f"{path}.{member}")


def _notice_has_run(safeguard: Safeguard) -> date | None:
    notice = safeguard.sub_processor_authorisation if isinstance(safeguard, Scc) else None
    if notice is None or notice.notice_sent_on is None or notice.notice_days is None:
        return None
    if notice.notice_sent_on > LAST_DAY:
        return None
    return notice.notice_sent_on + timedelta(days=notice.notice_days + 1)


def _listed(entries: tuple[ListEntry, ...], day: date) -> bool:
    """Whether any entry of a list begins or ends after ``day``."""
    for entry in entries:
        if entry.valid_until is not None and entry.valid_until >= day:
            return True
        if entry.valid_from is not None and entry.valid_from > day:
            return True
    return False


def _dated(parts: tuple[Safeguard, ...], day: date) -> bool:
    """Whether any safeguard carries a date from which a day after ``day`` could follow."""
    for part in parts:
        for value in _DATES_OF[type(part)](part):
            if value is None or value is UNSET:
                continue
            if isinstance(value, Struct):
                if _any_date(value, day):
                    return True
            elif value >= day:
                return True
        if type(part) is Scc and part.sub_processor_authorisation is not None:
            run = _notice_has_run(part)
            if run is not None and run > day:
                return True
    return False


def _any_date(part: Struct, day: date) -> bool:
    for member in part.__struct_fields__:
        value = getattr(part, member)
        if isinstance(value, date) and value >= day:
            return True
    return False


def _dates_of(kind: type[Struct]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a reader of the members that are dates or hold some, found by their types.

    Read from the types so that a new member is not forgotten.
    """
    members = [
        member
        for member, annotation in kind.__annotations__.items()
        if "date" in str(annotation) or "Tia" in str(annotation) or "SubProcessor" in str(annotation)
    ]
    if len(members) > 1:
        return attrgetter(*members)
    return lambda part: tuple(getattr(part, member) for member in members)


_DATES_OF: Final = {kind: _dates_of(kind) for kind in Safeguard.__args__}
