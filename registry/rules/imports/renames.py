"""A name that leaves the list as a similar one comes: perhaps a rename, which a person must say."""

from difflib import SequenceMatcher

from msgspec.structs import replace

from registry.resources.imports import ImportAction, ImportedRow
from registry.rules.imports.names import entity
from registry.rules.imports.texts import folded

SIMILAR = 0.8
"""From this similarity on (difflib's ratio) two names are asked about."""


def ask_about_renames(rows: list[ImportedRow]) -> None:
    """Add a question to each pair; nothing is decided, both changes stay as they are."""
    added = [(at, _names(row.name)) for at, row in enumerate(rows) if row.action is ImportAction.ADD]
    for at, removed in enumerate(rows):
        if removed.action is not ImportAction.REMOVE:
            continue
        matchers = [SequenceMatcher(None, b=name) for name in _names(removed.name)]
        for other, names in added:
            if any(_similar(matcher, name) for matcher in matchers for name in names):
                new = rows[other]
                rows[other] = _asked(new, removed.name)
                rows[at] = _asked(rows[at], new.name)


def _asked(row: ImportedRow, other: str) -> ImportedRow:
    question = (
        f"Is it “{other}” under another name? If so, do not import this yet: publish a change of the"
        " organisation's legal name first, and the list will find it."
    )
    return replace(row, problems=(*row.problems, question))


def _names(name: str) -> set[str]:
    """The name and the brand as they are compared."""
    who = entity(name)
    return {known.replace(" ", "") for known in (folded(who.trading_name or ""), who.key)} - {""}


def _similar(matcher: "SequenceMatcher[str]", name: str) -> bool:
    """The bounds are asked first: each is cheaper than the next, and never below it."""
    matcher.set_seq1(name)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= SIMILAR for bound in bounds)
