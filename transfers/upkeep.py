"""What the law data ask of whoever keeps them: which records to look up again, and what ends soon."""

from collections.abc import Iterable
from datetime import date

from transfers.law import Law
from transfers.records import Entry, Record


def stale(law: Law, before: date) -> tuple[Record, ...]:
    """Return the records last checked before a day, oldest first."""
    found = (record for _, record in law.records.dated() if record.checked_on < before)
    return tuple(sorted(found, key=lambda record: (record.checked_on, record.id)))


ENDS = ("last_day", "conclude_until", "rely_until", "unsure_until")


def ending(law: Law, day: date, until: date) -> tuple[tuple[date, str], ...]:
    """Return what ends on record from ``day`` to ``until``: last day and what it is the last day of.

    A carve-out and a stretch of a decision end too, each told by its place in the record.
    """
    found = (
        (last, f"{record.id}: {member}")
        for _, record in law.records.dated()
        for member, last in _ends(record, "")
        if day <= last <= until
    )
    return tuple(sorted(found))


def _ends(entry: Entry, path: str) -> Iterable[tuple[str, date]]:
    for member in entry.__struct_fields__:
        value = getattr(entry, member)
        if member in ENDS and value is not None:
            yield f"{path}{member}", value
        if isinstance(value, tuple):
            for number, inner in enumerate(value):
                if isinstance(inner, Entry):
                    yield from _ends(inner, f"{path}{member}[{number}].")
