"""The days on which the answer to a question may turn: those that a record or a fact names.

Between two neighbouring turning days nothing that a rule looks at changes, so a verdict is constant
there; the list may be longer than needed, never shorter.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from transfers.case import destination
from transfers.facts import Facts
from transfers.law import Law
from transfers.records import Use
from transfers.safeguards import Derogation, Safeguard, Scc, SubProcessorAuthorisation
from transfers.standing import FIRST_DAY, GDPR_DAY, UK_DAY, Standing, day_after
from transfers.vocabulary import ClauseSet, ImporterKind, Regime

LAST_DAY: Final = date(9998, 12, 31)
Turn = tuple[date, str]


def turning_days(facts: Facts, law: Law) -> dict[date, str]:
    """Return every day that may turn the verdict, in order, with the event that falls on it."""
    found: dict[date, str] = {}
    for standing in _standings(facts, law):
        for day, event in standing.events.items():
            found.setdefault(day, event)
    for day, event in _of_tools(facts, law):
        found.setdefault(day, event)
    for day, event in _of_facts(facts):
        if FIRST_DAY < day < LAST_DAY:
            found[day] = f"{event}; {found[day]}" if day in found else event
    found.setdefault(FIRST_DAY, "Directive 95/46/EC (1995)")
    return dict(sorted(found.items()))


def next_turning_days(facts: Facts, law: Law, day: date) -> list[date]:
    """Return the turning days after ``day`` in order; the cheap way to ask for few of them."""
    found: set[date] = set()
    for standing in _standings(facts, law):
        if standing.days[-1] > day:
            found.update(turn for turn in standing.days if turn > day)
    if facts.safeguards or facts.onward_from is not None or facts.importer.certifications:
        found.update(turn for turn, _ in _of_facts(facts) if day < turn < LAST_DAY)
        found.update(turn for turn, _ in _of_tools(facts, law) if turn > day)
    else:
        found.update(turn for turn, _ in law.point_days if turn > day)
    return sorted(found)


def _standings(facts: Facts, law: Law) -> Iterable[Standing]:
    yield law.standings[facts.regime][destination(facts.importer)]
    kind = facts.importer.kind
    if kind is ImporterKind.INTERNATIONAL_ORGANISATION:
        yield law.organisation(facts.regime, facts.importer.organisation)
    elif kind is ImporterKind.EU_INSTITUTION:
        yield law.standings[facts.regime]["EU"]
    if facts.onward_from is not None:
        yield law.standings[facts.regime][destination_of(facts.exporter.country)]


def destination_of(country: str) -> str:
    from transfers.codes import canonical  # noqa: PLC0415

    return canonical(country)


def _of_tools(facts: Facts, law: Law) -> Iterable[Turn]:
    """What the law says of the tools on record, whatever their facts."""
    yield from law.point_days
    if not facts.safeguards:
        return
    yield GDPR_DAY, "GDPR applies"
    if facts.regime is Regime.UK_GDPR:
        yield UK_DAY, "UK GDPR on its own after the transition"
    yield law.assessment_due_from, "C-311/18 Schrems II: a transfer impact assessment is due"
    for change in law.changes.get(destination(facts.importer), ()):
        yield change.first_day, change.event
    for tool in law.tools.values():
        if tool.first_day is not None:
            yield tool.first_day, f"{tool.title} available"
    sets = {safeguard.set for safeguard in facts.safeguards if isinstance(safeguard, Scc)}
    for clause_set in sets:
        yield from _of_set(law, clause_set)


def _of_set(law: Law, clause_set: ClauseSet) -> Iterable[Turn]:
    record = law.sets[clause_set]
    yield record.first_day, record.event
    for regime in Regime:
        use = law.uses.get((regime, clause_set))
        if use is not None:
            yield from _of_use(use)


def _of_use(use: Use) -> Iterable[Turn]:
    yield use.first_day, use.event
    if use.conclude_until is not None:
        yield day_after(use.conclude_until), f"{use.event}: no new contracts"
    if use.rely_until is not None:
        yield use.rely_until, f"{use.event}: last day"
        yield day_after(use.rely_until), f"{use.event}: ended"
    if use.review_from is not None:
        yield use.review_from, f"{use.event}: open how long"


def _of_facts(facts: Facts) -> Iterable[Turn]:
    """The facts' own dates: the day itself and the day after, since some are first days, some last."""
    for number, entry in enumerate(facts.importer.certifications or ()):
        yield from _dates(entry, f"importer.certifications[{number}]")
    for number, safeguard in enumerate(facts.safeguards):
        yield from _dates(safeguard, f"safeguards[{number}]")
        yield from _of_notice(safeguard, f"safeguards[{number}]")


def _dates(part: Struct, path: str) -> Iterable[Turn]:
    for member in part.__struct_fields__:
        value = getattr(part, member)
        if isinstance(value, date):
            yield value, f"{path}.{member}"
            if value < LAST_DAY:
                yield day_after(value), f"the day after {path}.{member}"
        elif isinstance(value, Struct):
            yield from _dates(value, f"{path}.{member}")


def _of_notice(safeguard: Safeguard, path: str) -> Iterable[Turn]:
    if isinstance(safeguard, Derogation) or not isinstance(safeguard, Scc):
        return
    notice: SubProcessorAuthorisation | None = safeguard.sub_processor_authorisation
    if notice is not None and notice.notice_sent_on is not None and notice.notice_days is not None:
        day = notice.notice_sent_on + timedelta(days=notice.notice_days + 1)
        yield day, f"{path}: the notice period has run"
