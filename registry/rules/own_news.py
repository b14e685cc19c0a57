"""A client's own news: its notices, told as far as they touch it, with its own deadlines."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import uuid5

import msgspec
from msgspec.structs import replace

from feeds import news as vocabulary
from feeds import wording
from feeds.calendar import Event
from registry.resources.changes import Notice, Part, PublishedChange
from registry.resources.notices import StoredNotice
from registry.rules import news

CATEGORY = "Last day to object"


def narrowed(change: PublishedChange, notice: StoredNotice) -> PublishedChange:
    """The change with the parts that touch the client, as it was told."""
    parts = tuple(msgspec.convert(notice.news, list[Part]))
    return replace(change, parts=parts or change.parts)


def deadline(notice: StoredNotice) -> date | None:
    """The last day on which the client may object, where it may and the notice was given."""
    return notice.objection_until if notice.owed is Notice.FULL_PERIOD else None


def item(change: PublishedChange, notice: StoredNotice) -> vocabulary.Item:
    """A notice as an item of the client's feed."""
    until = deadline(notice)
    return replace(
        news.item(narrowed(change, notice)),
        objection_until=until,
        given_at=notice.given_at if until is not None else None,
    )


def deadlines(told: Iterable[tuple[PublishedChange, StoredNotice]], since: date) -> Iterator[Event]:
    """The last days to object, from ``since`` on; those of withdrawn changes are cancelled."""
    for change, notice in told:
        until = deadline(notice)
        if until is None or until < since:
            continue
        own = item(change, notice)
        yield Event(
            id=uuid5(change.id, f"objection/{notice.client_id}"),
            day=until,
            title=f"Last day to object: {wording.title(own)}",
            text=wording.plain(own),
            category=CATEGORY,
            told_at=own.updated_at,
            url=change.url,
            sequence=1 if notice.withdrawn_by is not None else 0,
            cancelled=notice.withdrawn_by is not None,
        )
