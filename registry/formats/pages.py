"""Web pages: their tables as grids, each with the heading under which it stands.

What a reader sees is taken: cells over several rows or columns show their text once or in each row, `<br>` and
blocks are line breaks, marks of footnotes stay apart from the words, scripts and hidden parts are left out.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree, html

from registry.errors import InvalidError
from registry.formats.grids import CELL_READ, MAX_COLUMNS, MAX_ROWS, File, Grid, Line, too_many_rows

MAX_TABLES = 200
MAX_FOOTNOTES = 50
MAX_DEPTH = 200
"""Elements inside each other; no page that people wrote has more."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset((
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "hr", "li", "ol", "p", "pre", "section", "tr",
    "ul", *_HEADINGS,
))  # fmt: skip
_UNSEEN = frozenset(("script", "style", "template", "noscript", "svg", "head", "title", "select", "button"))
_STRUCK = ("del", "s", "strike")
_TOLD_MAX = 120
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARK = re.compile(r"^(?:\d{1,2}|[a-z]|[ivx]{1,4}|[*†‡§]{1,5}|\[\d{1,2}\]|\(\d{1,2}\))$", re.IGNORECASE)
_LINE_ENDS = re.compile(r"[^\S\n]*\n\s*")
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*\?>")
_SPACES = re.compile(r"[^\S\n]+")


def read(text: str) -> File:
    """The tables of a page; raises `InvalidError` where it has none."""
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise InvalidError(f"Line {line} of the page holds the control character U+0000. Take it out.")
    try:
        document = html.document_fromstring(
            _DECLARATION.sub("", text), parser=html.HTMLParser(huge_tree=False, no_network=True)
        )
    except (etree.ParserError, ValueError) as error:
        raise InvalidError(
            f"The page cannot be read ({error}). Copy its table and paste it as text."
        ) from error
    grids: list[Grid] = []
    section = ""
    number = 0
    for element in document.iter(*_HEADINGS, "table", "caption", "strong", "b", "summary"):
        if _is_unseen(element) or element.tag == "caption":
            continue
        inside_table = next(element.iterancestors("table"), None) is not None
        if element.tag == "table":
            if not inside_table and len(grids) < MAX_TABLES:
                grid = _grid(element, section, number)
                number += len(grid.lines)
                grids.append(grid)
        elif not inside_table and (said := _text_of(element).replace("\n", " ").strip()):
            if element.tag in ("strong", "b") and not _is_alone(element, said):
                continue
            section = said
    if not grids:
        raise InvalidError(
            "The page has no table. Where its list is drawn by a script or is made of paragraphs, copy it into a"
            " spreadsheet and import that."
        )
    footnotes = tuple(islice(_footnotes(document), MAX_FOOTNOTES))
    return File(format="html", grids=tuple(grids), footnotes=footnotes)


def _is_unseen(element: html.HtmlElement) -> bool:
    return any(
        step.tag in _UNSEEN or step.get("hidden") is not None or _HIDDEN.search(step.get("style") or "")
        for step in (element, *element.iterancestors())
    )


def _is_alone(element: html.HtmlElement, said: str) -> bool:
    """Whether a bold text is all that its paragraph says, as a heading is."""
    parent = element.getparent()
    if parent is None or parent.tag not in ("p", "div"):
        return False
    if element.getnext() is not None or element.getprevious() is not None:
        return False
    return _text_of(parent).strip(" \n:") == said.strip(" :")


def _grid(table: html.HtmlElement, section: str, number: int) -> Grid:
    caption = table.find("caption")
    lines: list[Line] = []
    hidden: list[str] = []
    carried: dict[int, tuple[str, int]] = {}
    for row in _rows(table):
        if _is_unseen(row):
            if (said := " ".join(filter(None, map(str.strip, row.itertext())))) and len(
                hidden
            ) < MAX_FOOTNOTES:
                hidden.append(f"A row that the page hides (“{said[:_TOLD_MAX]}”) is not read.")
            continue
        if len(lines) > MAX_ROWS:
            raise too_many_rows("The table")
        line, carried = _line(row, carried, number + len(lines) + 1)
        lines.append(line)
    name = _text_of(caption).replace("\n", " ").strip() if caption is not None else ""
    return Grid(lines=tuple(lines), name=name or None, section=section, remarks=tuple(hidden))


def _rows(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The rows of this table, not those of tables inside its cells."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _line(
    row: html.HtmlElement, carried: dict[int, tuple[str, int]], number: int
) -> tuple[Line, dict[int, tuple[str, int]]]:
    """A row with what cells above it still cover, and what its own cells cover of the rows below."""
    cells: list[str] = []
    below = {column: (text, left - 1) for column, (text, left) in carried.items() if left > 1}
    parts = [cell for cell in row if cell.tag in ("td", "th") and not _is_unseen(cell)]
    spans = False
    struck: dict[int, str] = {}
    for cell in parts:
        while len(cells) in carried:
            cells.append(carried[len(cells)][0])
        if out := " ".join("".join(words.itertext()).strip() for words in cell.iter(*_STRUCK)):
            struck[len(cells)] = " ".join(out.split())
        text = _text_of(cell)
        wide = _number(cell.get("colspan"), MAX_COLUMNS)
        tall = _number(cell.get("rowspan"), MAX_ROWS)
        spans = len(parts) == 1 and wide > 1 and not carried
        first = len(cells)
        for column in range(first, min(first + wide, MAX_COLUMNS + 1)):
            shown = text if column == first else ""
            cells.append(shown)
            if tall > 1:
                below[column] = (shown, tall - 1)
    while len(cells) in carried:
        cells.append(carried[len(cells)][0])
    is_head = bool(parts) and all(cell.tag == "th" for cell in parts)
    return Line(number=number, cells=tuple(cells), spans=spans, is_head=is_head, struck=struck), below


def _number(text: str | None, most: int) -> int:
    digits = (text or "").strip()
    return max(1, min(int(digits[:9]), most)) if digits.isdecimal() else 1


def _text_of(element: html.HtmlElement) -> str:
    """The text that a reader sees, with line breaks where blocks begin and end."""
    parts: list[str] = []
    _collect(element, parts, 0)
    text = _LINE_ENDS.sub("\n", _SPACES.sub(" ", "".join(parts)))
    return text.strip()[:CELL_READ]


def _collect(element: html.HtmlElement, parts: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        return
    if isinstance(element.tag, str) and not (depth and _hides(element)):
        block = element.tag in _BLOCKS
        if block:
            parts.append("\n")
        if element.tag == "sup" and _MARK.match(mark := "".join(element.itertext()).strip()):
            parts.append(mark if mark[0] in "*†‡§[(" else f"[{mark}]")
        else:
            parts.append(_white(element.text))
            for child in element:
                _collect(child, parts, depth + 1)
        if block:
            parts.append("\n")
    if depth:
        parts.append(_white(element.tail))


def _hides(element: html.HtmlElement) -> bool:
    return (
        element.tag in _UNSEEN
        or element.tag in _STRUCK
        or element.get("hidden") is not None
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _white(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _footnotes(document: html.HtmlElement) -> Iterator[str]:
    """Paragraphs and list items outside the tables that begin with the mark of a footnote."""
    for element in document.iter("p", "li", "small", "div", "dd"):
        if next(element.iterancestors("table"), None) is not None or element.find(".//table") is not None:
            continue
        if element.tag == "div" and len(element):
            continue
        text = _text_of(element).replace("\n", " ")
        if re.match(r"^(?:[*†‡§]{1,5}|\[\w{1,2}\]|[¹²³⁰⁴-⁹]+)\s*\S", text):
            yield text
