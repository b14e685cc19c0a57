"""A name that leaves the list as a similar one comes: perhaps a rename, which a person must say."""

from difflib import SequenceMatcher

from msgspec.structs import replace

from registry.resources.imports import ImportAction, ImportedRow
from registry.rules.imports.names import Entity, entity
from registry.rules.imports.texts import folded

SIMILAR = 0.8
"""From this similarity on (difflib's ratio) two names are asked about."""


def ask_about_renames(rows: list[ImportedRow]) -> None:
    """Add a question to each pair; nothing is decided, both changes stay as they are."""
    for at, removed in enumerate(rows):
        if removed.action is not ImportAction.REMOVE:
            continue
        for other, added in enumerate(rows):
            if added.action is ImportAction.ADD and _similar(entity(removed.name), entity(added.name)):
                rows[at] = _asked(rows[at], added.name)
                rows[other] = _asked(added, removed.name)


def _asked(row: ImportedRow, other: str) -> ImportedRow:
    question = (
        f"Is it “{other}” under another name? If so, do not import this yet: publish a change of the"
        " organisation's legal name first, and the list will find it."
    )
    return replace(row, problems=(*row.problems, question))


def _similar(one: Entity, other: Entity) -> bool:
    names = {folded(one.trading_name or ""), one.key} - {""}
    others = {folded(other.trading_name or ""), other.key} - {""}
    return any(_ratio(name, known) >= SIMILAR for name in names for known in others)


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", "")).ratio()
