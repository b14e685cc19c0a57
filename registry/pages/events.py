"""A published change as one line of a page."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from feeds import wording
from registry.resources.stored import ChangeRow
from registry.rules import news
from registry.rules.views import change_view


class Event(Struct, frozen=True, kw_only=True):
    """What was published on which day of the register."""

    id: UUID
    published_on: date
    title: str
    withdrawn: bool


def event(row: ChangeRow) -> Event:
    """Tell a published change in one line."""
    assert row.published_on is not None  # noqa: S101 - the table gives every published change its day.
    return Event(
        id=row.id,
        published_on=row.published_on,
        title=wording.title(news.item(change_view(row))),
        withdrawn=row.withdrawn_by is not None,
    )
