"""Rows of a list gathered into entities, each with its uses, as far as the list speaks of them."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from registry.resources.base import TEXT_MAX
from registry.resources.lists import Column, ListRow, PublishedList
from registry.resources.places import PlaceRole
from registry.resources.terms import UseType
from registry.rules.imports.names import Entity, entity
from registry.rules.imports.scopes import is_of_sub_processors, scope, services_named
from registry.rules.imports.texts import folded, one_line
from transfers.places import pieces

NOT_STATED = "Not stated"

_NAME_MAX = 200
_URL = re.compile(r"^https?://[^\s\"<>\\^`{|}]+$")
_DATA_CUT = re.compile(r"[\n;]+")
_COMMA = re.compile(r",\s*(?![^()]*\))")
_CONTINUES = re.compile(
    r"^(?:including|such as|and|or|as|when|where|which|that|e\.g|etc|truncated)\b", re.IGNORECASE
)
YES = frozenset(("yes", "y", "true", "x", "optional", "opt in", "ja", "oui"))
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
    problems: tuple[str, ...]


class Listed(Struct, frozen=True, kw_only=True):
    """One entity of the list with its rows."""

    entity: Entity
    uses: tuple[Use, ...]

    @property
    def row(self) -> int:
        return self.uses[0].row


class Gathered(Struct, frozen=True, kw_only=True):
    """What the rows of a list come to."""

    entities: list[Listed]
    rejected: list["Rejected"]
    services: list[str]
    """All services that the list names, also as exceptions."""


class Rejected(Struct, frozen=True, kw_only=True):
    """A row that cannot be taken, with the reasons."""

    row: int
    name: str
    reasons: tuple[str, ...]


def gather(read: PublishedList, known_services: Iterable[str]) -> Gathered:
    """The entities in the order of their first rows; `known_services` are the names on the register."""
    named = services_named(read)
    services: dict[str, str] = {}
    for name in [*known_services, *named]:
        services.setdefault(folded(name), name)
    found: list[tuple[Entity, Use]] = []
    rejected: list[Rejected] = []
    for row in read.rows:
        who = entity(row.get(Column.NAME))
        reasons = _reasons(row, who)
        if reasons:
            rejected.append(Rejected(row=row.row, name=who.written, reasons=tuple(reasons)))
        else:
            found.append((who, _use(row, read, services)))
    return Gathered(
        entities=_entities(found),
        rejected=rejected,
        services=list(dict.fromkeys(services[folded(name)] for name in named)),
    )


def _entities(found: Sequence[tuple[Entity, Use]]) -> list[Listed]:
    """Rows of one name are one entity, unless they differ in their legal forms: a GmbH is no Inc."""
    forms: dict[str, list[str]] = {}
    for who, _ in found:
        written = forms.setdefault(who.key, [])
        if who.form is not None and who.form not in written:
            written.append(who.form)
    groups: dict[tuple[str, str | None], list[tuple[Entity, Use]]] = {}
    for who, use in found:
        several = len(forms[who.key]) > 1
        form = (who.form or forms[who.key][0]) if several else None
        groups.setdefault((who.key, form), []).append((who, use))
    return [Listed(entity=rows[0][0], uses=tuple(use for _, use in rows)) for rows in groups.values()]


def _reasons(row: ListRow, who: Entity) -> list[str]:
    reasons = list(row.faults)
    if not who.written and not row.faults:
        reasons.append(
            "The name is missing. Write the sub-processor's legal name into the row, or delete the row."
        )
    if len(who.legal_name) > _NAME_MAX:
        reasons.append(
            f"The name has {len(who.legal_name)} characters; up to {_NAME_MAX} are taken. Shorten it."
        )
    for column in (Column.PURPOSE, Column.PLACE, Column.STORAGE_PLACE, Column.DATA):
        length = len(one_line(row.get(column)))
        if length > TEXT_MAX:
            reasons.append(
                f"The column `{column.value}` has {length} characters; up to {TEXT_MAX} are taken. Shorten it."
            )
    return reasons


def _use(row: ListRow, read: PublishedList, services: Mapping[str, str]) -> Use:
    problems: list[str] = []
    section = one_line(row.get(Column.SECTION))
    purpose = one_line(row.get(Column.PURPOSE))
    if not purpose:
        purpose = NOT_STATED
        problems.append("The purpose is missing. The row is taken without; say what the sub-processor does.")
    served = scope(row, read, services, problems)
    agreement = _link(row, Column.DPA, problems)
    if mechanism := one_line(row.get(Column.TRANSFER)):
        problems.append(
            f"The transfer mechanism “{mechanism}” is a claim, and is not taken over. Record the safeguard with"
            " its document and date."
        )
    return Use(
        row=row.row,
        purpose=purpose,
        places=_places(row, problems),
        data=_data(row.get(Column.DATA)) if read.has(Column.DATA) else None,
        services=served,
        type=_type(section) or _kind(row.get(Column.TYPE)),
        optional=_optional(row, read, section),
        notes=one_line(row.get(Column.NOTES)) or None,
        agreement=agreement,
        website=_link(row, Column.WEBSITE, problems),
        sub_processors_url=_link(row, Column.SUB_PROCESSORS, problems),
        established=_established(row.get(Column.CORPORATE_PLACE)),
        problems=tuple(problems),
    )


def _places(row: ListRow, problems: list[str]) -> tuple[Where, ...]:
    found: list[Where] = []
    for column, role in (
        (Column.PLACE, PlaceRole.PROCESSING),
        (Column.STORAGE_PLACE, PlaceRole.STORAGE),
    ):
        for piece in pieces(row.get(column)):
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


def _data(cell: str) -> tuple[str, ...]:
    """Kinds of data, one by one where the cell is a list of short names."""
    found: list[str] = []
    for part in _DATA_CUT.split(cell):
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


def _optional(row: ListRow, read: PublishedList, section: str) -> bool | None:
    if read.has(Column.OPTIONAL):
        return folded(row.get(Column.OPTIONAL)) in YES
    return True if section.casefold().startswith("optional") else None


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
