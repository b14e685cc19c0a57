"""The published list, arranged for a page."""

from collections.abc import Sequence

from msgspec import Struct

from registry.pages.words import count
from registry.resources.sub_processors import PlannedChange, PublicSubProcessor, Status


class Listing(Struct, frozen=True, kw_only=True):
    """What the page shows of a day: who is on the list, who no longer is, and what comes after."""

    listed: Sequence[PublicSubProcessor]
    ended: Sequence[PublicSubProcessor]
    later: Sequence[PlannedChange]
    counts: str


def arrange(entries: Sequence[PublicSubProcessor], *, past: bool) -> Listing:
    """Put who is on the list before who is planned, keep the order within, and tell each later change once.

    On a past day what started since is left out of the table: it stands among the later changes.
    """
    active = [entry for entry in entries if entry.status in {Status.ACTIVE, Status.ENDING}]
    planned = [entry for entry in entries if entry.status is Status.PLANNED and not past]
    later = {(each.effective_on, each.number): each for entry in entries for each in entry.planned}
    return Listing(
        listed=[*active, *planned],
        ended=[entry for entry in entries if entry.status is Status.ENDED],
        later=[later[key] for key in sorted(later)],
        counts=count(len(active), "sub-processor") + (f", {len(planned)} more planned" if planned else ""),
    )
