"""Spreadsheets: what is read of them, which sheet, and what is refused before it can do harm."""

import random
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from registry.errors import InvalidError, PayloadTooLargeError, RegistryError
from registry.formats.archives import MAX_INFLATED
from registry.formats.lists import read
from registry.resources.lists import Column
from tests.registry.formats.workbooks import archive, sheet, tampered, workbook

FINE = sheet(("Name", "Purpose", "Location"), ("Acme", "Hosting", "Germany"))


def _messy(book: Any) -> None:
    page = book.add_worksheet("Vendors")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write(0, 1, "Our sub-processors")
    page.write_row(2, 1, ["Vendor", "Purpose", "Location", "Since", "Data categories"])
    page.write_row(3, 1, ["Acme", "Hosting\nand mail", "Germany"])
    page.write_datetime(3, 4, datetime(2024, 1, 2), day)  # noqa: DTZ001 - a day of a spreadsheet has no zone
    page.write_number(3, 5, 42)
    page.write_row(4, 1, ["Beta", None, "France", None, True])
    page.write_formula(4, 2, "=1+1", None, "two")
    page.merge_range(5, 1, 5, 5, "Support sub-processors")
    page.merge_range(6, 1, 7, 1, "Gamma GmbH")
    page.write_row(6, 2, ["Mail", "Italy"])
    page.write_row(7, 2, ["Chat", "Malta"])
    page.write(9, 1, "* Only for customers in the EU.")
    secret = book.add_worksheet("Secret")
    secret.write_row(0, 0, ["Name", "Purpose"])
    secret.write_row(1, 0, ["Hidden", "x"])
    secret.hide()
    old = book.add_worksheet("Former vendors")
    old.write_row(0, 0, ["Name", "Purpose"])
    old.write_row(1, 0, ["Old", "x"])


def test_a_workbook_is_read_as_it_shows() -> None:
    found = read(workbook(_messy), name="vendors.xlsx")
    rows = {row.row: row for row in found.rows}

    assert (found.format, found.table) == ("xlsx", "Vendors")
    assert list(rows) == [4, 5, 7, 8]
    assert rows[4].cells == {
        Column.NAME: "Acme",
        Column.PURPOSE: "Hosting\nand mail",
        Column.PLACE: "Germany",
        Column.EFFECTIVE_ON: "2024-01-02",
        Column.DATA: "42",
    }
    assert (rows[5].get(Column.PURPOSE), rows[5].get(Column.DATA)) == ("two", "yes")
    assert "“Purpose” is a formula, which is not worked out" in rows[5].remarks[0]
    # A merged cell speaks for every row that it covers, and across the table it is a section.
    assert [rows[at].get(Column.NAME) for at in (7, 8)] == ["Gamma GmbH", "Gamma GmbH"]
    assert [rows[at].get(Column.SECTION) for at in (4, 7)] == ["", "Support sub-processors"]


def test_what_of_a_workbook_was_not_read_is_told() -> None:
    notes = " ".join(read(workbook(_messy)).notes)

    assert "The sheet “Vendors” was read." in notes
    assert "The sheet “Former vendors” lists what is no longer in use, and was not read." in notes
    assert "The hidden sheet “Secret” was not read." in notes
    assert "Beside the rows stands “Our sub-processors”." in notes
    assert "Beside the rows stands “* Only for customers in the EU.”." in notes


def test_a_sheet_is_chosen_by_its_name_or_number() -> None:
    content = workbook(_messy)

    assert [row.get(Column.NAME) for row in read(content, table="former vendors").rows] == ["Old"]
    assert [row.get(Column.NAME) for row in read(content, table="2").rows] == ["Hidden"]
    with pytest.raises(InvalidError, match="There is 1 “Vendors”; 2 “Secret”; 3 “Former vendors”"):
        read(content, table="Nothing")


def test_a_formula_of_which_the_file_does_not_tell_the_result_is_pointed_out() -> None:
    xml = _part(FINE).replace(b"</row></sheetData>", b'<c r="D2"><f>A1</f></c></row></sheetData>')

    notes = read(tampered(FINE, sheet=xml)).notes

    assert "what the formula in column 4 of row 2 of the sheet “Vendors” shows" in notes[0]


def _part(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archived:
        return archived.read(name)


def _behind(rows: bytes) -> bytes:
    return tampered(FINE, sheet=_part(FINE).replace(b"</sheetData>", rows + b"</sheetData>"))


STRINGS = (
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
    + b"A" * 1_000_000
    + b"</t></si></sst>"
)
REFUSED = {
    "a bomb of 60 MB": (tampered(FINE, sheet=b"<worksheet>" + b" " * 60_000_000), "unpacks to 60,"),
    "a cell at the far end": (_behind(b'<row r="1048576"><c r="XFD1048576"/></row>'), "more than 10000 rows"),
    "a cell far to the right": (_behind(b'<row r="9"><c r="ZZ9"/></row>'), "column 702 of row 9"),
    "a text that many cells share": (
        tampered(FINE, strings=STRINGS, sheet=_part(_behind(b'<row r="9">' + b'<c t="s"><v>0</v></c>' * 50))),
        "more than 32,000,000 characters",
    ),
    "merged cells without end": (
        tampered(
            FINE,
            sheet=_part(_behind(b'<row r="9999"><c r="A9999"><v>1</v></c></row>')).replace(
                b"</sheetData>",
                b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:B9999"/>' * 2000 + b"</mergeCells>",
            ),
        ),
        "lie over each other",
    ),
    "a document type": (tampered(FINE, sheet=b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "a document type"),
    "XML that breaks off": (tampered(FINE, sheet=_part(FINE)[:300]), "cannot be read"),
    "a file that breaks off": (FINE[:-300], "a workbook that is broken is best saved again"),
    "a Word document": (archive(word__document_xml=b"<a/>"), "a Word document"),
    "an OpenDocument file": (archive(content_xml=b"<a/>"), "Save it as XLSX or CSV"),
    "some ZIP file": (archive(notes_txt=b"hello"), "a ZIP file and no workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "of before 2007"),
}


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_workbook_that_would_do_harm_or_is_none_is_refused_by_what_it_is(content: bytes, told: str) -> None:
    with pytest.raises((InvalidError, PayloadTooLargeError)) as refused:
        read(content, name="vendors.xlsx")

    assert told in refused.value.detail


def test_a_size_that_the_container_declares_too_small_is_not_believed() -> None:
    honest = tampered(FINE, sheet=b"<worksheet>" + b" " * (MAX_INFLATED + 1))
    size = (MAX_INFLATED + 12).to_bytes(4, "little")
    assert size in honest

    with pytest.raises(InvalidError, match="cannot be unpacked"):
        read(honest.replace(size, (500).to_bytes(4, "little")))


def test_a_damaged_workbook_is_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(4)
    for _ in range(150):
        damaged = bytearray(FINE)
        for _ in range(chance.randrange(1, 20)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        part = bytearray(_part(FINE))
        for _ in range(chance.randrange(1, 9)):
            part[chance.randrange(len(part))] = chance.randrange(32, 127)
        for content in (bytes(damaged), tampered(FINE, sheet=bytes(part))):
            with suppress(RegistryError):
                assert read(content).rows


def test_a_file_that_is_not_what_it_is_called_is_read_as_what_it_is_and_that_is_told() -> None:
    page = "<html><table><tr><th>Name<th>Location<tr><td>Acme<td>UK</table>"

    assert "is called separated values (CSV), but is a workbook" in read(FINE, name="list.csv").notes[0]
    assert "is called a workbook (XLSX), but is a web page" in read(page, name="export.xls").notes[0]
    assert read(page, media_type="text/html", name="list.csv").notes == ()
