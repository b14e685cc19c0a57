"""Which of a file's tables are the list, and their columns as one: several tables of a page are its sections."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from registry.errors import Fault, InvalidError
from registry.formats.contents import by_content
from registry.formats.grids import File
from registry.formats.headings import folded
from registry.formats.tables import Entry, Table, understood
from registry.resources.lists import Column, Heading

SECTION = Heading(text="(section)", column=Column.SECTION)
"""Stands for the sections that a table has between its rows, or a page above its tables."""


class Selected(Struct, frozen=True, kw_only=True):
    """The tables that are the list, in order, with what is to be told of the choice."""

    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()

    @property
    def has_sections(self) -> bool:
        titles = {table.title for table in self.tables}
        return len(titles) > 1 or any(entry.section for table in self.tables for entry in table.entries)

    def section_of(self, table: Table, entry: Entry) -> str:
        titles = {other.title for other in self.tables}
        return entry.section or (table.title if len(titles) > 1 else "")


def selected(file: File, mapping: dict[str, Column], wanted: str | None) -> Selected:
    """The list in a file; `wanted` names a sheet or table, by its title or by its number from 1.

    Raises `InvalidError` where nothing in the file says anything, or where there is no such table.
    """
    tables = [
        by_content(table, mapping)
        for grid in file.grids
        if (table := understood(grid, mapping)) is not None and (wanted is not None or not grid.hidden)
    ]
    hidden = [grid.name for grid in file.grids if grid.hidden and grid.name]
    if wanted is not None:
        return Selected(tables=(_wanted(tables, wanted),))
    if not tables:
        at_all = f" Its hidden sheets ({_quoted(hidden)}) are not read." if hidden else ""
        raise InvalidError(f"The list is empty. Give a list with headings in its first row.{at_all}")
    lists = [table for table in tables if table.is_list and table.entries]
    current = [table for table in lists if not table.is_former] or lists[:1]
    if not current:
        return Selected(tables=(max(tables, key=lambda table: (table.known, len(table.entries))),))
    chosen = current[:1] if file.format == "xlsx" else _of_one_kind(current, file.format)
    left_out = [table for table in tables if table not in chosen]
    return Selected(tables=tuple(chosen), notes=tuple(_told(file, chosen, left_out, hidden)))


def _of_one_kind(current: list[Table], kind: str) -> list[Table]:
    """In JSON only lists with the members of the fullest one; on a page every table that looks like a list."""
    if kind != "json":
        return current
    best = max(current, key=lambda table: table.known)
    columns = {heading.column for heading in best.headings}
    return [table for table in current if {heading.column for heading in table.headings} == columns]


def _wanted(tables: Sequence[Table], wanted: str) -> Table:
    for number, table in enumerate(tables, 1):
        if folded(table.title) == folded(wanted) or str(number) == wanted.strip():
            return table
    there = "; ".join(f"{number} “{table.title}”" for number, table in enumerate(tables, 1)) or "none"
    message = f"The file has no table “{wanted}”. There is {there}."
    raise InvalidError(message, [Fault(message=message, member="table")])


def _told(file: File, chosen: list[Table], left_out: list[Table], hidden: list[str]) -> list[str]:
    what = "sheet" if file.format == "xlsx" else "table"
    notes = []
    if left_out or hidden:
        read = _quoted([table.title for table in chosen])
        notes.append(f"The {what}{'s' if len(chosen) > 1 else ''} {read} {_was(chosen)} read.")
    for table in left_out:
        if not (table.title or table.is_list):
            continue
        why = "lists what is no longer in use" if table.is_former else "is another list"
        why = why if table.is_list else "is no list of sub-processors"
        notes.append(
            f"The {what} “{table.title}” {why}, and was not read. Name it as the table to read it instead."
        )
    notes.extend(f"The hidden sheet “{name}” was not read." for name in hidden)
    return notes


def _was(chosen: Sequence[Table]) -> str:
    return "were" if len(chosen) > 1 else "was"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def united(tables: Sequence[Table]) -> tuple[list[Heading], list[list[int]]]:
    """The headings of several tables as one row of headings, and where each table's columns stand in it."""
    headings: list[Heading] = []
    places: list[list[int]] = []
    for table in tables:
        places.append([])
        for heading in table.headings:
            at = next((at for at, known in enumerate(headings) if _is_same(known, heading)), None)
            if at is None or at in places[-1]:
                at = len(headings)
                headings.append(replace(heading))
            places[-1].append(at)
    return headings, places


def _is_same(one: Heading, other: Heading) -> bool:
    if one.column is not None and other.column is not None:
        return one.column is other.column
    return folded(one.text) == folded(other.text)
