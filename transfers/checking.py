"""What law data must satisfy beyond its types: spans, sources, codes, overlaps and references."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Final

from transfers import codes
from transfers.errors import LawDataError
from transfers.records import Adequacy, Entry, Event, Membership, Point, Record, Records, Territory, Use
from transfers.standing import LAST_DAY, SAYS

EXTRA_KEYS: Final = frozenset({"CY/northern_cyprus"})
"""Keys of legal areas that have no country code."""

EARLIEST: Final = date(1900, 1, 1)

Span = tuple[date | None, date | None]


def check_entry(file: str, key: str, entry: Entry) -> None:
    """Refuse a day that no calendar reaches, an end before a start, a source that is no address, an unknown code."""
    _check_days(file, key, entry)
    for first, last in _spans(entry):
        if first is not None and last is not None and last < first:
            raise LawDataError(
                file, key, f"ends on {last} before it starts on {first}; both days are included, swap them"
            )
    if isinstance(entry, Record) and not entry.source.startswith("https://"):
        raise LawDataError(file, f"{key}.source", "must be an https address where the fact is published")
    for code in getattr(entry, "codes", ()):
        if code not in codes.KNOWN and code not in EXTRA_KEYS:
            raise LawDataError(file, f"{key}.codes", f"{code} is no country code that exists or existed")
        if code in codes.KNOWN and codes.canonical(code) != code:
            raise LawDataError(
                file,
                f"{key}.codes",
                f"{code} stands for {codes.canonical(code)}, and nothing is ever judged under it; write that",
            )
    _check_says(file, key, entry)
    _check_shape(file, key, entry)


def _check_days(file: str, key: str, entry: Entry) -> None:
    """Days before and after every span must be days too; a span without an end leaves its end out."""
    for member in entry.__struct_fields__:
        value = getattr(entry, member)
        if isinstance(value, date) and not EARLIEST <= value < LAST_DAY:
            raise LawDataError(
                file,
                f"{key}.{member}",
                f"{value} is not taken, only days from {EARLIEST} and before {LAST_DAY}; "
                "for what does not end leave it out",
            )
        if isinstance(value, tuple):
            for number, inner in enumerate(value):
                if isinstance(inner, Entry):
                    _check_days(file, f"{key}.{member}[{number}]", inner)


def _check_says(file: str, key: str, entry: Entry) -> None:
    """Refuse a code that no statement words, a sensitivity warning included."""
    for code in getattr(entry, "says", ()):
        if code not in SAYS:
            raise LawDataError(file, f"{key}.says", f"{code} is none of {', '.join(sorted(SAYS))}")
    if isinstance(entry, Adequacy):
        for number, phase in enumerate(entry.phase):
            if phase.says is not None and phase.says not in SAYS:
                raise LawDataError(file, f"{key}.phase[{number}].says", f"{phase.says} is not known")


def _check_shape(file: str, key: str, entry: Entry) -> None:
    if isinstance(entry, Adequacy) and not entry.codes and entry.organisation is None:
        raise LawDataError(file, f"{key}.codes", "a decision needs codes or an organisation")
    if isinstance(entry, Adequacy):
        for number, carve in enumerate(entry.carve_out):
            if not (carve.sectors or carve.purposes or carve.data):
                raise LawDataError(
                    file,
                    f"{key}.carve_out[{number}]",
                    "leaves nobody out: name sectors, purposes or data; public bodies as such are left out by"
                    ' public_bodies = "outside"',
                )
    if isinstance(entry, Territory) and (entry.status == "disputed") != (entry.point is not None):
        raise LawDataError(file, f"{key}.point", "a disputed territory names its open point, others do not")
    if isinstance(entry, Point) and (entry.settled_on is None) != (entry.settled is None):
        raise LawDataError(file, f"{key}.settled", "a settled point has both settled_on and settled")


def _spans(entry: Entry) -> Iterator[Span]:
    yield getattr(entry, "first_day", None), getattr(entry, "last_day", None)
    if isinstance(entry, Adequacy):
        yield entry.unsure_from, entry.first_day
        yield entry.first_day, entry.unsure_until
        for phase in entry.phase:
            yield phase.first_day, phase.last_day
    if isinstance(entry, Use):
        yield entry.conclude_until, entry.rely_until


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
    for use in records.use:
        for clause_set in use.sets:
            yield f"{use.regime} use of {clause_set}", use


def check_references(file: str, records: Records) -> None:
    """Refuse a record that names an open point or a decision that is not there."""
    points = {point.id for point in records.point}
    for owner, point in _named_points(records):
        if point is not None and point not in points:
            raise LawDataError(file, f"{owner}.point", f"there is no open point {point}")
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


def check_ids(file: str, records: Records) -> None:
    """Refuse an id that two records share."""
    seen: set[str] = set()
    for table, record in records.dated():
        if record.id in seen:
            raise LawDataError(file, f"$.{table}.id", f"{record.id} is used twice; give each record its own")
        seen.add(record.id)
