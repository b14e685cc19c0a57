"""Published changes as news: every member named, so that nothing for colleagues alone gets into a feed."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from feeds import news, wording
from registry.resources.changes import About, Change, Difference, Operation, Part, PublishedChange
from registry.rules.differences import is_internal


def item(change: Change | PublishedChange) -> news.Item:
    """Tell a published change as the feeds and pages do.

    Raises ``ValueError`` for a draft: it has no number and is nobody's news yet.
    """
    if change.number is None or change.published_at is None:
        raise ValueError(f"Change {change.id} is a draft, so it is no news yet.")
    return news.Item(
        id=change.id,
        number=change.number,
        kind=news.Kind(change.kind),
        published_at=change.published_at,
        reason=change.reason,
        parts=tuple(_part(part) for part in change.parts),
        about=_about(change.about),
        late=change.late,
    )


def planned_title(change: Change | PublishedChange, subjects: Collection[UUID], effective_on: date) -> str:
    """Say what is planned for a subject, from the day on which it is to come now.

    The news itself keeps the day that it was published with: a postponement is news of its own.
    """
    told = item(change)
    moved = tuple(
        replace(part, effective_on=effective_on)
        for part, published in zip(told.parts, change.parts, strict=True)
        if {published.sub_processor_id, published.organisation_id} & {*subjects}
        and published.effective_on != effective_on
    )
    return wording.title(replace(told, parts=moved) if moved else told)


def _about(about: About | None) -> news.About | None:
    if about is None or about.number is None:
        return None
    return news.About(id=about.id, number=about.number, kind=news.Kind(about.kind))


def _part(part: Part) -> news.Part:
    return news.Part(
        sub_processor=part.name,
        sub_processor_id=part.sub_processor_id,
        operation=news.Operation(part.operation),
        effective_on=part.effective_on,
        previously_on=part.previously_on,
        differences=tuple(_difference(part, each) for each in part.differences if not is_internal(each.path)),
    )


def _difference(part: Part, each: Difference) -> news.Difference:
    """What differs; for a withdrawal or postponement, what was announced and does not come on its day.

    Undoing an addition removes, but what readers want to know again is what had been announced.
    """
    if part.operation in (Operation.WITHDRAW, Operation.POSTPONE):
        return news.Difference(path=each.path, label=each.label, old=each.new, new=each.old)
    return news.Difference(
        path=each.path,
        label=each.label,
        old=each.old,
        new=each.new,
        effect=news.Effect(each.effect),
    )
