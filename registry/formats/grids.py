"""A file as tables of cells, before anybody says what their columns are."""

from msgspec import Struct

from registry.errors import Fault, PayloadTooLargeError, Source

MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_CELL = 20_000
CELL_READ = 100_000
"""Characters of one cell that are kept at all; what is longer than `MAX_CELL` is a fault of its row."""


class Line(Struct, frozen=True, kw_only=True):
    """One line of a table."""

    number: int
    """As a spreadsheet would count it; in JSON the entry, in a page the row over all its tables."""
    cells: tuple[str, ...]
    spans: bool = False
    """One cell fills the whole line."""
    formulas: frozenset[int] = frozenset()
    """Columns whose cells are formulas; their text is what the file last showed."""
    is_head: bool = False
    """The format itself calls it a line of headings."""
    struck: dict[int, str] = {}
    """By column, words that are struck out; its cell has the others."""
    hidden: bool = False
    """The sheet does not show it."""

    @property
    def filled(self) -> list[int]:
        return [index for index, cell in enumerate(self.cells) if cell.strip() or index in self.struck]


class Grid(Struct, frozen=True, kw_only=True):
    """One table: a sheet, a table of a page, a file of separated values."""

    lines: tuple[Line, ...]
    name: str | None = None
    """The name of the sheet, or the caption of the table."""
    section: str = ""
    """The heading of a page under which the table stands."""
    hidden: bool = False
    remarks: tuple[str, ...] = ()
    """What of it was left out."""
    ragged: bool = False
    """Lines may have more or fewer cells than there are headings, which is a fault; else they are filled up."""


class File(Struct, frozen=True, kw_only=True):
    """What was found in a file."""

    format: str
    grids: tuple[Grid, ...]
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    """Texts beside the tables that begin with the mark of a footnote."""


def too_many_rows(what: str = "The list") -> PayloadTooLargeError:
    return PayloadTooLargeError(
        f"{what} has more than {MAX_ROWS} rows. Split it, and import each part with `keep_missing` (--keep-missing).",
        [Fault(message=f"This is the first row beyond {MAX_ROWS}.", source=Source.ROW, row=MAX_ROWS + 2)],
    )


def too_many_columns(count: int, row: int) -> PayloadTooLargeError:
    message = (
        f"Row {row} has {count} columns; up to {MAX_COLUMNS} are read. Delete those that are not needed."
    )
    return PayloadTooLargeError(message, [Fault(message=message, source=Source.ROW, row=row)])
