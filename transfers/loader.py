"""Reads the dated data of the law, refuses what is wrong in it, and names file and key."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec

from transfers import codes
from transfers.errors import LawDataError
from transfers.records import (
    Adequacy,
    BelongsTo,
    Challenge,
    Clauses,
    Entry,
    Event,
    MaterialChange,
    Membership,
    NationalExtension,
    Point,
    Record,
    Region,
    Territory,
    Tool,
    Use,
)

FILES: Final = (
    "memberships.toml",
    "territories.toml",
    "adequacy_eu.toml",
    "adequacy_uk.toml",
    "adequacy_ch.toml",
    "clauses.toml",
    "tools.toml",
    "open_points.toml",
)
EXTRA_KEYS: Final = frozenset({"CY/northern_cyprus"})
"""Keys of legal areas that have no country code."""


class Records(Entry, frozen=True, kw_only=True):
    """All tables that a file of law data may hold, by their name in the file."""

    membership: tuple[Membership, ...] = ()
    territory: tuple[Territory, ...] = ()
    region: tuple[Region, ...] = ()
    belongs_to: tuple[BelongsTo, ...] = ()
    national_extension: tuple[NationalExtension, ...] = ()
    adequacy: tuple[Adequacy, ...] = ()
    clauses: tuple[Clauses, ...] = ()
    use: tuple[Use, ...] = ()
    tool: tuple[Tool, ...] = ()
    duty: tuple[Event, ...] = ()
    material_change: tuple[MaterialChange, ...] = ()
    challenge: tuple[Challenge, ...] = ()
    point: tuple[Point, ...] = ()

    def dated(self) -> Iterator[tuple[str, Record]]:
        """Yield every record that has an id, with the name of its table."""
        for table in self.__struct_fields__:
            for entry in getattr(self, table):
                if isinstance(entry, Record):
                    yield table, entry


def read(paths: Iterable[Path] = ()) -> tuple[Records, str, frozenset[str]]:
    """Read the packaged files and then an operator's own; return them checked, with edition and local ids.

    A record of an operator's file replaces the packaged one of the same id, or is added.
    Raises ``LawDataError`` for the first fault.
    """
    folder = resources.files("transfers").joinpath("data")
    texts = [(name, folder.joinpath(name).read_bytes()) for name in FILES]
    digest = hashlib.sha256()
    merged = Records()
    local: set[str] = set()
    for name, text in texts:
        merged = _merge(merged, parse(name, text), name, replace=False)
        digest.update(text)
    for path in paths:
        try:
            text = path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise LawDataError(str(path), "$", f"cannot be read ({reason}); check the path") from None
        own = parse(str(path), text)
        local.update(record.id for _, record in own.dated())
        merged = _merge(merged, own, str(path), replace=True)
        digest.update(text)
    check("law data", merged)
    return merged, edition(merged, digest.hexdigest()), frozenset(local)


def edition(records: Records, digest: str) -> str:
    """The day of the newest check and a short digest of the data: names one state of the law."""
    newest = max(record.checked_on for _, record in records.dated())
    return f"{newest.isoformat()}+{digest[:8]}"


def parse(file: str, text: bytes) -> Records:
    """Decode one file and check each of its records; ``LawDataError`` names file and key."""
    try:
        records = msgspec.toml.decode(text, type=Records)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `")
        raise LawDataError(file, where.rstrip("`") or "$", what) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LawDataError(file, "$", f"is not TOML: {error}") from None
    for table in records.__struct_fields__:
        for number, entry in enumerate(getattr(records, table)):
            _check_entry(file, f"$.{table}[{number}]", entry)
    _check_ids(file, records)
    check(file, records, alone=True)
    return records


def _merge(base: Records, more: Records, file: str, *, replace: bool) -> Records:
    known = {record.id for _, record in base.dated()}
    fresh = {record.id for _, record in more.dated()}
    if not replace and known & fresh:
        raise LawDataError(file, "id", f"{min(known & fresh)} is used in another file already")
    tables = {}
    for table in base.__struct_fields__:
        kept = tuple(
            entry for entry in getattr(base, table) if not (isinstance(entry, Record) and entry.id in fresh)
        )
        tables[table] = kept + getattr(more, table)
    return Records(**tables)


def _check_ids(file: str, records: Records) -> None:
    seen: set[str] = set()
    for table, record in records.dated():
        if record.id in seen:
            raise LawDataError(file, f"$.{table}.id", f"{record.id} is used twice; give each record its own")
        seen.add(record.id)


def _check_entry(file: str, key: str, entry: Entry) -> None:
    spans: list[tuple[date | None, date | None]] = [
        (getattr(entry, "first_day", None), getattr(entry, "last_day", None))
    ]
    if isinstance(entry, Adequacy):
        if not entry.codes and entry.organisation is None:
            raise LawDataError(file, f"{key}.codes", "a decision needs codes or an organisation")
        spans.append((entry.unsure_from, entry.first_day))
        spans.append((entry.first_day, entry.unsure_until))
        spans.extend((phase.first_day, phase.last_day) for phase in entry.phase)
    if isinstance(entry, Use):
        spans.append((entry.conclude_until, entry.rely_until))
    for first, last in spans:
        if first is not None and last is not None and last < first:
            raise LawDataError(
                file, key, f"ends on {last} before it starts on {first}; both days are included, swap them"
            )
    if isinstance(entry, Record) and not entry.source.startswith("https://"):
        raise LawDataError(file, f"{key}.source", "must be an https address where the fact is published")
    if isinstance(entry, Territory) and (entry.status == "disputed") != (entry.point is not None):
        raise LawDataError(file, f"{key}.point", "a disputed territory names its open point, others do not")
    if isinstance(entry, Point) and (entry.settled_on is None) != (entry.settled is None):
        raise LawDataError(file, f"{key}.settled", "a settled point has both settled_on and settled")
    for code in getattr(entry, "codes", ()):
        if code not in codes.KNOWN and code not in EXTRA_KEYS:
            raise LawDataError(file, f"{key}.codes", f"{code} is no country code that exists or existed")


def check(file: str, records: Records, *, alone: bool = False) -> None:
    """Refuse overlaps; unless the file stands alone, also points and decisions that are not there."""
    spans: dict[tuple[str, ...], list[Event]] = {}
    for membership in records.membership:
        for code in membership.codes:
            spans.setdefault(("standing", code), []).append(membership)
    for territory in records.territory:
        for code in territory.codes:
            spans.setdefault(("standing", code), []).append(territory)
    for decision in records.adequacy:
        if decision.judged:
            for destination in (*decision.codes, decision.organisation or ""):
                if destination:
                    kind = "|".join(decision.certifications)
                    spans.setdefault((decision.regime, destination, kind), []).append(decision)
    for use in records.use:
        for clause_set in use.sets:
            spans.setdefault((use.regime, clause_set), []).append(use)
    for name, events in spans.items():
        for earlier, later in pairwise(sorted(events, key=lambda event: event.first_day)):
            if earlier.last_day is None or earlier.last_day >= later.first_day:
                raise LawDataError(
                    file,
                    " ".join(part for part in name if part),
                    f"{earlier.id} and {later.id} overlap on {later.first_day}; "
                    "end the earlier record the day before the later begins",
                )
    if not alone:
        _check_references(file, records)


def _check_references(file: str, records: Records) -> None:
    points = {point.id for point in records.point}
    named = [
        *((entry.id, entry.point) for entry in records.territory),
        *((entry.state, entry.point) for entry in records.belongs_to),
        *((entry.id, entry.unclear_point) for entry in records.adequacy),
        *((entry.id, carve.point) for entry in records.adequacy for carve in entry.carve_out),
        *((entry.id, entry.on_last_day) for entry in records.use),
        *((entry.id, entry.review_point) for entry in records.use),
    ]
    for owner, point in named:
        if point is not None and point not in points:
            raise LawDataError(file, f"{owner}.point", f"there is no open point {point}")
    decisions = {decision.id for decision in records.adequacy}
    for challenge in records.challenge:
        if challenge.decision not in decisions:
            raise LawDataError(file, challenge.id, f"there is no decision {challenge.decision}")
