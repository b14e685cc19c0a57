"""Readings that are not believed: a page that broke looks like one whose vendor gave up most of what it had."""

from collections.abc import Mapping
from typing import Any

from registry.resources.lists import Column, PublishedList

SPOKEN = {
    Column.PURPOSE: "purpose",
    Column.SERVICE: "service",
    Column.PLACE: "place",
    Column.STORAGE_PLACE: "place of storage",
    Column.DATA: "data",
}
"""Columns without which a list says less of everybody."""

FEW = 3
"""So many may go at once without a doubt."""

TAKE = "If that is right, take it as it is: `onward watch run --take ID`, or `take` over HTTP."


def columns_of(read: PublishedList) -> list[str]:
    """The columns whose loss would be a doubt."""
    return [column.value for column in SPOKEN if read.has(column)]


def doubt(before: Mapping[str, Any], reading: Mapping[str, Any]) -> str | None:
    """Why a reading is not believed beside the one before it; None where it is."""
    if before["kind"] != reading["kind"]:
        return f"It was a {before['kind']} when it was last read, and is a {reading['kind']} now. {TAKE}"
    if reading["kind"] == "feed":
        return None
    lost = [SPOKEN[Column(one)] for one in before.get("columns", ()) if one not in reading["columns"]]
    if lost:
        return f"It has lost its {' and its '.join(lost)}, so it would say less of everybody. {TAKE}"
    return shrunk(len(before["entries"]), len(reading["entries"]))


def shrunk(before: int, now: int) -> str | None:
    """Why a list of so many is not believed where there were so many; None where it is."""
    if before - now < FEW or now * 2 >= before:
        return None
    return f"It has lost most of its rows: {now} are left of {before}. {TAKE}"
