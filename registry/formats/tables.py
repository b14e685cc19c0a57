"""A grid understood: where its headings are, which lines are entries, and what else stands around them.

Titles above the headings, sections between the entries, headings that a page break repeats and notes under the
table are told apart from entries; what is not an entry is kept as a note, never dropped in silence.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from registry.formats.grids import Grid, Line
from registry.formats.headings import folded, recognise
from registry.resources.lists import Column, Heading

LOOKED_AT = 40
"""Lines in which the headings are looked for."""
_SENTENCE_WORDS = 6
_LONG = 120
_SECTION_MAX = 100

_NOTE = re.compile(
    r"^(?:[*†‡§¹²³⁰⁴-⁹]|\[\d{1,2}\]|\(\d{1,2}\)\s"
    r"|(?:notes?|last (?:updated|modified|reviewed)|updated|effective|as of|version|source|stand|hinweise?|anmerkungen?"
    r"|letzte aktualisierung|remarques?|dernière mise à jour|mise à jour|비고|최종 수정일?|시행일)\b\s*:?)",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|corp|limited|corporation|b\.?v|n\.?v|s\.?a|s\.?a\.?s|sarl|ag|plc|pbc|oy|ab|a/s|aps)\b"
    r"|㈜|\(주\)|주식회사",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(?:former(?:ly)?|previous(?:ly)?|past|removed|retired|ended|discontinued|deprecated|archived?|history|events?"
    r"|changes|change ?log|ehemalige?|frühere?|entfernte?|anciens?|historique)\b|변경 ?이력|이전 수탁",
    re.IGNORECASE,
)


class Entry(Struct, frozen=True, kw_only=True):
    """A line that is an entry, under the section in which it stands."""

    line: Line
    section: str


class Table(Struct, frozen=True, kw_only=True):
    """A grid with its headings found; `entries` are its lines below them."""

    grid: Grid
    head: Line
    headings: tuple[Heading, ...]
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    """Texts around the entries, word for word."""
    remarks: tuple[str, ...] = ()
    """How lines were read that are no entries."""

    @property
    def known(self) -> int:
        return sum(heading.column is not None for heading in self.headings)

    @property
    def is_list(self) -> bool:
        """Whether it looks like a list of sub-processors: a name, and something said of it."""
        columns = {heading.column for heading in self.headings}
        return Column.NAME in columns and len(columns - {None, Column.NAME, Column.SECTION}) > 0

    @property
    def is_former(self) -> bool:
        """Whether its title says that it lists what is no longer in use, or a history."""
        return bool(_FORMER.search(f"{self.grid.section} {self.grid.name or ''}"))

    @property
    def title(self) -> str:
        return (self.grid.name or self.grid.section).strip(" :")


def understood(grid: Grid, mapping: dict[str, Column]) -> Table | None:
    """The table in a grid; None where no line of it says anything."""
    filled = [line for line in grid.lines if line.filled]
    if not filled:
        return None
    at = _head(filled, mapping)
    head = filled[at]
    headings = recognise(heading_texts(head), mapping)
    above = [" ".join(part for part in map(str.strip, line.cells) if part) for line in filled[:at]]
    reader = _Reader(headings, head, grid)
    reader.read(filled[at + 1 :])
    return Table(
        grid=grid,
        head=head,
        headings=tuple(headings),
        entries=tuple(reader.entries),
        notes=(*above, *reader.notes),
        remarks=tuple(reader.remarks),
    )


def heading_texts(line: Line) -> list[str]:
    return [" ".join("".join(c if c.isprintable() else " " for c in cell).split()) for cell in line.cells]


def _head(filled: Sequence[Line], mapping: dict[str, Column]) -> int:
    """The line of the headings: that with a name and most columns that are known, else the first."""
    best, chosen = 0, None
    for at, line in enumerate(filled[:LOOKED_AT]):
        columns = [heading.column for heading in recognise(heading_texts(line), mapping)]
        known = len({column for column in columns if column is not None})
        mapped = len(mapping.keys() & {folded(cell) for cell in line.cells})
        if (Column.NAME in columns or mapped) and known + mapped > best:
            best, chosen = known + mapped, at
    if chosen is not None:
        return chosen
    return next((at for at, line in enumerate(filled[:LOOKED_AT]) if line.is_head and not line.spans), 0)


class _Reader:
    """The lines below the headings, sorted into entries, sections and notes."""

    def __init__(self, headings: Sequence[Heading], head: Line, grid: Grid) -> None:
        self.first = min(line.filled[0] for line in grid.lines if line.filled)
        self.width = len(headings) - self.first
        self.head = [folded(cell) for cell in head.cells]
        self.section = ""
        self.entries: list[Entry] = []
        self.notes: list[str] = []
        self.remarks: list[str] = []

    def read(self, lines: Sequence[Line]) -> None:
        last_full = max((at for at, line in enumerate(lines) if len(line.filled) > 1), default=-1)
        after_single = False
        for at, line in enumerate(lines):
            single = len(line.filled) == 1 and self.width > 1
            if not single:
                after_single = False
                if [folded(cell) for cell in line.cells] != self.head:
                    self.entries.append(Entry(line=line, section=self.section))
                continue
            text = " ".join(line.cells[line.filled[0]].split())
            following = lines[at + 1] if at + 1 < len(lines) else None
            is_first = line.filled[0] == self.first or line.spans
            if (_is_note(text) and is_first) or (line.spans and at > last_full):
                self.notes.append(text)
            elif line.spans or (not after_single and self._is_section(line, text, following)):
                self._section(line, text)
            else:
                self.entries.append(Entry(line=line, section=self.section))
            after_single = True

    def _is_section(self, line: Line, text: str, following: Line | None) -> bool:
        """A line with its first cell only, where the next says more: entries say at least what they are for."""
        return (
            self.width > 2  # noqa: PLR2004 - of two columns, either may be empty
            and line.filled[0] == self.first
            and following is not None
            and len(following.filled) * 2 >= self.width
            and len(text) <= _SECTION_MAX
            and not _LEGAL_FORM.search(text)
        )

    def _section(self, line: Line, text: str) -> None:
        self.section = text.strip(" :")
        if not line.spans:
            self.remarks.append(
                f"Row {line.number} has “{text}” alone, and is read as the heading of a section. If it is a"
                " sub-processor, say what it does."
            )


def _is_note(text: str) -> bool:
    if _NOTE.match(text) or len(text) > _LONG:
        return True
    return text.endswith(".") and len(text.split()) >= _SENTENCE_WORDS and not _LEGAL_FORM.search(text[-12:])
