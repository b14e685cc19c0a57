"""Spreadsheets (XLSX): calamine reads the values, out of a container that was unpacked and measured first."""

import io
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

import python_calamine

from registry.errors import InvalidError
from registry.formats import archives
from registry.formats.grids import CELL_READ, MAX_COLUMNS, MAX_ROWS, File, Grid, Line
from registry.formats.sheets import BROKEN, Extent, extents

Value: TypeAlias = int | float | str | bool | time | date | datetime | timedelta | None
Corner: TypeAlias = tuple[int, int]

MAX_SHEETS = 50


def read(content: bytes) -> File:
    """Every sheet as a grid, hidden ones marked; raises `InvalidError` or `PayloadTooLargeError`."""
    found = archives.entries(content)
    reach = extents(found)
    try:
        return _read(archives.packed(found), reach)
    except python_calamine.CalamineError as error:
        raise InvalidError(BROKEN.format(error)) from error
    except BaseException as error:
        # calamine is written in Rust, whose panics arrive as a kind of their own that cannot be imported.
        if type(error).__name__ == "PanicException":
            raise InvalidError(BROKEN.format("it is damaged")) from error
        raise


def _read(container: bytes, reach: dict[str, Extent]) -> File:
    workbook = python_calamine.load_workbook(io.BytesIO(container))
    grids: list[Grid] = []
    notes: list[str] = []
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if len(grids) == MAX_SHEETS:
            notes.append(f"Only the first {MAX_SHEETS} sheets are read.")
            break
        extent = reach.get(sheet.name, Extent())
        hidden = sheet.visible is not python_calamine.SheetVisibleEnum.Visible
        grids.append(_grid(workbook, sheet.name, extent, hidden=hidden))
        if extent.empty_formula is not None and not hidden:
            notes.append(_unknown_result(sheet.name, *extent.empty_formula))
    return File(format="xlsx", grids=tuple(grids), notes=tuple(notes))


def _unknown_result(name: str, row: int, column: int) -> str:
    return (
        f"The file does not say what the formula in column {column + 1} of row {row + 1} of the sheet “{name}” shows,"
        " so the cell is empty. Open the file in a spreadsheet and save it."
    )


def _grid(workbook: python_calamine.CalamineWorkbook, name: str, extent: Extent, *, hidden: bool) -> Grid:
    if not extent.rows:
        return Grid(name=name, hidden=hidden, lines=())
    sheet = workbook.get_sheet_by_name(name)
    texts = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for at, shown in extent.errors.items():
        for column, error in shown.items():
            if at < len(texts) and column < len(texts[at]):
                texts[at][column] = error
    spanning = _spread(texts, sheet.merged_cell_ranges or [])
    lines = tuple(
        Line(
            number=at + 1,
            cells=tuple(cells),
            spans=at in spanning,
            formulas=frozenset(extent.formulas.get(at, ())),
            hidden=at in extent.hidden,
        )
        for at, cells in enumerate(texts)
    )
    return Grid(name=name, hidden=hidden, lines=lines)


def _spread(texts: list[list[str]], ranges: list[tuple[Corner, Corner]]) -> set[int]:
    """Show the text of a merged cell in each of its lines; tell the lines that one cell fills."""
    spanning = set()
    left_to_do = MAX_ROWS * MAX_COLUMNS
    for (top, left), (bottom, right) in ranges:
        if top >= len(texts) or left >= len(texts[top]):
            continue
        last = min(bottom, len(texts) - 1)
        left_to_do -= last - top + 1
        if left_to_do < 0:
            raise InvalidError(BROKEN.format("its merged cells lie over each other"))
        for row in range(top + 1, last + 1):
            texts[row][left] = texts[row][left] or texts[top][left]
        others = texts[top][:left] + texts[top][right + 1 :]
        if bottom == top and right > left and not any(cell.strip() for cell in others):
            spanning.add(top)
    return spanning


def _text(value: Value) -> str:
    """A value as the sheet shows it: whole numbers without a point, days as days."""
    if isinstance(value, str):
        return value[:CELL_READ].replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return "" if value is None else str(value)
