"""Days that matter, for a calendar: when published changes take effect, and when what transfers rest on ends."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import UUID, uuid5

from msgspec.structs import replace

from feeds import news as vocabulary
from feeds import wording
from feeds.calendar import Event
from registry.resources.changes import Part, PublishedChange
from registry.rules import news
from registry.rules.expiries import Expiry

CATEGORY = "Takes effect"
CATEGORIES = {"decision": "Decision ends", "coverage": "Cover ends"}
ENDS = UUID("5d0c6f0e-7b0c-5c7e-9a43-7d0f9d3e6b11")
"""The namespace of the ids of days on which something ends."""


def of_changes(
    changes: Iterable[PublishedChange], later: Sequence[PublishedChange], since: date
) -> Iterator[Event]:
    """The days from ``since`` on of these changes, as moved or cancelled by what was published ``later``.

    The first day that a change was published with has the change's own id for good; each other one has an id
    made of it.
    """
    for change in changes:
        told = news.item(change)
        about = [each for each in later if each.about is not None and each.about.id == change.id]
        moved = _moved(about)
        first = min((part.effective_on for part in told.parts), default=None)
        days = [
            (published.effective_on, moved.get(_subject(published), published.effective_on), part)
            for part, published in zip(told.parts, change.parts, strict=True)
        ]
        days.sort(key=lambda found: found[:2])
        for announced, of_one in groupby(days, key=lambda found: found[0]):
            own = change.id if announced == first else uuid5(change.id, announced.isoformat())
            for index, (day, found) in enumerate(groupby(of_one, key=lambda each: each[1])):
                if day < since:
                    continue
                parts = tuple(replace(part, effective_on=day) for _, _, part in found)
                yield _event(
                    replace(told, parts=parts),
                    id_=own if index == 0 else uuid5(own, day.isoformat()),
                    day=day,
                    about=about,
                    url=change.url,
                )


def of_expiries(expiries: Iterable[Expiry], told_at: datetime, public_url: str) -> Iterator[Event]:
    """The last days of decisions and of cover; what a list shows of them was last said at ``told_at``."""
    for expiry in expiries:
        url = expiry.url
        if expiry.sub_processor_id is not None:
            url = f"{public_url}/sub-processors/{expiry.sub_processor_id}"
        yield Event(
            id=uuid5(ENDS, f"{expiry.kind}/{expiry.subject}/{expiry.day.isoformat()}"),
            day=expiry.day,
            title=expiry.title,
            text=f"{expiry.title}. From the day after, transfers need something else to rest on.",
            category=CATEGORIES[expiry.kind],
            told_at=told_at,
            url=url,
        )


def _moved(about: Sequence[PublishedChange]) -> dict[UUID, date]:
    """The day of each subject as the last postponement has it."""
    return {
        _subject(part): part.effective_on
        for change in about
        if change.kind == "postponement"
        for part in change.parts
    }


def _subject(part: Part) -> UUID:
    subject = part.sub_processor_id or part.organisation_id
    assert subject is not None  # noqa: S101 - the table gives every part one of the two.
    return subject


def _event(
    told: vocabulary.Item, *, id_: UUID, day: date, about: Sequence[PublishedChange], url: str
) -> Event:
    withdrawn = any(each.kind == "withdrawal" for each in about)
    title = wording.title(told)
    return Event(
        id=id_,
        day=day,
        title=f"Withdrawn: {title}" if withdrawn else title,
        text=wording.plain(told),
        category=CATEGORY,
        told_at=max([told.published_at, *(each.published_at for each in about)]),
        url=url,
        sequence=len(about),
        cancelled=withdrawn,
    )
