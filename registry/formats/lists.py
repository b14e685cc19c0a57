"""Reading a published list: a file or a pasted text in, rows with their columns out.

What kind of file it is, in which encoding and with which of its tables, is found out and told. What cannot be read
is said with its row, its column and the remedy; nothing is repaired in silence.
"""

from collections.abc import Sequence

from registry.errors import Fault, InvalidError, PayloadTooLargeError, Source
from registry.formats import encodings, kinds
from registry.formats.grids import MAX_CELL, MAX_COLUMNS, MAX_ROWS, too_many_columns, too_many_rows
from registry.formats.headings import folded, number_of
from registry.formats.rows import footnotes, row
from registry.formats.selection import SECTION, Selected, selected, united
from registry.formats.tables import Table
from registry.resources.lists import Column, Heading, ListRow, PublishedList

__all__ = ["MAX_BYTES", "MAX_CELL", "MAX_COLUMNS", "MAX_ROWS", "decoded", "read"]

MAX_BYTES = 5_000_000
_TOLD_MAX = 300
_TEXTS_TOLD = 10
_HEADINGS_TOLD = 30
_HEADING_TOLD = 60


def read(
    content: bytes | str,
    mapping: dict[str, str] | None = None,
    *,
    media_type: str | None = None,
    name: str | None = None,
    table: str | None = None,
) -> PublishedList:
    """Read a list; `mapping` says which column a heading is, by its text, or by its number ("column 2").

    `media_type` and `name` are what the file is called; what it is, its bytes say. `table` names the sheet or the
    table of a page that is meant, by its title or its number. Raises `InvalidError` where no list can be made out,
    and `PayloadTooLargeError` beyond the limits.
    """
    _refuse_large(content)
    chosen = _mapping(mapping or {})
    file = kinds.opened(content, chosen, media_type=media_type, name=name)
    found = selected(file, chosen, table)
    _refuse_missing(found.tables, chosen)
    for each in found.tables:
        _check(each)
    if not any(each.entries for each in found.tables):
        raise InvalidError("The list has headings, but no rows under them.")
    headings, rows = _joined(found, footnotes((*file.footnotes, *_texts(found))))
    return PublishedList(
        headings=tuple(headings),
        rows=tuple(rows),
        format=file.format,
        encoding=file.encoding,
        delimiter=file.delimiter,
        table=", ".join(filter(None, (each.title for each in found.tables))) or None,
        notes=(*file.notes, *found.notes, *_remarks(found)),
    )


def decoded(content: bytes | str) -> str:
    """A list of text as text, for those who pass it on; an encoding that is not certain is named, never guessed."""
    _refuse_large(content)
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    if content.startswith(b"PK\x03\x04"):
        raise InvalidError("The list is a spreadsheet or a ZIP file, not CSV. Export it as CSV in UTF-8.")
    return encodings.decoded(content).text


def _refuse_large(content: bytes | str) -> None:
    if len(content) > MAX_BYTES:
        raise PayloadTooLargeError(
            f"The list has {len(content)} bytes; lists of up to {MAX_BYTES} are read. Split it."
        )


def _mapping(given: dict[str, str]) -> dict[str, Column]:
    known = ", ".join(column.value for column in Column)
    chosen: dict[str, Column] = {}
    for heading, column in given.items():
        try:
            chosen[folded(heading)] = Column(column)
        except ValueError as error:
            message = f"“{column}” is no column; there are {known}."
            raise InvalidError(message, [Fault(message=message, member=f"columns.{heading}")]) from error
    return chosen


def _refuse_missing(tables: Sequence[Table], mapping: dict[str, Column]) -> None:
    headings = [heading for table in tables for heading in table.headings]
    width = max((len(table.headings) for table in tables), default=0)
    missing = (
        set(mapping) - {folded(heading.text) for heading in headings} - set(map(number_of, range(width)))
    )
    if missing:
        message = (
            f"The list has no heading “{', '.join(sorted(missing))}”; its headings are {_quoted(headings)}."
        )
        raise InvalidError(message, [Fault(message=message, member="columns")])


def _check(table: Table) -> None:
    """Refuse headings of which it is not clear which column is meant."""
    headings = table.headings
    at = table.head.number or 1
    if len(headings) > MAX_COLUMNS:
        raise too_many_columns(len(headings), at)
    if len(table.entries) > MAX_ROWS:
        raise too_many_rows()
    seen: dict[Column, str] = {}
    for number, heading in enumerate(headings):
        if heading.column is None:
            continue
        if heading.column in seen:
            message = (
                f"“{seen[heading.column]}” and “{heading.text}” are both taken for the column"
                f" `{heading.column.value}`. Say which one is meant by mapping the other to `ignore`, such as"
                f" “{number_of(number)}=ignore”."
            )
            raise InvalidError(message, [_fault(at, heading.text, message)])
        seen[heading.column] = heading.text
    if Column.NAME not in seen:
        message = (
            f"No heading is known for the name of the sub-processor; the headings are {_quoted(headings)}."
            " Map one of them to `name`. If the list has no headings, map its columns by number, such as"
            f" “{number_of(0)}=name”."
        )
        raise InvalidError(message, [_fault(at, None, message)])


def _joined(found: Selected, notes: dict[str, str]) -> tuple[list[Heading], list[ListRow]]:
    headings, places = united(found.tables)
    rows = []
    for table, at in zip(found.tables, places, strict=True):
        own = [headings[place] for place in at]
        for entry in table.entries:
            section = found.section_of(table, entry)
            rows.append(row(entry.line, own, ragged=table.grid.ragged, section=section, notes=notes))
    if len(rows) > MAX_ROWS:
        raise too_many_rows()
    kept = [heading for heading in headings if heading.text or heading.column]
    if found.has_sections and not any(heading.column is Column.SECTION for heading in kept):
        kept.append(SECTION)
    return kept, rows


def _texts(found: Selected) -> list[str]:
    return [text for table in found.tables for text in table.notes]


def _remarks(found: Selected) -> list[str]:
    told = [f"Beside the rows stands “{text[:_TOLD_MAX]}”." for text in _texts(found)]
    if len(told) > _TEXTS_TOLD:
        told = [*told[:_TEXTS_TOLD], f"And {len(told) - _TEXTS_TOLD} more texts that are no rows."]
    return [remark for table in found.tables for remark in table.remarks] + told


def _fault(number: int, heading: str | None, message: str) -> Fault:
    return Fault(message=message, source=Source.ROW, row=number, member=heading)


def _quoted(headings: Sequence[Heading]) -> str:
    told = [f"“{heading.text[:_HEADING_TOLD]}”" for heading in headings[:_HEADINGS_TOLD]]
    return ", ".join(told) + (" and more" if len(headings) > _HEADINGS_TOLD else "")
