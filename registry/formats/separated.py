"""Text tables: separated values, tables pasted from a spreadsheet, Markdown, and columns by spaces."""

import csv
import io
import re
from collections.abc import Iterator

from registry.errors import Fault, InvalidError, Source
from registry.formats.grids import CELL_READ, MAX_CELL, MAX_COLUMNS, MAX_ROWS, File, Grid, Line, too_many_rows
from registry.formats.headings import recognise
from registry.resources.lists import Column

DELIMITERS = ",;\t|"
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}

# A cell of a megabyte is a fault of its row, told by us; csv would refuse the whole file for it. The limit is one for
# the whole process, and nothing else in it reads CSV.
csv.field_size_limit(10_000_000)

_MARKDOWN_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_MARKDOWN_CELL = re.compile(r"(?<!\\)\|")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_MARKDOWN_STRONG = re.compile(r"(?<![*_\w])(\*\*|__|\*|_)(?=[^\s*_])([^\n]*?[^\s*_])\1(?![*_\w])")
_MARKDOWN_STRUCK = re.compile(r"~~([^~\n]+)~~")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*#*$")
_ALIGNED = re.compile(r" {2,}|\t+")
_SEPARATOR_LINE = re.compile(r"^sep=(?P<delimiter>[,;|\t])\r?$", re.IGNORECASE)


def read(text: str, mapping: dict[str, Column], delimiter: str | None = None) -> File:
    """A text table of whatever kind it is; raises `InvalidError` where it cannot be cut into cells."""
    lines = text.split("\n")
    stated = _SEPARATOR_LINE.match(lines[0])
    if stated is not None:
        return separated("\n".join(lines[1:]), stated["delimiter"], first=2)
    if any(_is_rule(lines, at) for at in range(1, len(lines))):
        return _markdown(lines)
    chosen = delimiter or _delimiter(text, mapping)
    if delimiter is None and _is_aligned(lines, text, chosen, mapping):
        return _aligned(lines)
    return separated(text, chosen)


def separated(text: str, delimiter: str, first: int = 1) -> File:
    """Separated values, with lines numbered as a spreadsheet would show them."""
    lines = tuple(
        Line(number=number, cells=tuple(cell[: CELL_READ + 1] for cell in cells))
        for number, cells in _records(text, delimiter, first=first)
    )
    return File(format="csv", grids=(Grid(lines=lines, ragged=True),), delimiter=delimiter)


def _records(
    text: str, delimiter: str, *, first: int = 1, strict: bool = True
) -> Iterator[tuple[int, list[str]]]:
    number = first - 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    try:
        for number, cells in enumerate(reader, first):
            if number > MAX_ROWS + first:
                raise too_many_rows()
            yield number, cells[: MAX_COLUMNS + 1]
    except csv.Error as error:
        message = (
            f"Row {number + 1} cannot be read as CSV ({error}). Close every quotation mark, write a mark"
            f" inside a quoted cell twice, and keep cells under {MAX_CELL} characters."
        )
        raise InvalidError(message, [Fault(message=message, source=Source.ROW, row=number + 1)]) from error


def _delimiter(text: str, mapping: dict[str, Column]) -> str:
    """The delimiter under which most headings are known; with equal numbers, that with most cells."""

    def known(delimiter: str) -> tuple[int, int]:
        return max(_known(cells, mapping) for cells in _first(text, delimiter))

    return max(DELIMITERS, key=known)


def _first(text: str, delimiter: str, count: int = 20) -> Iterator[list[str]]:
    """The first lines, in which the headings stand, with at least one."""
    found = 0
    for _, cells in _records(text, delimiter, strict=False):
        if found == count:
            return
        found += 1
        yield cells
    if not found:
        yield []


def _known(cells: list[str], mapping: dict[str, Column]) -> tuple[int, int]:
    columns = [heading.column for heading in recognise([" ".join(cell.split()) for cell in cells], mapping)]
    known = sum(column is not None for column in columns)
    return ((Column.NAME in columns) + known if Column.NAME in columns or known > 1 else 0), len(cells)


def _is_rule(lines: list[str], at: int) -> bool:
    return bool(_MARKDOWN_RULE.match(lines[at])) and "|" in lines[at] + lines[at - 1] and "|" in lines[at - 1]


def _markdown(lines: list[str]) -> File:
    """Every table of a Markdown text, under the heading before it."""
    grids: list[Grid] = []
    notes: list[str] = []
    section = ""
    at = 0
    while at < len(lines):
        if heading := _MARKDOWN_HEADING.match(lines[at].strip()):
            section = _unmarked(heading["text"])
        elif at + 1 < len(lines) and _is_rule(lines, at + 1):
            table = [at]
            at += 2
            while at < len(lines) and "|" in lines[at]:
                table.append(at)
                at += 1
            if len(table) > MAX_ROWS + 1:
                raise too_many_rows("The table")
            found = tuple(_markdown_line(row + 1, lines[row]) for row in table)
            grids.append(Grid(lines=found, section=section))
            continue
        elif re.match(r"^\s*(?:\\?\*+|†|\[\d+\]|[¹²³])\s*\S", lines[at]):
            notes.append(_unmarked(lines[at].strip()))
        at += 1
    return File(format="markdown", grids=tuple(grids), footnotes=tuple(notes))


def _markdown_line(number: int, line: str) -> Line:
    """A line of a table; words between `~~` are struck out."""
    cells = _markdown_cells(line)
    struck = {
        at: " ".join(_MARKDOWN_STRUCK.findall(cell))
        for at, cell in enumerate(cells)
        if _MARKDOWN_STRUCK.search(cell)
    }
    left = tuple(
        _MARKDOWN_STRUCK.sub("", cell).strip() if at in struck else cell for at, cell in enumerate(cells)
    )
    return Line(number=number, cells=left, struck=struck)


def _markdown_cells(line: str) -> tuple[str, ...]:
    bare = line.strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return tuple(_unmarked(cell.strip())[: CELL_READ + 1] for cell in _MARKDOWN_CELL.split(bare))


def _unmarked(cell: str) -> str:
    """A cell without the signs of Markdown: links as their text, no stress, escaped signs as themselves."""
    cell = _MARKDOWN_LINK.sub(r"\1", cell)
    cell = _MARKDOWN_STRONG.sub(r"\2", cell).replace("`", "")
    cell = re.sub(r"<br\s*/?>", "\n", cell, flags=re.IGNORECASE)
    return re.sub(r"\\([\\|*_\[\]`#])", r"\1", cell)


def _is_aligned(lines: list[str], text: str, delimiter: str, mapping: dict[str, Column]) -> bool:
    """Whether columns are kept apart by spaces alone: that knows more headings than any delimiter does."""
    head = next((line for line in lines if line.strip()), "")
    cells = _ALIGNED.split(head.strip())
    if len(cells) < 2 or "\t" in head:  # noqa: PLR2004 - one cell is no table
        return False
    spaced = _known(cells, mapping)
    separated_by = max(_known(found, mapping) for found in _first(text, delimiter))
    return spaced[0] > separated_by[0] or (separated_by[1] < 2 and spaced[1] > 1)  # noqa: PLR2004 - as above


def _aligned(lines: list[str]) -> File:
    """Columns by two or more spaces: cut at the spaces where all lines agree, else below the headings."""
    written = [(number, line.rstrip()) for number, line in enumerate(lines, 1) if line.strip()]
    if len(written) > MAX_ROWS + 1:
        raise too_many_rows()
    head = written[0][1]
    starts = [match.start() for match in re.finditer(r"(?:^\s*|(?<= {2}))\S", head.expandtabs())]
    starts = [0, *[start for start in starts if start > len(head) - len(head.lstrip())]]
    found = []
    for number, line in written:
        cells = tuple(_ALIGNED.split(line.strip()))
        if len(cells) != len(starts):
            ends = [*starts[1:], len(line) + 1]
            cells = tuple(line[start:end].strip() for start, end in zip(starts, ends, strict=True))
        found.append(Line(number=number, cells=cells))
    return File(format="aligned", grids=(Grid(lines=tuple(found)),))
