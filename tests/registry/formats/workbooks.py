"""Workbooks made for tests: real ones, and ones that were tampered with."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import xlsxwriter


def workbook(fill: Callable[[Any], None]) -> bytes:
    """A workbook as a spreadsheet would save it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    fill(book)
    book.close()
    return buffer.getvalue()


def sheet(*rows: tuple[object, ...]) -> bytes:
    """A workbook of one sheet."""

    def fill(book: Any) -> None:
        page = book.add_worksheet("Vendors")
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)

    return workbook(fill)


def tampered(content: bytes, **parts: bytes) -> bytes:
    """The workbook with parts put in another's place: `sheet` is the first sheet, `strings` the shared texts."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}
    wanted = {names[name]: part for name, part in parts.items()}
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, wanted.get(name, old.read(name)))
    return buffer.getvalue()


def archive(**parts: bytes) -> bytes:
    """A ZIP file with these entries; two underscores stand for a slash, one for a full stop."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()
