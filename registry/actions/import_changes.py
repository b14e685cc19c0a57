"""The changes that an import makes: in which manner, and of which row of the list each is."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from registry.errors import Fault, RegistryError, Source
from registry.resources.bindings import KnownClient
from registry.resources.changes import AlreadyTold
from registry.resources.imports import ImportedChange
from registry.rules.imports.planning import PlannedDraft
from transfers.law import Law


class Manner(Struct, frozen=True, kw_only=True):
    """How the changes of one import are made."""

    law: Law
    clients: Sequence[KnownClient]
    """Whom the changes may touch; read once for all of them."""
    notice_days: int
    publishes: bool
    """The role may publish, so it does; otherwise the changes are drafts for another person."""
    reason: str
    accept: Mapping[str, str]
    """The reason for each check, by its code, that may block without stopping the import."""
    already_told: AlreadyTold | None
    writes: bool
    """False: nothing is written. Nor is it any more once something stands against a change."""


class Made(Struct, frozen=True, kw_only=True):
    """A change of the import, with the row of the list that it comes from."""

    item: PlannedDraft
    change: ImportedChange
    untold: bool
    """It is late, alters the list from today on, and nobody said how clients were told."""


def of_row(error: RegistryError, item: PlannedDraft) -> RegistryError:
    """The same error, saying which row of the list brought it about."""
    detail = f"{item.name} ({where(item)}): {error.detail} Nothing was imported."
    faults = [
        Fault(message=fault.message, source=Source.ROW, row=item.row, member=fault.member)
        for fault in error.errors
    ]
    return type(error)(detail, faults or [Fault(message=error.detail, source=Source.ROW, row=item.row)])


def where(item: PlannedDraft) -> str:
    """The row of the list that a change comes from."""
    return f"row {item.row}" if item.row is not None else "no longer on the list"
