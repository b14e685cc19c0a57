"""Publishing: one transaction in which a draft becomes true, gets its number, and is journalled."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from msgspec import to_builtins

from registry.actions.drafts import author, get_draft
from registry.actions.reviews import Reviewed, examine
from registry.actions.writing import Writing
from registry.errors import ChecksBlockError, Fault, InvalidError, SecondPersonError, UnprocessableError
from registry.resources.changes import Acceptance, AlreadyTold, Check, CheckLevel, Publication
from registry.resources.stored import ChangeRow
from registry.rules.views import frozen
from registry.store import changes as store
from registry.store import organisations as organisation_store
from registry.store import subjects
from registry.store.subjects import Subject
from transfers.law import Law


async def publish(
    w: Writing,
    change_id: UUID,
    given: Publication,
    *,
    today: date,
    law: Law,
    notice_days: int,
    seen: Callable[[Reviewed], None],
) -> ChangeRow:
    """Publish a draft that another holder drafted.

    `seen` raises when the publisher looked at an older review. The order of refusals is fixed: already
    published, seen something older, same person, checks.
    """
    await get_draft(w.db, change_id)
    reviewed = await examine(w.db, change_id, today=today, law=law, notice_days=notice_days)
    seen(reviewed)
    if reviewed.row.drafted_by_holder.casefold() == w.actor.holder.casefold():
        raise SecondPersonError(
            f"{w.actor.holder} drafted this change; a second person publishes it. Ask another holder with the"
            " role privacy or admin to review and publish it."
        )
    _accepted(reviewed.checks, given.accept)
    if given.already_told is not None and given.already_told.told_on > today:
        message = f"{given.already_told.told_on} is yet to come; clients were told on a day that is past."
        raise InvalidError(message, [Fault(member="already_told.told_on", message=message)])
    return await _make_true(w, reviewed, given.accept, given.already_told, "published")


async def publish_alone(
    w: Writing,
    change_id: UUID,
    reason: str,
    already_told: AlreadyTold | None,
    *,
    today: date,
    law: Law,
    notice_days: int,
) -> tuple[ChangeRow, tuple[Check, ...]]:
    """Publish what one person both drafted and published, as the journal says.

    For a list taken over by an import and for the example register: every block that may be accepted
    is accepted with the reason given, and returned, so that it can be shown.
    """
    await get_draft(w.db, change_id)
    reviewed = await examine(w.db, change_id, today=today, law=law, notice_days=notice_days)
    blocks = tuple(check for check in reviewed.checks if check.level is CheckLevel.BLOCKS)
    accept = [
        Acceptance(code=check.code, subject=check.subject, reason=reason)
        for check in blocks
        if check.acceptable
    ]
    _accepted(reviewed.checks, accept)
    row = await _make_true(w, reviewed, accept, already_told, "published_alone")
    return row, blocks


def _accepted(found: Sequence[Check], given: Sequence[Acceptance]) -> None:
    """Every block must be accepted by code and subject, and nothing that is not there can be."""
    blocks = {(check.code, check.subject): check for check in found if check.level is CheckLevel.BLOCKS}
    unknown = [
        Fault(
            member=f"accept[{index}]",
            message=f"No check {one.code} blocks for {one.subject}. Look at the review's `checks` again.",
        )
        for index, one in enumerate(given)
        if (one.code, one.subject) not in blocks
    ]
    if unknown:
        raise UnprocessableError("Only what blocks can be accepted, by its code and subject.", unknown)
    taken = {(one.code, one.subject) for one in given}
    standing = [check for key, check in blocks.items() if key not in taken or not check.acceptable]
    if standing:
        raise ChecksBlockError(
            "Checks stop the publication. Mend what they name, or accept each by its code and subject with a"
            " reason in `accept`; what may never be accepted says so.",
            [
                Fault(
                    member=f"{check.code} {check.subject}",
                    message=check.message + ("" if check.acceptable else " This one can never be accepted."),
                )
                for check in standing
            ],
        )


async def _make_true(
    w: Writing,
    reviewed: Reviewed,
    accepted: Sequence[Acceptance],
    already_told: AlreadyTold | None,
    operation: str,
) -> ChangeRow:
    row, proposal = reviewed.row, reviewed.proposal
    number = w.next_change_number()
    for part in proposal.proposed.parts:
        if part.sub_processor_id is not None:
            periods = proposal.after.sub_processors[part.sub_processor_id].periods
            await subjects.project(w.db, Subject.SUB_PROCESSOR, part.sub_processor_id, periods)
        elif part.organisation_id is not None:
            periods = proposal.after.organisations[part.organisation_id].periods
            await subjects.project(w.db, Subject.ORGANISATION, part.organisation_id, periods)
            await organisation_store.touch(w.db, [part.organisation_id])
    published = await store.publish(
        w.db,
        row.id,
        number=number,
        at=w.at,
        author=author(w),
        on=reviewed.today,
        late=reviewed.late,
        already_told=_builtins(already_told),
        accepted=[one for each in accepted if (one := _builtins(each)) is not None],
        news=frozen(proposal.parts),
    )
    await w.journal(
        operation,
        "change",
        row.id,
        {
            "number": number,
            "kind": row.kind,
            "reason": row.reason,
            "about": row.about,
            "drafted_by": row.drafted_by,
            "parts": row.parts,
            "accepted": accepted,
            "already_told": already_told,
            "late": reviewed.late,
            "law_edition": reviewed.law.edition,
        },
    )
    return published


def _builtins(value: Acceptance | AlreadyTold | None) -> dict[str, object] | None:
    return None if value is None else to_builtins(value)
