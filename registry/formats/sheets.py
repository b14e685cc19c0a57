"""What the XML of a workbook says that calamine does not: how far its sheets reach, and which cells are formulas.

It is read before calamine reads anything, event by event and without a tree, so that neither a cell at the far end
of a sheet nor a long text that a million cells share can fill the memory.
"""

import re
from pathlib import PurePosixPath
from typing import TypeVar

from lxml import etree
from msgspec import Struct

from registry.errors import Fault, InvalidError, Source
from registry.formats.archives import MAX_INFLATED
from registry.formats.grids import MAX_COLUMNS, MAX_ROWS, too_many_rows

BROKEN = "The workbook cannot be read ({}). Open it in a spreadsheet, save it as XLSX and try again."

_REFERENCE = re.compile(r"^([A-Za-z]{1,3})([1-9]\d{0,6})$")
_ROW = re.compile(r"^[1-9]\d{0,6}$", re.ASCII)
_INDEX_LENGTH = 12
"""Characters of a value that are looked at: enough for the number of a shared text."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


class Extent(Struct):
    """How far a sheet reaches, and which of its cells are formulas, by line and column from 0."""

    rows: int = 0
    formulas: dict[int, set[int]] = {}
    empty_formula: tuple[int, int] | None = None
    """A formula of which the file does not say what it shows."""
    errors: dict[int, dict[int, str]] = {}
    """What cells show whose formula came to nothing: "#N/A"."""
    hidden: set[int] = set()
    """Lines that the sheet does not show."""


def extents(found: dict[str, bytes]) -> dict[str, Extent]:
    """The extent of each sheet by its name; raises `InvalidError` or `PayloadTooLargeError`."""
    lowered = {name.lower(): part for name, part in found.items()}
    if "xl/workbook.xml" not in lowered:
        raise InvalidError(BROKEN.format("it has no xl/workbook.xml"))
    if any(_DOCTYPE.search(part) for name, part in lowered.items() if name.endswith((".xml", ".rels"))):
        raise InvalidError(BROKEN.format("it declares a document type, as no spreadsheet does"))
    lengths = _feed(lowered.get("xl/sharedstrings.xml", b""), _Strings()).lengths
    return {
        name: _feed(lowered.get(path, b""), _Sheet(name, lengths)).extent
        for name, path in _paths(lowered).items()
    }


def _paths(found: dict[str, bytes]) -> dict[str, str]:
    """Where each sheet lies, as the workbook's relations say."""
    relations = _feed(found.get("xl/_rels/workbook.xml.rels", b""), _Attributes("Relationship")).found
    sheets = _feed(found["xl/workbook.xml"], _Attributes("sheet")).found
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
    paths = {}
    for sheet in sheets:
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION) or "", "")
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        paths[sheet.get("name", "")] = path.lower()
    if len(paths) < len(sheets) or len(targets) < len(relations):
        raise InvalidError(BROKEN.format("two of its sheets have one name"))
    return paths


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class _Reader:
    """Gets the events of a document; keeps no tree."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        pass

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass

    def close(self) -> None:
        pass


Target = TypeVar("Target", bound=_Reader)


class _Attributes(_Reader):
    """The attributes of every element of one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == self.name:
            self.found.append(dict(attributes))


class _Strings(_Reader):
    """How long each of the shared texts is."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - lxml calls it so
        if _local(tag) == "si":
            self.lengths.append(0)

    def data(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class _Sheet(_Reader):
    """One sheet's cells, counted and measured."""

    def __init__(self, name: str, lengths: list[int]) -> None:
        self.name = name
        self.lengths = lengths
        self.extent = Extent()
        self.row = self.column = -1
        self.text_left = MAX_INFLATED
        self.is_shared = self.is_error = self.is_formula = self.in_value = False
        self.value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "row":
                stated = attributes.get("r", "")
                self.row = int(stated) - 1 if _ROW.match(stated) else self.row + 1
                self.column = -1
                if attributes.get("hidden") in ("1", "true"):
                    self.extent.hidden.add(self.row)
            case "c":
                self._cell(attributes)
            case "f":
                self.is_formula = True
            case "v" | "is":
                self.in_value = True

    def data(self, text: str) -> None:
        if self.in_value and len(self.value) < _INDEX_LENGTH:
            self.value += text

    def end(self, tag: str) -> None:
        match _local(tag):
            case "v" | "is":
                self.in_value = False
            case "c":
                self._done()

    def _cell(self, attributes: dict[str, str]) -> None:
        self.value, self.is_formula = "", False
        self.is_shared = attributes.get("t") == "s"
        self.is_error = attributes.get("t") == "e"
        reference = attributes.get("r")
        if reference is None:
            self.row, self.column = max(self.row, 0), self.column + 1
        elif match := _REFERENCE.match(reference):
            self.row = int(match[2]) - 1
            self.column = _column(match[1].upper())
        else:
            raise InvalidError(BROKEN.format(f"“{reference[:20]}” is no cell"))
        if self.row > MAX_ROWS:
            raise too_many_rows(f"The sheet “{self.name}”")
        if self.column >= MAX_COLUMNS:
            message = (
                f"The sheet “{self.name}” has something in column {self.column + 1} of row {self.row + 1}; up to"
                f" {MAX_COLUMNS} columns are read. Delete what stands there."
            )
            raise InvalidError(message, [Fault(message=message, source=Source.ROW, row=self.row + 1)])
        self.extent.rows = max(self.extent.rows, self.row + 1)

    def _done(self) -> None:
        if self.is_shared and self.value.strip().isdecimal():
            number = int(self.value)
            self.text_left -= self.lengths[number] if number < len(self.lengths) else 0
            if self.text_left < 0:
                raise InvalidError(BROKEN.format(f"its cells show more than {MAX_INFLATED:,} characters"))
        if self.is_error and self.value:
            self.extent.errors.setdefault(self.row, {})[self.column] = self.value.strip()
        if self.is_formula:
            self.extent.formulas.setdefault(self.row, set()).add(self.column)
            if not self.value and self.extent.empty_formula is None:
                self.extent.empty_formula = self.row, self.column


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _feed(part: bytes, target: Target) -> Target:
    """Run a document past its reader; no entity is resolved and nothing is fetched."""
    if not part.strip():
        return target
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        parser.feed(part)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise InvalidError(BROKEN.format(str(error.msg).split(", line")[0].strip())) from error
    return target
