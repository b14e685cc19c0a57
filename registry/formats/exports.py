"""Writing the published list: CSV, XLSX, JSON and Markdown, byte for byte the same for the same rows.

What begins as a formula does is written so that no spreadsheet works it out.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from html import escape

import xlsxwriter
from msgspec import Struct

from registry.formats.rows import FORMULA_SIGNS

WIDTHS = (28, 24, 36, 30, 28, 20, 30, 18, 10, 12, 14, 14, 30, 30)
"""Of the columns of a sheet, in characters; further ones have the last."""

EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
"""The moment that a spreadsheet says it was made at: the same rows are the same bytes."""

_SIGNS = re.compile(r"[*`\[\\|]|(?<!\w)_|_(?!\w)|^#", re.MULTILINE)

Cells = Sequence[str | Sequence[str] | None]


class Sheet(Struct, frozen=True, kw_only=True):
    """A table to be written, with what it is."""

    title: str
    as_of: date
    number: int
    """The change number up to which it is true."""
    columns: Sequence[str]
    rows: Sequence[Cells]


def as_csv(sheet: Sheet) -> bytes:
    """CSV in UTF-8 with a byte order mark, which spreadsheets need; several texts of a cell on lines of their own."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([defused(_lines(cell)) for cell in cells] for cells in sheet.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook of one sheet in which every cell is text."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": sheet.title, "created": EPOCH.replace(tzinfo=None)})
        page = book.add_worksheet("Sub-processors")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for at, width in enumerate(WIDTHS[: len(sheet.columns)]):
            page.set_column(at, at, width)
        for at, heading in enumerate(sheet.columns):
            page.write_string(0, at, heading, bold)
        for down, cells in enumerate(sheet.rows, 1):
            for at, cell in enumerate(cells):
                page.write_string(down, at, _lines(cell), wrapped)
        page.freeze_panes(1, 1)
        if sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    return out.getvalue()


def as_json(sheet: Sheet) -> bytes:
    """Objects by heading; a cell of several texts is a list of them, one that says nothing is null."""
    rows = [
        {
            heading: list(cell) if isinstance(cell, tuple) else cell
            for heading, cell in zip(sheet.columns, cells, strict=True)
        }
        for cells in sheet.rows
    ]
    document = {
        "title": sheet.title,
        "as_of": sheet.as_of.isoformat(),
        "change_number": sheet.number,
        "sub_processors": rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def as_markdown(sheet: Sheet) -> bytes:
    """A table as GitHub reads it; what would be markup there is shown as it is written."""
    lines = [f"# {_plain(sheet.title)}", "", f"As of {sheet.as_of.isoformat()}.", ""]
    lines.append(f"| {' | '.join(sheet.columns)} |")
    lines.append(f"|{' --- |' * len(sheet.columns)}")
    lines += [f"| {' | '.join(_plain(_lines(cell)) for cell in cells)} |" for cells in sheet.rows]
    return "\n".join(lines).encode() + b"\n"


def defused(text: str) -> str:
    """A text that begins as a formula does gets an apostrophe, which the import takes away again."""
    return f"'{text}" if text.lstrip(" \t\r\n").startswith(tuple(FORMULA_SIGNS)) else text


def _lines(cell: str | Sequence[str] | None) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    return "\n".join(cell)


def _plain(text: str) -> str:
    """A text in which nothing is markup: every sign that may begin some is written as an entity."""
    entities = _SIGNS.sub(lambda sign: f"&#{ord(sign.group())};", escape(text, quote=False))
    return "<br>".join(entities.splitlines())


class Format(Struct, frozen=True):
    """A form in which a list is written."""

    write: Callable[[Sheet], bytes]
    media_type: str


FORMATS: Mapping[str, Format] = {
    "csv": Format(as_csv, "text/csv; header=present"),
    "xlsx": Format(as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": Format(as_json, "application/json"),
    "md": Format(as_markdown, "text/markdown"),
}
