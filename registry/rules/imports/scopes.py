"""Which of our services a row is for, as a product, page or section column names them."""

import re
from collections.abc import Collection, Mapping

from registry.resources.lists import Column, ListRow, PublishedList
from registry.rules.imports.texts import folded, one_line, without_marks
from transfers.places.cleaning import visible

_ALL = re.compile(
    r"^(?:default|general|(?:all|alle|tous)(?:\s+(?:products?|services?|plans?|customers?|produkte|dienste))?)$",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"^all(?:\s+(?:products?|services?|plans?))?\s+(?:except|excluding|but|other than)\s+(?:for\s+)?(?P<names>.+)$",
    re.IGNORECASE,
)
_SERVICE_CUT = re.compile(r"[\n;,]+|\s+(?:and|und)\s+")
_SECTION = re.compile(
    r"sub-?\s?(?:processors?|contractors?)|affiliates?|group compan|(?:third|3rd)[\s-]part(?:y|ies)|vendors?\b"
    r"|service providers?|(?:unter|sub)-?auftrag|subunternehm|sous-traitant|수탁",
    re.IGNORECASE,
)


def is_of_sub_processors(section: str) -> bool:
    """Whether a section sorts sub-processors ("Infrastructure subprocessors") instead of naming a service."""
    return bool(_SECTION.search(section))


def scope(
    row: ListRow, read: PublishedList, services: Mapping[str, str], problems: list[str]
) -> frozenset[str] | None:
    """The services that a product, page or section column names."""
    section = one_line(row.get(Column.SECTION))
    is_service = read.has(Column.SECTION) and not is_of_sub_processors(section)
    if not read.has(Column.PRODUCT) and not is_service:
        return None
    text = one_line(row.get(Column.PRODUCT)) if read.has(Column.PRODUCT) else section
    if not text or _ALL.match(without_marks(text)):
        return frozenset()
    without = _EXCEPT.match(text)
    if without is None:
        cell = row.get(Column.PRODUCT) if read.has(Column.PRODUCT) else section
        return frozenset(services[folded(name)] for name in _service_names(cell, services))
    excluded = {folded(name) for name in _service_names(without["names"], services)}
    left = frozenset(name for key, name in services.items() if key not in excluded)
    if not left:
        problems.append(f"“{text}” names no service that is left, so the row is taken for all of them.")
    return left


def services_named(read: PublishedList, known: Collection[str]) -> list[str]:
    """All services that the rows name, also as exceptions; `known` are those of the register, as compared."""
    names: list[str] = []
    for row in read.rows:
        section = one_line(row.get(Column.SECTION))
        named = "" if is_of_sub_processors(section) else section
        cell = row.get(Column.PRODUCT) if read.has(Column.PRODUCT) else named
        if not cell.strip() or _ALL.match(without_marks(one_line(cell))):
            continue
        without = _EXCEPT.match(one_line(cell))
        names.extend(_service_names(without["names"] if without else cell, known))
    return list(dict.fromkeys(names))


def _service_names(text: str, known: Collection[str]) -> list[str]:
    """The names in a cell, cut at commas and the like; a line that is a known name is not cut."""
    names: list[str] = []
    for line in visible(text).splitlines():
        parts = [line] if folded(line) in known else _SERVICE_CUT.split(line)
        names.extend(without_marks(one_line(part)).strip(" ,.") for part in parts)
    return [name for name in names if folded(name)]
