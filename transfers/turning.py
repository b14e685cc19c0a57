"""The days on which the answer to a question may turn: those that a record or a fact names.

Between two neighbouring turning days nothing that a rule looks at changes, so a verdict is constant
there; the list may be longer than needed, never shorter.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from transfers import codes
from transfers.case import destination
from transfers.facts import Facts, ListEntry
from transfers.law import Law
from transfers.safeguards import Safeguard, Scc
from transfers.standing import FIRST_DAY, LAST_DAY, Standing, day_after
from transfers.vocabulary import ImporterKind

Turn = tuple[date, str]


def turning_days(facts: Facts, law: Law) -> dict[date, str]:
    """Return every day that may turn the verdict, in order, with the event that falls on it."""
    found: dict[date, str] = {FIRST_DAY: "The law on record begins"}
    for standing in _standings(facts, law):
        for day, event in standing.events.items():
            found.setdefault(day, event)
    for day, event in _of_law(facts, law):
        found.setdefault(day, event)
    for day, event in _of_facts(facts):
        if FIRST_DAY < day <= LAST_DAY:
            found[day] = f"{event}; {found[day]}" if day in found else event
    return dict(sorted(found.items()))


def next_turning_days(facts: Facts, law: Law, day: date) -> list[date]:
    """Return the turning days after ``day`` in order: the same days, found in a cheaper way."""
    found: list[date] = []
    for standing in _standings(facts, law):
        if standing.days[-1] > day:
            found.extend(turn for turn in standing.days if turn > day)
    entries = facts.importer.certifications
    if law.last_tool_day > day if facts.safeguards else law.last_point_day > day:
        found.extend(turn for turn, _ in _of_law(facts, law) if turn > day)
    if (facts.safeguards and _dated(facts.safeguards, day)) or (entries and _listed(entries, day)):
        found.extend(turn for turn, _ in _of_facts(facts) if day < turn <= LAST_DAY)
    return sorted(set(found)) if len(found) > 1 else found


def _standings(facts: Facts, law: Law) -> tuple[Standing, ...]:
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


def _of_law(facts: Facts, law: Law) -> Iterable[Turn]:
    """What the law says of the tools on record, whatever their facts, and of points that open or close."""
    yield from law.point_days
    if facts.safeguards:
        yield from law.tool_days
        for change in law.changes.get(destination(facts.importer), ()):
            yield change.first_day, change.event
        for clause_set in {safeguard.set for safeguard in facts.safeguards if isinstance(safeguard, Scc)}:
            yield from law.set_days[clause_set]


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
        for member in _DATE_MEMBERS[type(part)]:
            value = getattr(part, member)
            if isinstance(value, date):
                if value >= day:
                    return True
            elif isinstance(value, Struct) and _any_date(value, day):
                return True
        if type(part) is Scc:
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


def _date_members(kind: type[Struct]) -> tuple[str, ...]:
    """Members that are dates or may hold some: read from the types, so that a new one is not forgotten."""
    return tuple(
        member
        for member, annotation in kind.__annotations__.items()
        if "date" in str(annotation) or "Tia" in str(annotation) or "SubProcessor" in str(annotation)
    )


_DATE_MEMBERS: Final = {kind: _date_members(kind) for kind in Safeguard.__args__}
