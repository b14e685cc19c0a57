"""Reads the dated data of the law, refuses what is wrong in it, and names file and key."""

import codecs
import hashlib
from collections.abc import Iterable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Final

import msgspec

from transfers.agreement import (
    check_ids,
    check_members,
    check_overlaps,
    check_points,
    check_references,
    check_singles,
)
from transfers.checking import check_entry
from transfers.errors import LawDataError
from transfers.records import Record, Records

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
CODES: Final = "codes.toml"
"""Read by transfers.codes; a part of the edition, since a code decides which territory is judged."""


UNSOURCED = ("belongs_to", "region")
"""Tables without an instrument of their own: they only say under which entry a code stands."""


def read(paths: Iterable[Path] = (), today: date | None = None) -> tuple[Records, str, frozenset[str]]:
    """Read the packaged files and then an operator's own; return them checked, with edition and local ids.

    A record of an operator's file replaces the packaged one of the same id, or is added. With ``today``
    none of them can have been checked on a later day. Raises ``LawDataError`` for the first fault.
    """
    folder = resources.files("transfers").joinpath("data")
    texts = [(name, folder.joinpath(name).read_bytes()) for name in FILES]
    digest = hashlib.sha256(folder.joinpath(CODES).read_bytes())
    merged = Records()
    local: set[str] = set()
    for name, text in texts:
        merged = _merge(merged, parse(name, text), name, replace=False)
        digest.update(text)
    packaged = merged
    for path in paths:
        try:
            text = path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise LawDataError(str(path), "$", f"cannot be read ({reason}); check the path") from None
        own = parse(str(path), text)
        _check_checks(str(path), own, today)
        local.update(record.id for _, record in own.dated())
        merged = _merge(merged, own, str(path), replace=True)
        digest.update(text)
        _check(str(path), merged)
        check_points(str(path), own, packaged, merged)
    _check("law data", merged)
    return merged, edition(merged, digest.hexdigest()), frozenset(local)


def _check(file: str, records: Records) -> None:
    check_overlaps(file, records)
    check_members(file, records)
    check_singles(file, records)
    check_references(file, records)


def _check_checks(file: str, own: Records, today: date | None) -> None:
    """The newest check is the day of the edition, on which it hangs whether a sunset lies ahead."""
    for table, record in own.dated():
        if today is not None and record.checked_on > today:
            raise LawDataError(
                file,
                f"$.{table}.{record.id}.checked_on",
                f"{record.checked_on} lies after today, {today}; write the day on which the source was read last",
            )


def edition(records: Records, digest: str) -> str:
    """The day of the newest check and a short digest of the data: names one state of the law."""
    newest = max(record.checked_on for _, record in records.dated())
    return f"{newest.isoformat()}+{digest[:8]}"


def parse(file: str, text: bytes) -> Records:
    """Decode one file and check each of its records; ``LawDataError`` names file and key."""
    if text.startswith(codecs.BOM_UTF8):
        raise LawDataError(
            file, "$", "begins with a byte order mark, which TOML has none of; save it without one"
        )
    try:
        records = msgspec.toml.decode(text, type=Records)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `")
        raise LawDataError(file, where.rstrip("`") or "$", what) from None
    except UnicodeDecodeError:
        raise LawDataError(file, "$", "is not TOML: it is not in UTF-8; save it in that encoding") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise LawDataError(file, "$", f"is not TOML: {error}") from None
    for table in records.__struct_fields__:
        for number, entry in enumerate(getattr(records, table)):
            check_entry(file, f"$.{table}[{number}]", entry)
    check_ids(file, records)
    check_overlaps(file, records)
    return records


def _merge(base: Records, more: Records, file: str, *, replace: bool) -> Records:
    known = {record.id: table for table, record in base.dated()}
    fresh = {record.id: table for table, record in more.dated()}
    for name in sorted(known.keys() & fresh.keys()):
        if not replace:
            raise LawDataError(file, "id", f"{name} is used in another file already")
        if known[name] != fresh[name]:
            raise LawDataError(
                file,
                f"$.{fresh[name]}.id",
                f"{name} is a record of {known[name]}, so it cannot be superseded by one of {fresh[name]}",
            )
    for table in UNSOURCED if replace else ():
        if getattr(more, table):
            raise LawDataError(
                file,
                f"$.{table}",
                "has no source and no day of its own, so a file of one's own cannot add it; add a decision or a"
                " territory, which are cited",
            )
    tables = {}
    for table in base.__struct_fields__:
        kept = tuple(
            entry for entry in getattr(base, table) if not (isinstance(entry, Record) and entry.id in fresh)
        )
        tables[table] = kept + getattr(more, table)
    return Records(**tables)
