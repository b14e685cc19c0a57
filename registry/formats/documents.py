"""JSON: a list of objects, wherever in the document it stands, as a grid."""

import json
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from registry.errors import Fault, InvalidError, Source
from registry.formats.grids import (
    CELL_READ,
    MAX_COLUMNS,
    MAX_ROWS,
    File,
    Grid,
    Line,
    too_many_columns,
    too_many_rows,
)

MAX_DEPTH = 6
"""How deep a list may lie in the document, and a value in its entry."""
_MAX_LISTS = 200


def read(text: str) -> File:
    """Every list of objects or of lists, each as a grid, with entries counted through the whole document.

    Raises `InvalidError` where there is none.
    """
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        message = f"The list is no JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        raise InvalidError(message, [Fault(message=message, source=Source.ROW, row=error.lineno)]) from error
    except (RecursionError, ValueError) as error:
        raise InvalidError(f"The list cannot be read as JSON: {error}.") from error
    grids: list[Grid] = []
    for grid in _lists(document, "", 0):
        before = sum(len(other.lines) for other in grids)
        lines = tuple(replace(line, number=line.number + before) for line in grid.lines)
        grids.append(replace(grid, lines=lines))
    if not grids:
        raise InvalidError(
            'The JSON holds no list of objects. Give a list such as [{"name": …, "purpose": …, "location": …}], or an'
            " object with such a list."
        )
    return File(format="json", grids=tuple(grids[:_MAX_LISTS]))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"an object has the member “{name}” twice")
        found[name] = value
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no value of JSON")


def _lists(value: Any, name: str, depth: int) -> Iterable[Grid]:
    """The lists of a document from the outside in; what is inside an entry belongs to it."""
    if isinstance(value, list):
        entries = [entry for entry in value if isinstance(entry, (dict, list))]
        if entries and len(entries) == len(value):
            yield _grid(value, name)
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        for member, inner in value.items():
            yield from _lists(inner, member, depth + 1)
        if value and all(isinstance(inner, dict) for inner in value.values()):
            yield _grid([{"key": key, **inner} for key, inner in value.items()], name)


def _grid(entries: list[Any], name: str) -> Grid:
    if len(entries) > MAX_ROWS:
        raise too_many_rows()
    if all(isinstance(entry, list) for entry in entries):
        rows = [tuple(_text(cell, 0) for cell in entry) for entry in entries]
        lines = tuple(Line(number=at, cells=cells) for at, cells in enumerate(rows, 1))
        return Grid(lines=lines, name=name or None)
    objects = [entry if isinstance(entry, dict) else {} for entry in entries]
    members = list(dict.fromkeys(member for entry in objects for member in entry))
    if len(members) > MAX_COLUMNS:
        raise too_many_columns(len(members), 1)
    lines = (
        Line(number=0, cells=tuple(members), is_head=True),
        *(
            Line(number=at, cells=tuple(_text(entry.get(member), 0) for member in members))
            for at, entry in enumerate(objects, 1)
        ),
    )
    return Grid(lines=lines, name=name or None)


def _text(value: Any, depth: int) -> str:
    """A value as a cell: the parts of a list on lines of their own, those of an object after commas."""
    if isinstance(value, str):
        return value[:CELL_READ]
    if value is None or depth > MAX_DEPTH:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(filter(None, (_text(part, depth + 1) for part in value)))[:CELL_READ]
    if isinstance(value, dict):
        parts = (_text(part, depth + 1) for part in value.values())
        return ", ".join(part.replace("\n", ", ") for part in parts if part)[:CELL_READ]
    return str(value)
