"""What the records of law data must satisfy between them: one voice on each day, and names that lead somewhere."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from transfers.errors import LawDataError
from transfers.records import Event, Membership, Record, Records, Territory
from transfers.vocabulary import Regime

DUTIES: Final = frozenset({"transfer-impact-assessment"})
"""The duties that the rules know; one that none asks for would change nothing."""


def check_overlaps(file: str, records: Records) -> None:
    """Refuse two records that speak of the same thing on the same day, rather than pick one.

    Decisions for one destination may run side by side where they ask for different lists.
    """
    spans: dict[str, list[Event]] = {}
    for name, event in _subjects(records):
        spans.setdefault(name, []).append(event)
    for name, events in spans.items():
        for earlier, later in pairwise(sorted(events, key=lambda event: event.first_day)):
            if earlier.last_day is None or earlier.last_day >= later.first_day:
                raise LawDataError(
                    file,
                    name,
                    f"{earlier.id} and {later.id} overlap on {later.first_day}; "
                    "end the earlier record the day before the later begins",
                )


def _subjects(records: Records) -> Iterator[tuple[str, Event]]:
    standing: Iterable[Membership | Territory] = (*records.membership, *records.territory)
    for entry in standing:
        for code in entry.codes:
            yield f"standing of {code}", entry
    for decision in records.adequacy:
        if decision.judged:
            lists = " ".join(decision.certifications)
            for destination in (*decision.codes, *filter(None, (decision.organisation,))):
                yield f"{decision.regime} adequacy of {destination} {lists}".rstrip(), decision


def check_members(file: str, records: Records) -> None:
    """Refuse an EU decision for a place on days on which it is inside the territory: it would be read over."""
    inside: dict[str, list[Event]] = {}
    standing: Iterable[Membership | Territory] = (*records.membership, *records.territory)
    for entry in standing:
        if isinstance(entry, Membership) or entry.status == "inside":
            for code in entry.codes:
                inside.setdefault(code, []).append(entry)
    for decision in records.adequacy:
        if decision.regime is not Regime.EU_GDPR or not decision.judged:
            continue
        for code in decision.codes:
            for event in inside.get(code, ()):
                if _meet(decision, event):
                    raise LawDataError(
                        file,
                        f"{decision.id}.codes",
                        f"{code} is inside the territory by {event.id}, from {event.first_day} on, where no decision is"
                        " asked for, so it would be read over; leave the code out, or end whichever is over",
                    )


def _meet(one: Event, other: Event) -> bool:
    """Whether two records share a day."""
    return (one.last_day is None or other.first_day <= one.last_day) and (
        other.last_day is None or one.first_day <= other.last_day
    )


def check_singles(file: str, records: Records) -> None:
    """Refuse a second record where the rules look for one, however the two lie in time."""
    seen: dict[str, str] = {}
    for name, record in _singles(records):
        if name in seen:
            raise LawDataError(
                file,
                record.id,
                f"{name} has the record {seen[name]} already, and only one would be looked at; "
                "give yours that id to replace it",
            )
        seen[name] = record.id
    for duty in records.duty:
        if duty.id not in DUTIES:
            known = ", ".join(sorted(DUTIES))
            raise LawDataError(file, duty.id, f"no rule asks for this duty, only for {known}; leave it out")


def _singles(records: Records) -> Iterator[tuple[str, Record]]:
    for clauses in records.clauses:
        yield f"the set {clauses.set}", clauses
    for use in records.use:
        for clause_set in use.sets:
            yield f"the use of {clause_set} under {use.regime}", use
    for tool in records.tool:
        if tool.type is not None:
            yield f"the tool {tool.type}", tool


def check_references(file: str, records: Records) -> None:
    """Refuse a record that names an open point or a decision that is not there, or a point that only informs."""
    points = {point.id: point for point in records.point}
    for owner, named in _named_points(records):
        if named is None:
            continue
        if named not in points:
            raise LawDataError(file, f"{owner}.point", f"there is no open point {named}")
        if points[named].effect != "review":
            raise LawDataError(
                file, f"{owner}.point", f"{named} is a note, which changes no verdict; name a point of review"
            )
    decisions = {decision.id for decision in records.adequacy}
    for challenge in records.challenge:
        if challenge.decision not in decisions:
            raise LawDataError(file, f"{challenge.id}.decision", f"there is no decision {challenge.decision}")


def _named_points(records: Records) -> Iterator[tuple[str, str | None]]:
    for territory in records.territory:
        yield territory.id, territory.point
    for owner in records.belongs_to:
        yield owner.state, owner.point
    for decision in records.adequacy:
        yield decision.id, decision.unclear_point
        for carve in decision.carve_out:
            yield decision.id, carve.point
    for use in records.use:
        yield use.id, use.on_last_day
        yield use.id, use.review_point


def check_points(file: str, own: Records, packaged: Records, merged: Records) -> None:
    """Refuse an operator's point that no rule and no record asks: it would be shown and change nothing."""
    asked = {point.id for point in packaged.point} | {named for _, named in _named_points(merged)}
    for point in own.point:
        if point.effect == "review" and point.id not in asked:
            raise LawDataError(
                file,
                point.id,
                'no rule and no record asks this point, so it would change no verdict; say effect = "note", '
                "or name it in a territory, a carve-out or a use",
            )


def check_ids(file: str, records: Records) -> None:
    """Refuse an id that two records share."""
    seen: set[str] = set()
    for table, record in records.dated():
        if record.id in seen:
            raise LawDataError(file, f"$.{table}.id", f"{record.id} is used twice; give each record its own")
        seen.add(record.id)
