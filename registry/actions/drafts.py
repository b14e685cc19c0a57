"""Drafting a change: its subjects found or made, its places read, and everything wrong with it said."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import replace

from registry.actions.parts import read_parts
from registry.actions.proposing import simulate
from registry.actions.writing import Writing
from registry.database import Connection
from registry.errors import AlreadyPublishedError, ConflictError, Fault, InvalidError, NotFoundError
from registry.resources.changes import (
    ChangeDraft,
    ChangeKind,
    ChangePatch,
    Operation,
    PostponementDraft,
    WithdrawalDraft,
)
from registry.resources.proposals import ProposedPart
from registry.resources.stored import ChangeRow
from registry.rules.fold import standing
from registry.store import changes as store
from registry.store import subjects
from registry.store.changes import Author
from registry.store.subjects import Subject


async def draft(w: Writing, given: ChangeDraft) -> ChangeRow:
    """Store a draft that could be published as the register stands."""
    kind = ChangeKind(given.kind.value)
    about = await _corrected(w.db, kind, given.about)
    parts = await read_parts(w, given.parts)
    await _try(w, kind, parts, about)
    row = await store.add(
        w.db,
        kind=kind.value,
        reason=given.reason,
        note=given.note,
        about=given.about,
        parts=parts,
        author=author(w),
        at=w.at,
    )
    await w.journal("drafted", "change", row.id, given)
    return row


async def edit(w: Writing, change_id: UUID, given: ChangePatch) -> ChangeRow:
    """Rewrite a draft; whoever edits it is its drafter from then on."""
    row = await get_draft(w.db, change_id)
    kind = ChangeKind(row.kind if given.kind is UNSET else given.kind.value)
    if row.kind in ("withdrawal", "postponement") and (given.kind is not UNSET or given.parts is not UNSET):
        raise ConflictError(
            f"A {row.kind} cannot be made into something else. Discard the draft and make another."
        )
    parts = row.parts if given.parts is UNSET else await read_parts(w, given.parts)
    about = await _corrected(w.db, kind, row.about)
    await _try(w, kind, parts, about)
    if not _alters(row, kind, parts, given):
        message = (
            "It alters nothing: the draft says the same already. Leave it, or send what is to be different."
        )
        raise InvalidError(message, [Fault(member="parts", message=message)])
    drafter = author(w)
    if given.reason is UNSET and (kind, tuple(_named(parts, row))) == (row.kind, row.parts):
        # A note for colleagues makes nobody the drafter of what somebody else wrote.
        drafter = Author(name=row.drafted_by, holder=row.drafted_by_holder)
    edited = await store.edit(
        w.db,
        change_id,
        kind=kind.value,
        reason=row.reason if given.reason is UNSET else given.reason,
        note=row.note if given.note is UNSET else given.note,
        parts=parts,
        author=drafter,
    )
    await w.journal("edited", "change", change_id, given)
    return edited


def _alters(row: ChangeRow, kind: ChangeKind, parts: Sequence[ProposedPart], given: ChangePatch) -> bool:
    """Whether an edit says anything else than the draft."""
    before = (row.kind, row.reason, row.note, row.parts)
    reason = row.reason if given.reason is UNSET else given.reason
    note = row.note if given.note is UNSET else given.note
    return before != (kind, reason, note, tuple(_named(parts, row)))


def _named(parts: Sequence[ProposedPart], row: ChangeRow) -> list[ProposedPart]:
    """The parts with the names that stored ones carry, so that they compare."""
    names = {part.subject_id: part.name for part in row.parts}
    return [replace(part, name=names.get(part.subject_id, part.name)) for part in parts]


async def discard(w: Writing, change_id: UUID) -> None:
    """Take a draft back; nothing that was published can be."""
    await get_draft(w.db, change_id)
    await store.discard(w.db, change_id)
    await w.journal("discarded", "change", change_id, {})


async def withdraw(w: Writing, change_id: UUID, given: WithdrawalDraft) -> ChangeRow:
    """Draft the withdrawal of a published change: once published, as if it had never been."""
    row = await _published(w.db, change_id)
    days = await _standing_days(w.db, row)
    parts = [
        ProposedPart(
            sub_processor_id=part.sub_processor_id,
            organisation_id=part.organisation_id,
            operation=Operation.WITHDRAW,
            effective_on=days[part.subject_id],
            patch={},
        )
        for part in row.parts
    ]
    return await _about(w, ChangeKind.WITHDRAWAL, row, parts, given)


async def postpone(w: Writing, change_id: UUID, given: PostponementDraft) -> ChangeRow:
    """Draft a later day for a published change whose day has not come."""
    row = await _published(w.db, change_id)
    wanted = _later_days(row, given)
    asked = [part.subject_id for part in row.parts if part.subject_id in wanted]
    parts = [
        ProposedPart(
            sub_processor_id=part.sub_processor_id,
            organisation_id=part.organisation_id,
            operation=Operation.POSTPONE,
            effective_on=wanted[part.subject_id].day,
            patch={},
        )
        for part in row.parts
        if part.subject_id in wanted
    ]
    try:
        return await _about(w, ChangeKind.POSTPONEMENT, row, parts, given)
    except (InvalidError, ConflictError) as error:
        # The days stand elsewhere in this request than in the draft that it makes.
        members = {f"parts[{index}].effective_on": wanted[key].member for index, key in enumerate(asked)}
        faults = [
            replace(fault, member=members.get(fault.member or "", fault.member)) for fault in error.errors
        ]
        raise type(error)(error.detail, faults) from error


async def get_draft(db: Connection, change_id: UUID) -> ChangeRow:
    """A draft, locked; `AlreadyPublishedError` when it is none any more."""
    row = await store.get_for_update(db, change_id)
    if row.number is not None:
        raise AlreadyPublishedError(
            f"Change {change_id} is published as number {row.number}; published changes are never altered."
            " Withdraw or postpone it, or publish another change."
        )
    return row


def author(w: Writing) -> Author:
    return Author(name=w.actor.name, holder=w.actor.holder)


async def _about(
    w: Writing,
    kind: ChangeKind,
    row: ChangeRow,
    parts: Sequence[ProposedPart],
    given: WithdrawalDraft | PostponementDraft,
) -> ChangeRow:
    await _try(w, kind, parts, row.number)
    drafted = await store.add(
        w.db,
        kind=kind.value,
        reason=given.reason,
        note=given.note,
        about=row.id,
        parts=parts,
        author=author(w),
        at=w.at,
    )
    await w.journal("drafted", "change", drafted.id, {"kind": kind, "about": row.id, "body": given})
    return drafted


async def _published(db: Connection, change_id: UUID) -> ChangeRow:
    row = await store.get(db, change_id)
    if row.number is None:
        raise ConflictError(
            f"Change {change_id} is a draft. A draft is edited or discarded; only what is published can be"
            " withdrawn or postponed."
        )
    if row.kind in ("withdrawal", "postponement"):
        raise ConflictError(
            f"Change {row.number} is a {row.kind}, which stands for good. Publish a new change that says what"
            " is to hold; a change may be postponed once more."
        )
    if row.withdrawn_by is not None:
        raise ConflictError(f"Change {row.number} has been withdrawn already, by change {row.withdrawn_by}.")
    return row


async def _standing_days(db: Connection, row: ChangeRow) -> dict[UUID, date]:
    """The day of each part as it stands now, postponements counted."""
    found: dict[UUID, date] = {}
    for subject, ids in (
        (Subject.SUB_PROCESSOR, [part.sub_processor_id for part in row.parts if part.sub_processor_id]),
        (Subject.ORGANISATION, [part.organisation_id for part in row.parts if part.organisation_id]),
    ):
        for key, parts in (await subjects.parts(db, subject, ids)).items():
            for part in standing(parts):
                if part.number == row.number:
                    found[key] = part.effective_on
    return found


class _Wanted(NamedTuple):
    """A later day, and the member of the request that names it."""

    day: date
    member: str


def _later_days(row: ChangeRow, given: PostponementDraft) -> dict[UUID, _Wanted]:
    """The wanted day of each subject."""
    if (given.effective_on is UNSET) == (given.parts is UNSET):
        message = "Give either `effective_on`, for all parts, or `parts`, each with its own day."
        raise InvalidError(message, [Fault(member="effective_on", message=message)])
    if given.effective_on is not UNSET:
        return {part.subject_id: _Wanted(given.effective_on, "effective_on") for part in row.parts}
    subjects_of_change = {part.subject_id for part in row.parts}
    wanted: dict[UUID, _Wanted] = {}
    for index, part in enumerate(given.parts if given.parts is not UNSET else ()):
        named = [key for key in (part.sub_processor_id, part.organisation_id) if key is not UNSET]
        if len(named) != 1 or named[0] not in subjects_of_change or named[0] in wanted:
            message = (
                f"Name one subject of change {row.number} here, by sub_processor_id or organisation_id, and each"
                " of them once; they are in its `parts`."
            )
            raise InvalidError(message, [Fault(member=f"parts[{index}]", message=message)])
        wanted[named[0]] = _Wanted(part.effective_on, f"parts[{index}].effective_on")
    return wanted


async def _corrected(db: Connection, kind: ChangeKind, about: UUID | None) -> int | None:
    """The number of the change that a correction is about."""
    if about is None:
        return None
    if kind in (ChangeKind.WITHDRAWAL, ChangeKind.POSTPONEMENT):
        return (await store.get(db, about)).number
    if kind is not ChangeKind.CORRECTION:
        message = "Only a correction is about another change; leave `about` out."
        raise InvalidError(message, [Fault(member="about", message=message)])
    try:
        row = await store.get(db, about)
    except NotFoundError as error:
        raise InvalidError(error.detail, [Fault(member="about", message=error.detail)]) from error
    if row.number is None or row.withdrawn_by is not None:
        message = "Only a published change that stands can be corrected."
        raise InvalidError(message, [Fault(member="about", message=message)])
    return row.number


async def _try(w: Writing, kind: ChangeKind, parts: Sequence[ProposedPart], about: int | None) -> None:
    await simulate(w.db, kind=kind, parts=parts, about=about, number=w.head.change_no + 1, today=w.today)
