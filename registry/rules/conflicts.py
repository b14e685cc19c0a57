"""Whether a change fits the changes that are already published."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from registry.resources.changes import Operation
from registry.resources.periods import PublishedPart, TermsPeriod
from registry.rules.fold import FoldError, fold, standing
from registry.rules.patches import Document, overlap


class Conflict(Struct, frozen=True, kw_only=True):
    """A published change that stands against it: its number, its day and why."""

    number: int
    day: date
    reason: str


def conflict(
    parts: Iterable[PublishedPart], added: PublishedPart, initial: Document | None = None
) -> Conflict | None:
    """The reason why `added` cannot be published beside `parts`, or None."""
    found = folded(parts, added, initial)
    return found if isinstance(found, Conflict) else None


def folded(
    parts: Iterable[PublishedPart], added: PublishedPart, initial: Document | None = None
) -> list[TermsPeriod] | Conflict:
    """The periods with `added` beside `parts`, or the reason why it cannot be published beside them.

    A patch of a member that a published, later-effective change patches too would be silently
    overridden on that later day; so it is refused and the later change named. A withdrawal is refused
    while a later change rests on what it takes back.
    """
    published = list(parts)
    if added.operation is Operation.SET:
        day = _day(published, added)
        for later in standing([*published, added]):
            if later.operation is Operation.END and later.effective_on > day:
                break
            if later.number == added.number or later.operation is not Operation.SET:
                continue
            if later.effective_on > day and (shared := overlap(added.patch, later.patch)):
                return Conflict(
                    number=later.number,
                    day=later.effective_on,
                    reason=f"it alters {'.'.join(shared)} too, from a later day",
                )
    try:
        return fold([*published, added], initial)
    except FoldError as error:
        return Conflict(number=error.number, day=error.day, reason=error.reason)


def _day(published: list[PublishedPart], added: PublishedPart) -> date:
    """The day from which `added` holds, which for a correction is that of the corrected change."""
    return next(part.effective_on for part in standing([*published, added]) if part.number == added.number)
