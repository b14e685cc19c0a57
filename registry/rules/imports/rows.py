"""A row of a list as a use of an entity, as far as the list speaks of it."""

import re
from collections.abc import Mapping

from msgspec import Struct

from registry.resources.lists import Column, ListRow, PublishedList
from registry.resources.places import PlaceRole
from registry.resources.terms import UseType
from registry.rules.imports.placeholders import is_placeholder
from registry.rules.imports.scopes import is_of_sub_processors, scope
from registry.rules.imports.statuses import Standing, standing
from registry.rules.imports.texts import folded, one_line
from transfers.places import pieces, says_nothing
from transfers.places.cleaning import has_markup, visible

NOT_STATED = "Not stated"

_URL = re.compile(r"^https?://[^\s\"<>\\^`{|}]+$")
_DATA_CUT = re.compile(r"[\n;]+")
_COMMA = re.compile(r",\s*(?![^()]*\))")
_CONTINUES = re.compile(
    r"^(?:including|such as|and|or|as|when|where|which|that|e\.g|etc|truncated)\b", re.IGNORECASE
)
YES = frozenset(
    (
        "yes",
        "y",
        "true",
        "1",
        "x",
        "optional",
        "opt in",
        "opt out",
        "on request",
        "ja",
        "oui",
        "optionnel",
        "예",
    )
)
NO = frozenset(
    (
        "",
        "no",
        "n",
        "false",
        "0",
        "not optional",
        "required",
        "mandatory",
        "always",
        "default",
        "core",
        "nein",
        "non",
        "아니요",
    )
)
TYPES = (
    ("affiliate", UseType.AFFILIATE),
    ("group compan", UseType.AFFILIATE),
    ("infrastructure", UseType.INFRASTRUCTURE),
    ("content delivery", UseType.CONTENT_DELIVERY_NETWORK),
    ("cdn", UseType.CONTENT_DELIVERY_NETWORK),
    ("support", UseType.SUPPORT),
    ("service-specific", UseType.SERVICE_SPECIFIC),
)


class Where(Struct, frozen=True, kw_only=True):
    """A place as a row names it."""

    text: str
    role: PlaceRole
    country: str | None = None
    subdivision: str | None = None
    city: str | None = None
    group: str | None = None
    note: str | None = None


class Use(Struct, frozen=True, kw_only=True):
    """What one row says of a use; None: the list has no such column."""

    row: int
    written: str
    """The name as the row has it."""
    purpose: str
    places: tuple[Where, ...]
    data: tuple[str, ...] | None
    services: frozenset[str] | None
    """Names of services; empty: all of them."""
    type: UseType | None
    optional: bool | None
    notes: str | None
    agreement: str | None
    website: str | None
    sub_processors_url: str | None
    established: str | None
    """The country of the entity, where the list has a column for it."""
    mechanism: str = ""
    """What the transfer column says, as it is written."""
    standing: Standing = Standing()
    """Whether it is in use, and from when to when."""
    problems: tuple[str, ...]


def use(row: ListRow, read: PublishedList, services: Mapping[str, str]) -> Use:
    problems = [
        *row.remarks,
        *(
            f"“{one_line(row.get(column))}” in the column `{column.value}` is a placeholder that nobody has filled in."
            for column in (Column.PURPOSE, Column.DATA)
            if is_placeholder(one_line(row.get(column)))
        ),
    ]
    problems += [
        f"Markup was left out of the column `{column.value}`; what a reader sees is kept."
        for column in (Column.NAME, Column.PURPOSE)
        if has_markup(row.get(column))
    ]
    section = one_line(row.get(Column.SECTION))
    purpose = one_line(row.get(Column.PURPOSE))
    if not purpose or is_placeholder(purpose):
        purpose = NOT_STATED
        problems.append("The purpose is missing. The row is taken without; say what the sub-processor does.")
    served = scope(row, read, services, problems)
    agreement = _link(row, Column.DPA, problems)
    return Use(
        row=row.row,
        written=one_line(row.get(Column.NAME)),
        purpose=purpose,
        places=_places(row, read, problems),
        data=kinds_of_data(row.get(Column.DATA)) if read.has(Column.DATA) else None,
        services=served,
        type=_type(section) or _kind(row.get(Column.TYPE)),
        optional=_optional(row, read, section, problems),
        notes=one_line(row.get(Column.NOTES)) or None,
        agreement=agreement,
        website=_link(row, Column.WEBSITE, problems),
        sub_processors_url=_link(row, Column.SUB_PROCESSORS, problems),
        established=_established(row.get(Column.CORPORATE_PLACE)),
        mechanism=row.get(Column.TRANSFER),
        standing=standing(row, problems),
        problems=tuple(problems),
    )


def _places(row: ListRow, read: PublishedList, problems: list[str]) -> tuple[Where, ...]:
    found: list[Where] = []
    seat = next((head for head in read.headings if head.stands_in and head.column is Column.PLACE), None)
    if seat is not None and not says_nothing(row.get(Column.PLACE)):
        problems.append(
            f"The list gives only “{seat.text}”, which is where the entity is established. That is taken for the place"
            " of processing, since there is no other; ask the vendor where it processes."
        )
    for column, role in (
        (Column.PLACE, PlaceRole.PROCESSING),
        (Column.STORAGE_PLACE, PlaceRole.STORAGE),
    ):
        for piece in () if says_nothing(row.get(column)) else pieces(row.get(column)):
            place = piece.place
            found.append(
                Where(
                    text=piece.text,
                    role=role,
                    country=place.country if place else None,
                    subdivision=place.subdivision if place else None,
                    city=place.city if place else None,
                    group=piece.group,
                    note=piece.note,
                )
            )
    if not found:
        problems.append(
            "The list does not say where this is processed. The row is taken without a place that can be judged,"
            " and its transfers need review; ask the vendor."
        )
        found.append(Where(text=NOT_STATED, role=PlaceRole.PROCESSING))
    problems.extend(
        f"The place “{where.text}” is kept as it is written, without a country: {where.note}. Its transfers"
        " need review."
        for where in found
        if where.note
    )
    return tuple(dict.fromkeys(found))


def kinds_of_data(cell: str) -> tuple[str, ...]:
    """Kinds of data, one by one where the cell is a list of short names."""
    found: list[str] = []
    for part in _DATA_CUT.split(visible(cell)):
        line = one_line(part)
        pieces_of_line = [piece.strip() for piece in _COMMA.split(line)]
        listed = all(piece and not _CONTINUES.match(piece) and ". " not in piece for piece in pieces_of_line)
        found.extend(pieces_of_line if listed else [line])
    return tuple(dict.fromkeys(text for text in found if folded(text)))


def _type(section: str) -> UseType | None:
    """The type that a section of the page is for, such as "Infrastructure subprocessors"."""
    return _kind(section) if is_of_sub_processors(section) else None


def _kind(text: str) -> UseType | None:
    lowered = one_line(text).casefold()
    return next((kind for word, kind in TYPES if word in lowered), None)


def _optional(row: ListRow, read: PublishedList, section: str, problems: list[str]) -> bool | None:
    """None: the list does not say, or not in words that are known, which is reported."""
    if not read.has(Column.OPTIONAL):
        return True if section.casefold().startswith("optional") else None
    text = one_line(row.get(Column.OPTIONAL))
    if folded(text) in YES:
        return True
    if folded(text) in NO:
        return False
    problems.append(
        f"“{text}” in the column `optional` says neither yes nor no, and is not taken over. Write yes or no."
    )
    return None


def _established(cell: str) -> str | None:
    found = pieces(cell)
    return found[0].place.country if len(found) == 1 and found[0].place else None


def _link(row: ListRow, column: Column, problems: list[str]) -> str | None:
    text = one_line(row.get(column))
    if not folded(text):
        return None
    if _URL.match(text):
        return text
    problems.append(f"“{text}” in the column `{column.value}` is no web address, and is not taken over.")
    return None
