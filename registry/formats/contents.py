"""Columns told by what stands in them, where a list has no headings or a heading says nothing.

Only a list whose places can be read is understood so; all else is asked for by `--map "column 2=name"`.
"""

import re
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from registry.formats.grids import Line
from registry.formats.headings import displaced, folded, number_of, recognise, renamed
from registry.formats.tables import Entry, Table
from registry.resources.lists import Column, Heading
from transfers.places import Status, resolve, says_nothing

LOOKED_AT = 100
MOST = 0.7
"""The share of a column's cells that must be of a kind."""
NAME_MAX = 80
_URL = re.compile(r"^(?:https?://|www\.)\S+$")


def by_content(table: Table, mapping: dict[str, Column]) -> Table:
    """The table with the columns told by their cells, where its headings do not name the sub-processors.

    What somebody mapped, by its heading or its number, goes before all else; what gives way to it is told.
    """
    if table.known > 1 or any(heading.column is Column.NAME for heading in table.headings):
        headings = renamed(table.headings, mapping)
        gone = [
            f"“{heading.text}” is not read as `{column}`, because another column is mapped to that."
            for heading in displaced(headings, mapping)
            for column in [recognise([heading.text], {})[0].column]
            if column is not None
        ]
        table = replace(table, headings=tuple(headings), remarks=(*table.remarks, *gone))
    table = _named(table, mapping)
    if any(heading.column is Column.NAME for heading in table.headings):
        return table
    numbers = [number_of(at) for at in range(len(table.head.cells))]
    mapped = recognise(numbers, mapping)
    if any(heading.column is Column.NAME for heading in mapped):
        return _without_headings(table, mapped, "")
    if any(heading.column is not None for heading in table.headings):
        return table
    lines = [table.head, *(entry.line for entry in table.entries)]
    columns = _columns(lines[: LOOKED_AT + 1], len(numbers))
    place = next((at for at, column in enumerate(columns) if column is Column.PLACE), None)
    if place is None or Column.NAME not in columns or not _is_place(table.head.cells[place]):
        return table
    headings = [Heading(text=text, column=column) for text, column in zip(numbers, columns, strict=True)]
    taken = ", ".join(f"{head.text} for `{head.column}`" for head in headings if head.column)
    note = (
        f"The list has no headings; by what stands in it, {taken} is taken. Say otherwise by mapping, such as"
        f" “{numbers[0]}=name”."
    )
    return _without_headings(table, headings, note)


def _named(table: Table, mapping: dict[str, Column]) -> Table:
    """Columns with cells but no heading get their number; a first one among known headings is the name."""
    lines = [entry.line for entry in table.entries]
    headings = []
    remarks = []
    has_name = any(heading.column is Column.NAME for heading in table.headings)
    for at, heading in enumerate(table.headings):
        if (
            heading.text
            or heading.column
            or not any(line.cells[at : at + 1] and line.cells[at].strip() for line in lines)
        ):
            headings.append(heading)
            continue
        [named] = recognise([number_of(at)], mapping)
        is_first = not any(known.text for known in headings)
        if is_first and not has_name and named.column is None and table.known > 0:
            named = replace(named, column=Column.NAME)
            remarks.append(
                "The first column has no heading, and is taken for `name`. Say otherwise by mapping “column 1”."
            )
        headings.append(named)
    return replace(table, headings=tuple(headings), remarks=(*table.remarks, *remarks))


def _without_headings(table: Table, headings: Sequence[Heading], note: str) -> Table:
    """The line that stood for the headings is an entry like the others."""
    return replace(
        table,
        headings=tuple(headings),
        entries=(Entry(line=table.head, section=""), *table.entries),
        remarks=(*table.remarks, *((note,) if note else ())),
    )


def _columns(lines: Sequence[Line], width: int) -> list[Column | None]:
    columns: list[Column | None] = []
    for at in range(width):
        cells = [line.cells[at].strip() for line in lines if len(line.cells) > at and line.cells[at].strip()]
        columns.append(_kind(cells, columns))
    return columns


def _is_short(cell: str) -> bool:
    return len(cell) <= NAME_MAX


def _is_url(cell: str) -> bool:
    return bool(_URL.match(cell))


def _kind(cells: Sequence[str], before: Sequence[Column | None]) -> Column | None:
    if not cells:
        return None
    if Column.WEBSITE not in before and _share(cells, _is_url):
        return Column.WEBSITE
    if Column.PLACE not in before and _share(cells, _is_place):
        return Column.PLACE
    if any(_share(cells, test) for test in (_is_url, _is_place, str.isdecimal)):
        return None
    if Column.NAME not in before and _share(cells, _is_short):
        return Column.NAME if len({folded(cell) for cell in cells}) >= MOST * len(cells) else None
    return Column.PURPOSE if Column.PURPOSE not in before and Column.NAME in before else None


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return sum(map(test, cells)) >= MOST * len(cells)


def _is_place(cell: str) -> bool:
    if says_nothing(cell):
        return False
    reading = resolve(cell)
    return reading.status is Status.RESOLVED or bool(reading.groups)
