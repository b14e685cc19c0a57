"""A published list as it was read: headings, columns and rows, before anybody judges what they say."""

from enum import StrEnum

from msgspec import Struct


class Column(StrEnum):
    """What a column of a list holds."""

    NAME = "name"
    PURPOSE = "purpose"
    DATA = "data"
    PLACE = "place"
    STORAGE_PLACE = "storage_place"
    CORPORATE_PLACE = "corporate_place"
    """Where the entity is established, which is not where it processes."""
    PRODUCT = "product"
    """Which of our services it is for."""
    SERVICE = "service"
    """What the vendor offers; read only where the list gives no purpose."""
    SECTION = "section"
    STATUS = "status"
    """Whether it is in use, planned or ended."""
    ADDED_ON = "added_on"
    """When it came onto the list."""
    EFFECTIVE_ON = "effective_on"
    """From when on it is in use."""
    REMOVED_ON = "removed_on"
    TYPE = "type"
    OPTIONAL = "optional"
    TRANSFER = "transfer"
    WEBSITE = "website"
    DPA = "dpa"
    SUB_PROCESSORS = "sub_processors"
    NOTES = "notes"
    IGNORE = "ignore"


class Heading(Struct, frozen=True, kw_only=True):
    """A heading as written, and the column that it was taken for; None: it is not read."""

    text: str
    column: Column | None
    stands_in: bool = False
    """The list has no column of that kind, and this one is the nearest that it has."""


class ListRow(Struct, frozen=True, kw_only=True):
    """One row, by column; `faults` says why it cannot be read."""

    row: int
    """Counted from 1, headings included, as a spreadsheet shows it."""
    cells: dict[Column, str]
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was seen of the row beside its text, such as a footnote; it is taken all the same."""
    literal: frozenset[Column] = frozenset()
    """Cells that begin with the sign of a formula and are none: an export had defused them."""
    struck: bool = False
    """Its name is struck out."""

    def get(self, column: Column) -> str:
        """The text of a column, empty where the list has none."""
        return self.cells.get(column, "")


class PublishedList(Struct, frozen=True, kw_only=True):
    """A list as read: its headings with the columns they were taken for, and its rows."""

    headings: tuple[Heading, ...]
    rows: tuple[ListRow, ...]
    format: str = "csv"
    """What the file is: `csv`, `xlsx`, `json`, `html`, `markdown` or `aligned` (columns by spaces)."""
    encoding: str | None = None
    """In what it was written, where it came as bytes of text."""
    delimiter: str | None = None
    table: str | None = None
    """The sheet or table that was read, where the file has names for them."""
    notes: tuple[str, ...] = ()
    """What was found out about the file, and what of it was left out."""

    def has(self, column: Column) -> bool:
        """Whether the list speaks of this at all; what it does not speak of, it does not alter."""
        return any(heading.column is column for heading in self.headings)
