"""A list that somebody else publishes, in the form in which two readings of it are compared."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from registry.resources.changes import Effect
from registry.resources.lists import Column, PublishedList
from registry.resources.terms import Terms
from registry.resources.watches import Weight
from registry.rules.differences import Names, differences
from registry.rules.documents import canonical
from registry.rules.imports.documents import said
from registry.rules.imports.entities import Listed, gather
from registry.rules.imports.names import with_brand
from registry.rules.patches import Document
from registry.rules.watching.doubts import columns_of

THEIRS = (Column.PRODUCT, Column.SECTION)
"""Columns that speak of their products, which are none of our services."""


class Found(Struct, frozen=True, kw_only=True):
    """One entity of the list that is new, gone or otherwise."""

    name: str
    weight: Weight
    told: tuple[str, ...]
    listed: Listed | None
    """None: it is gone."""


class Reading(Struct, frozen=True, kw_only=True):
    """What a list says: its entities by key, and how many rows could not be taken."""

    read: PublishedList
    listed: dict[str, Listed]
    rejected: int

    def stored(self) -> dict[str, Any]:
        """The form in which it is kept until the next look."""
        return {
            "kind": "list",
            "columns": columns_of(self.read),
            "entries": {
                key: {
                    "name": name_of(listed),
                    "written": _written(listed),
                    "document": self.document(listed, {}),
                }
                for key, listed in self.listed.items()
            },
        }

    def document(self, listed: Listed, old: Document) -> Document:
        """What it says of an entity, laid over what it said before."""
        new = said(listed, self.read, old, {}, services=(), claims={})
        return canonical(new.document, Terms)


def reading_of(read: PublishedList, day: date) -> Reading:
    """The list of another company, as it is on the day."""
    bare = replace(
        read,
        headings=tuple(heading for heading in read.headings if heading.column not in THEIRS),
        rows=tuple(
            replace(row, cells={column: cell for column, cell in row.cells.items() if column not in THEIRS})
            for row in read.rows
        ),
    )
    gathered = gather(bare, (), day)
    listed: dict[str, Listed] = {}
    for one in gathered.entities:
        key = f"{one.entity.key} {one.entity.form or ''}".strip()
        listed.setdefault(key if key not in listed else f"{key} {one.row}", one)
    return Reading(read=bare, listed=listed, rejected=len(gathered.rejected))


def compare(before: Mapping[str, Any], reading: Reading) -> list[Found]:
    """What differs from the stored reading, in the order of the list; what is gone comes last."""
    found = [
        one
        for key, listed in reading.listed.items()
        if (one := _entity(before.get(key), listed, reading)) is not None
    ]
    gone = (
        Found(
            name=str(entry["name"]),
            weight=Weight.MATERIAL,
            told=("It is not on their list any more.",),
            listed=None,
        )
        for key, entry in before.items()
        if key not in reading.listed
    )
    return [*found, *gone]


def name_of(listed: Listed) -> str:
    return with_brand(listed.entity.legal_name, listed.entity.trading_name)


def _entity(before: Mapping[str, Any] | None, listed: Listed, reading: Reading) -> Found | None:
    name = name_of(listed)
    if before is None:
        uses = "; ".join(f"{use.purpose}, {_where(listed, at)}" for at, use in enumerate(listed.uses))
        return Found(
            name=name, weight=Weight.MATERIAL, told=(f"It is new on their list: {uses}.",), listed=listed
        )
    old = before["document"]
    differing = differences(old, reading.document(listed, old), Names())
    if not differing:
        if before["written"] == _written(listed):
            return None
        told = ("It is written in another way, and says the same.",)
        return Found(name=name, weight=Weight.COSMETIC, told=told, listed=listed)
    effects = {difference.effect for difference in differing}
    return Found(
        name=name,
        weight=Weight.CORRECTION if effects <= {Effect.WORDING} else Weight.MATERIAL,
        told=tuple(told_of(one.label, one.old, one.new) for one in differing),
        listed=listed,
    )


def told_of(label: str, old: str | None, new: str | None) -> str:
    """A difference as one line."""
    if old is None:
        return f"{label}: {new} is added."
    if new is None:
        return f"{label}: {old} is gone."
    return f"{label}: from “{old}” to “{new}”."


def _where(listed: Listed, at: int) -> str:
    return ", ".join(place.text for place in listed.uses[at].places)


def _written(listed: Listed) -> str:
    """What its rows say word for word, in short."""
    parts: Iterable[object] = (
        (use.written, use.purpose, use.places, use.data, use.notes, use.agreement, use.website)
        for use in listed.uses
    )
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()
