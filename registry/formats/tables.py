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
_CONTACT = re.compile(
    r"^(?:contact(?: us)?|questions?|(?:e-?)?mail|kontakt|fragen|rückfragen|contacto|contatti|문의)\b[^:]{0,40}:\s*\S"
    r"|^[^:@]{0,80}:?\s*\S+@\S+\.\w{2,}\W*$",
    re.IGNORECASE,
)
"""How to reach those who publish the list."""
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
    at, under = _head(filled, mapping)
    head = _joined(filled[at], filled[under], mapping) if under > at else filled[at]
    headings = recognise(heading_texts(head), mapping)
    above = [" ".join(part for part in map(str.strip, line.cells) if part) for line in filled[:at]]
    reader = _Reader(headings, (head, filled[at], filled[under]), grid)
    reader.read(filled[under + 1 :])
    return Table(
        grid=grid,
        head=head,
        headings=tuple(headings),
        entries=tuple(reader.entries),
        notes=(*above, *reader.notes),
        remarks=(*grid.remarks, *reader.remarks),
    )


def heading_texts(line: Line) -> list[str]:
    return [" ".join("".join(c if c.isprintable() else " " for c in cell).split()) for cell in line.cells]


def _head(filled: Sequence[Line], mapping: dict[str, Column]) -> tuple[int, int]:
    """The first and the last line of the headings: those with a name and most columns that are known, else the first.

    Two lines are headings together where the format calls both so, or where the second only fills what the first
    leaves empty, and more columns are known of both than of one.
    """
    best, chosen = 0, None
    for at, line in enumerate(filled[:LOOKED_AT]):
        known = _known(line, mapping)
        if known > best:
            best, chosen = known, (at, at)
        if at + 1 < len(filled) and _belongs(line, filled[at + 1]):
            under = filled[at + 1]
            both = _known(_joined(line, under, mapping), mapping)
            if both > best or (both == best > 0 and line.is_head and under.is_head):
                best, chosen = both, (at, at + 1)
    if chosen is not None:
        return chosen
    first = next((at for at, line in enumerate(filled[:LOOKED_AT]) if line.is_head and not line.spans), 0)
    return first, first


def _known(line: Line, mapping: dict[str, Column]) -> int:
    """How many columns are known of a line, where one of them is the name or somebody mapped one."""
    columns = [heading.column for heading in recognise(heading_texts(line), mapping)]
    known = len({column for column in columns if column is not None})
    mapped = len(mapping.keys() & {folded(cell) for cell in line.cells})
    return known + mapped if Column.NAME in columns or mapped else 0


def _belongs(line: Line, under: Line) -> bool:
    """Whether a line may be the second line of the headings."""
    if line.spans or under.spans:
        return False
    if line.is_head or under.is_head:
        return line.is_head and under.is_head
    first = next(iter(line.filled))
    return first not in under.filled and any(
        at >= len(line.cells) or not line.cells[at].strip() for at in under.filled
    )


def _joined(line: Line, under: Line, mapping: dict[str, Column]) -> Line:
    """Two lines of headings as one: what stands over several columns is said of each."""
    over, below = heading_texts(line), heading_texts(under)
    cells: list[str] = []
    said = ""
    for at in range(max(len(over), len(below))):
        upper = over[at] if at < len(over) else ""
        lower = below[at] if at < len(below) else ""
        said = upper or (said if lower else "")
        both = lower if not said or said == lower else f"{said} {lower}".strip()
        [whole, alone] = recognise([both], mapping) + recognise([lower], mapping)
        cells.append(lower if lower and whole.column is None and alone.column is not None else both)
    return Line(number=line.number, cells=tuple(cells), is_head=line.is_head)


class _Reader:
    """The lines below the headings, sorted into entries, sections and notes."""

    def __init__(self, headings: Sequence[Heading], heads: Sequence[Line], grid: Grid) -> None:
        self.first = min(line.filled[0] for line in grid.lines if line.filled)
        self.width = len(headings) - self.first
        self.heads = [[folded(cell) for cell in head.cells] for head in heads]
        self.section = ""
        self.entries: list[Entry] = []
        self.notes: list[str] = []
        self.remarks: list[str] = []

    def read(self, lines: Sequence[Line]) -> None:
        last_full = max((at for at, line in enumerate(lines) if len(line.filled) > 1), default=-1)
        after_single = False
        for at, line in enumerate(lines):
            single = len(line.filled) == 1 and self.width > 1 and not line.formulas - set(line.filled)
            if not single:
                after_single = False
                if [folded(cell) for cell in line.cells] not in self.heads:
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
    if _NOTE.match(text) or _CONTACT.match(text) or len(text) > _LONG:
        return True
    return text.endswith(".") and len(text.split()) >= _SENTENCE_WORDS and not _LEGAL_FORM.search(text[-12:])
