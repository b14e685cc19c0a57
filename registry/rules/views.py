"""Changes as they are shown: to colleagues whole, to the public by naming each member."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from feeds import wording
from registry.resources.changes import (
    About,
    Acceptance,
    AlreadyTold,
    Change,
    ChangeKind,
    ChangeState,
    Part,
    PublishedChange,
)
from registry.resources.stored import ChangeRow
from registry.rules import news
from registry.rules.differences import is_internal


def change_view(row: ChangeRow, parts: Sequence[Part] | None = None) -> Change:
    """The change as colleagues see it; `parts` are those of a draft just simulated."""
    shown = tuple(parts) if parts is not None else published_parts(row)
    return Change(
        id=row.id,
        version=row.version,
        state=ChangeState.DRAFT if row.number is None else ChangeState.PUBLISHED,
        number=row.number,
        kind=ChangeKind(row.kind),
        reason=row.reason,
        note=row.note,
        about=_about(row),
        parts=shown,
        effective_on=effective_on(row),
        drafted_at=row.drafted_at,
        drafted_by=row.drafted_by_holder,
        published_at=row.published_at,
        published_by=row.published_by_holder,
        late=bool(row.late),
        already_told=msgspec.convert(row.already_told, AlreadyTold) if row.already_told else None,
        accepted=tuple(msgspec.convert(row.accepted or [], list[Acceptance])),
        withdrawn_by=row.withdrawn_by,
        postponed_by=row.postponed_by,
        emergency=row.emergency,
        published_alone=row.published_alone,
        open_objections=row.open_objections,
    )


def public_view(row: ChangeRow, public_url: str) -> PublishedChange:
    """A published change as the public sees it: no draft, note, acceptance or internal member."""
    if row.number is None or row.published_at is None:
        raise ValueError(f"Change {row.id} is a draft, and drafts are not for the public.")
    bare = PublishedChange(
        id=row.id,
        number=row.number,
        kind=ChangeKind(row.kind),
        reason=row.reason,
        title="",
        about=_about(row),
        parts=public_parts(row),
        effective_on=effective_on(row),
        published_at=row.published_at,
        late=bool(row.late),
        withdrawn_by=row.withdrawn_by,
        postponed_by=row.postponed_by,
        url=f"{public_url}/changes/{row.id}",
        emergency=row.emergency,
        published_alone=row.published_alone,
    )
    return replace(bare, title=wording.title(news.item(bare)))


def public_parts(row: ChangeRow) -> tuple[Part, ...]:
    """The parts without patches, and without what differs for colleagues alone."""
    return tuple(
        replace(
            part,
            patch=msgspec.UNSET,
            differences=tuple(each for each in part.differences if not is_internal(each.path)),
        )
        for part in published_parts(row)
    )


def as_told(change: PublishedChange, told: Any) -> PublishedChange:
    """The change as far as it touches one client; ``told`` is the `news` of its notice.

    Where nothing of it can be told apart, it is the whole change: never less than what touches the client.
    """
    parts = told_parts(told)
    if not parts:
        return change
    narrowed = replace(change, parts=parts)
    return replace(narrowed, title=wording.title(news.item(narrowed)))


def told_parts(told: Any) -> tuple[Part, ...]:
    """The parts and differences that touch a client, as they are kept with its notice."""
    return tuple(msgspec.convert(told, list[Part]))


def published_parts(row: ChangeRow) -> tuple[Part, ...]:
    """The parts with their differences as frozen at publication; a draft's without any."""
    if row.news is not None:
        return tuple(
            replace(part, patch=stored.patch)
            for part, stored in zip(msgspec.convert(row.news, list[Part]), row.parts, strict=True)
        )
    return tuple(
        Part(
            sub_processor_id=part.sub_processor_id,
            organisation_id=part.organisation_id,
            name=part.name,
            operation=part.operation,
            effective_on=part.effective_on,
            patch=part.patch,
        )
        for part in row.parts
    )


def frozen(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The parts as they are kept for good at publication, without the patches stored beside them."""
    kept: list[dict[str, Any]] = msgspec.to_builtins([replace(part, patch=msgspec.UNSET) for part in parts])
    return kept


def effective_on(row: ChangeRow) -> date:
    """The earliest day of its parts."""
    return min(part.effective_on for part in row.parts)


def _about(row: ChangeRow) -> About | None:
    if row.about is None or row.about_kind is None:
        return None
    return About(id=row.about, number=row.about_number, kind=ChangeKind(row.about_kind))
