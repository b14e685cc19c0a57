"""Reading a published list: bytes or text in, rows with their columns out.

Comma, semicolon and tab are told apart by the headings. What cannot be read is said with its row, its
column and the remedy; nothing is repaired in silence.
"""

import csv
import io
import re
from collections.abc import Iterator

from registry.errors import Fault, InvalidError, PayloadTooLargeError, Source
from registry.formats.headings import folded, recognise
from registry.resources.lists import Column, Heading, ListRow, PublishedList

MAX_BYTES = 5_000_000
MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_CELL = 20_000
UTF_16_SEEN = 1000
"""Bytes that are looked at to tell UTF-16 without a byte order mark."""

_DELIMITERS = ",;\t"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def read(content: bytes | str, mapping: dict[str, str] | None = None) -> PublishedList:
    """Read a list; `mapping` says which column a heading is, by its text.

    Raises `InvalidError` where no table can be made out, and `PayloadTooLargeError` beyond the limits.
    """
    text = decoded(content)
    chosen = _mapping(mapping or {})
    if not text.strip():
        raise InvalidError("The list is empty. Give a CSV file with headings in its first row.")
    delimiter = _delimiter(text, chosen)
    records = _records(text, delimiter)
    first = next(((number, cells) for number, cells in records if any(cell.strip() for cell in cells)), None)
    if first is None:
        raise InvalidError("The list is empty. Give a CSV file with headings in its first row.")
    headings = _headings(*first, chosen)
    rows = [_row(number, cells, headings) for number, cells in records if any(cell.strip() for cell in cells)]
    if not rows:
        raise InvalidError("The list has headings, but no rows under them.")
    return PublishedList(headings=tuple(headings), rows=tuple(rows))


def decoded(content: bytes | str) -> str:
    """The list as text; an encoding that is not UTF-8 is named, never guessed."""
    size = len(content)
    if size > MAX_BYTES:
        raise PayloadTooLargeError(
            f"The list has {size} bytes; lists of up to {MAX_BYTES} are read. Split it."
        )
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InvalidError("The list is in UTF-16. Save it as CSV in UTF-8 and try again.")
    if content.startswith(b"PK\x03\x04"):
        raise InvalidError("The list is a spreadsheet or a ZIP file, not CSV. Export it as CSV in UTF-8.")
    if content[:UTF_16_SEEN].count(0) * 3 > min(len(content), UTF_16_SEEN):
        raise InvalidError(
            "Every other byte of the list is zero, so it is in UTF-16. Save it as CSV in UTF-8 and try again."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        message = (
            f"Byte {content[error.start]:#04x} in line {row} is not UTF-8, so the list is in another encoding"
            " (often Windows-1252 or Latin-1). Save it as CSV in UTF-8; guessing would garble names."
        )
        raise InvalidError(message, [Fault(message=message, source=Source.ROW, row=row)]) from error


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


def _delimiter(text: str, mapping: dict[str, Column]) -> str:
    """The delimiter under which most headings are known; with equal numbers, that with most cells."""

    def known(delimiter: str) -> tuple[int, int]:
        _, cells = next(_records(text, delimiter, strict=False))
        columns = [heading.column for heading in recognise(cells, mapping)]
        return (Column.NAME in columns) + sum(column is not None for column in columns), len(cells)

    return max(_DELIMITERS, key=known)


def _records(text: str, delimiter: str, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    """The records with their numbers, as a spreadsheet would count them."""
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    try:
        for number, cells in enumerate(reader, 1):
            if number > MAX_ROWS + 1:
                raise PayloadTooLargeError(f"The list has more than {MAX_ROWS} rows. Split it.")
            yield number, cells
    except csv.Error as error:
        message = (
            f"Row {number + 1} cannot be read as CSV ({error}). Close every quotation mark, write a mark"
            f" inside a quoted cell twice, and keep cells under {MAX_CELL} characters."
        )
        raise InvalidError(message, [Fault(message=message, source=Source.ROW, row=number + 1)]) from error


def _headings(number: int, cells: list[str], mapping: dict[str, Column]) -> list[Heading]:
    if len(cells) > MAX_COLUMNS:
        raise PayloadTooLargeError(f"The list has {len(cells)} columns; up to {MAX_COLUMNS} are read.")
    headings = recognise([_plain(cell) for cell in cells], mapping)
    missing = set(mapping) - {folded(heading.text) for heading in headings}
    if missing:
        message = (
            f"The list has no heading “{', '.join(sorted(missing))}”; its headings are {_quoted(headings)}."
        )
        raise InvalidError(message, [Fault(message=message, member="columns")])
    seen: dict[Column, str] = {}
    for heading in headings:
        if heading.column is None:
            continue
        if heading.column in seen:
            message = (
                f"“{seen[heading.column]}” and “{heading.text}” are both taken for the column"
                f" `{heading.column.value}`. Say which one is meant by mapping the other to `ignore`."
            )
            raise InvalidError(message, [_fault(number, heading.text, message)])
        seen[heading.column] = heading.text
    if Column.NAME not in seen:
        message = (
            f"No heading is known for the name of the sub-processor; the headings are {_quoted(headings)}."
            " Map one of them to `name`."
        )
        raise InvalidError(message, [_fault(number, None, message)])
    return headings


def _row(number: int, cells: list[str], headings: list[Heading]) -> ListRow:
    faults: list[str] = []
    beyond = [cell for cell in cells[len(headings) :] if cell.strip()]
    if beyond:
        faults.append(
            f"It has {len(cells)} cells under {len(headings)} headings. Put quotation marks around a cell that"
            " holds the delimiter."
        )
    elif len(cells) < len(headings):
        last = headings[len(cells)].text
        faults.append(
            f"It ends before the column “{last}”: {len(cells)} cells under {len(headings)} headings. Write the"
            " delimiters of empty cells too."
        )
    read: dict[Column, str] = {}
    for heading, cell in zip(headings, cells, strict=False):
        if match := _CONTROL.search(cell):
            faults.append(
                f"“{heading.text}” holds the control character U+{ord(match.group()):04X}. Take it out."
            )
        elif len(cell) > MAX_CELL:
            faults.append(
                f"“{heading.text}” has {len(cell)} characters; up to {MAX_CELL} are read. Shorten it."
            )
        elif heading.column is not None:
            read[heading.column] = cell.strip()
    return ListRow(row=number, cells=read, faults=tuple(faults))


def _fault(row: int, heading: str | None, message: str) -> Fault:
    return Fault(message=message, source=Source.ROW, row=row, member=heading)


def _quoted(headings: list[Heading]) -> str:
    return ", ".join(f"“{heading.text}”" for heading in headings)


def _plain(cell: str) -> str:
    return " ".join(_CONTROL.sub(" ", cell).split())
