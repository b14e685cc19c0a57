"""One entry of a list, by column: what cannot be read of it is said with its row, its column and the remedy."""

import re
from collections.abc import Iterable, Mapping, Sequence

from registry.formats.grids import CELL_READ, MAX_CELL, Line
from registry.resources.lists import Column, Heading, ListRow

FORMULA_SIGNS = "=+-@|%\uff1d\uff0b\uff0d\uff20"
"""A cell that begins with one of these, behind white space or not, is a formula to some spreadsheet."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_NUMBER = re.compile(r"^[+-]?[\d.,\s]+%?$")
_MARK = re.compile(r"(?<=[\w)\].])\s*([*†‡§]{1,6}|\[(?:\d{1,2}|[a-z])\]|[¹²³⁰⁴-⁹]+)(?=\s|$|[,;)])")
_FOOTNOTE = re.compile(r"^([*†‡§]{1,6}|\[(?:\d{1,2}|[a-z])\]|[¹²³⁰⁴-⁹]+|\(\d{1,2}\))\s*(\S.*)$", re.DOTALL)
_TOLD_MAX = 300
_ERROR = re.compile(
    r"^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA|BEZUG!|WERT!|NV|ZAHL!)$"
)
"""What a sheet shows where a formula came to nothing."""


def footnotes(texts: Iterable[str]) -> dict[str, str]:
    """Footnotes by their marks, of the texts around a table."""
    return {match[1]: match[2][:_TOLD_MAX] for text in texts if (match := _FOOTNOTE.match(text.strip()))}


def row(
    line: Line, headings: Sequence[Heading], *, ragged: bool, section: str, notes: Mapping[str, str]
) -> ListRow:
    """The cells of a line under their columns."""
    faults: list[str] = list(_ragged(line, headings) if ragged else ())
    remarks: list[str] = ["The row is hidden in the sheet. It is taken all the same."] if line.hidden else []
    is_struck = False
    read: dict[Column, str] = {}
    literal: set[Column] = set()
    for at, (heading, cell) in enumerate(zip(headings, line.cells, strict=False)):
        if match := _CONTROL.search(cell):
            faults.append(
                f"“{heading.text}” holds the control character U+{ord(match.group()):04X}. Take it out."
            )
        elif len(cell) > MAX_CELL:
            more = "more than " if len(cell) >= CELL_READ else ""
            faults.append(
                f"“{heading.text}” has {more}{min(len(cell), CELL_READ)} characters; up to {MAX_CELL} are read. Shorten"
                " it."
            )
        elif heading.column is not None:
            bare, is_literal = without_defusing(cell.strip())
            if at in line.struck:
                bare, is_struck = _struck(heading, bare, line.struck[at], remarks, is_struck=is_struck)
            if _ERROR.match(bare):
                told = f"“{heading.text}” shows the error {bare}, which says nothing. Mend the formula in the sheet."
                (faults if heading.column is Column.NAME else remarks).append(told)
                bare = ""
            read[heading.column] = bare
            if is_literal:
                literal.add(heading.column)
            remarks.extend(_formula(heading, bare, is_literal=is_literal, is_formula=at in line.formulas))
            remarks.extend(_marks(heading, bare, notes))
    if section and not read.get(Column.SECTION):
        read[Column.SECTION] = section
    return ListRow(
        row=line.number,
        cells=read,
        faults=tuple(faults),
        remarks=tuple(remarks),
        literal=frozenset(literal),
        struck=is_struck,
    )


def _struck(
    heading: Heading, cell: str, words: str, remarks: list[str], *, is_struck: bool
) -> tuple[str, bool]:
    """A cell of which words are struck out, and whether the whole entry is, as its name is."""
    if heading.column is Column.NAME and not cell:
        return words, True
    remarks.append(f"“{words[:_TOLD_MAX]}” is struck out under “{heading.text}”, and is not read.")
    return cell, is_struck


def without_defusing(cell: str) -> tuple[str, bool]:
    """The cell without the apostrophe by which an export keeps it from being a formula, and whether it had one."""
    if cell.startswith("'") and cell[1:].lstrip()[:1] in tuple(FORMULA_SIGNS):
        return cell[1:], True
    return cell, False


def _ragged(line: Line, headings: Sequence[Heading]) -> Iterable[str]:
    beyond = [cell for cell in line.cells[len(headings) :] if cell.strip()]
    if beyond:
        yield (
            f"It has {len(line.cells)} cells under {len(headings)} headings. Put quotation marks around a cell that"
            " holds the delimiter."
        )
    elif len(line.cells) < len(headings):
        last = headings[len(line.cells)].text
        yield (
            f"It ends before the column “{last}”: {len(line.cells)} cells under {len(headings)} headings. Write the"
            " delimiters of empty cells too."
        )


def _formula(heading: Heading, cell: str, *, is_literal: bool, is_formula: bool) -> Iterable[str]:
    if is_formula:
        yield f"“{heading.text}” is a formula, which is not worked out; what the file last showed is taken."
    elif cell[:1] in ("=", "+", "@") and not is_literal and not _NUMBER.match(cell):
        yield f"“{heading.text}” begins as a formula does. It is taken as text, and never worked out."


def _marks(heading: Heading, cell: str, notes: Mapping[str, str]) -> Iterable[str]:
    for mark in dict.fromkeys(_MARK.findall(cell)):
        if mark in notes:
            yield f"“{heading.text}” has the footnote “{mark} {notes[mark]}”."
