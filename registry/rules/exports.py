"""The published list as a table, in the columns that users of such lists know.

Built from the public view alone. One row is one use of a sub-processor; where a place is for some of the use's
services only, those services have a row of their own. What is read back from it says what the register says.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from registry.resources.sub_processors import PublicPlace, PublicSubProcessor, PublicUse
from registry.rules.imports.names import with_brand
from transfers.codes import countries
from transfers.places import pieces

Cell = str | tuple[str, ...] | None
"""Nothing, a text, or several that each have a line of their own."""


class Row(Struct, frozen=True, kw_only=True):
    """One row, its cells in the order of `COLUMNS`."""

    cells: tuple[Cell, ...]


def table(entries: Sequence[PublicSubProcessor]) -> list[Row]:
    """The rows of a list, in its order."""
    return [
        _row(entry, use, services, places)
        for entry in entries
        for use in entry.uses
        for services, of_scope in _scopes(use)
        for places in _cells(of_scope)
    ]


def for_service(entries: Sequence[PublicSubProcessor], name: str) -> list[PublicSubProcessor]:
    """What is for one service of ours, or for all of them."""
    kept = []
    for entry in entries:
        uses = tuple(use for use in entry.uses if not use.services or name in use.services)
        if uses:
            kept.append(replace(entry, uses=uses))
    return kept


def _scopes(use: PublicUse) -> list[tuple[tuple[str, ...], list[PublicPlace]]]:
    """The places of a use by the services that they are for; those for all of its services first."""
    scopes: dict[tuple[str, ...], list[PublicPlace]] = {}
    for place in sorted(use.places, key=lambda place: bool(place.services)):
        scopes.setdefault(place.services or use.services, []).append(place)
    return list(scopes.items())


def _cells(places: Sequence[PublicPlace]) -> list[Sequence[PublicPlace]]:
    """The places as one cell; a cell each where they would be read as something else when they stand together.

    A text that is open ("worldwide, such as the USA") takes in what stands beside it.
    """
    texts = {place.text for place in places}
    alone = {piece.text for text in texts for piece in pieces(text)}
    if len(texts) == 1 or {piece.text for piece in pieces("\n".join(sorted(texts)))} <= alone:
        return [places]
    apart: dict[str, list[PublicPlace]] = {}
    for place in places:
        apart.setdefault(place.text, []).append(place)
    return list(apart.values())


def _row(
    entry: PublicSubProcessor, use: PublicUse, services: Sequence[str], places: Sequence[PublicPlace]
) -> Row:
    brand = entry.trading_name if entry.trading_name != entry.legal_name else None
    country = countries().get(entry.country or "")
    cells: tuple[Cell, ...] = (
        with_brand(entry.legal_name, brand),
        tuple(services),
        use.purpose,
        use.data,
        _each(place.text for place in places),
        country.name if country else entry.country,
        _each(place.safeguard for place in places if place.safeguard),
        use.type.value.replace("_", " ").capitalize() if use.type else None,
        "Yes" if use.optional else "No",
        entry.added_on.isoformat() if entry.added_on else None,
        entry.valid_from.isoformat(),
        entry.agreement.replace("_", " ").capitalize() if entry.agreement else None,
        entry.sub_processors_url,
        entry.website,
    )
    return Row(cells=cells)


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in the order in which it came first."""
    return tuple(dict.fromkeys(texts))
