"""Publishing: one transaction in which a draft becomes true, gets its number, and is journalled."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from registry.actions import objections
from registry.actions.drafts import author, get_draft
from registry.actions.notices import Announced, announce_all
from registry.actions.reviews import Reviewed, examine
from registry.actions.writing import Entry, Writing
from registry.errors import ChecksBlockError, Fault, InvalidError, SecondPersonError, UnprocessableError
from registry.resources.changes import Acceptance, AlreadyTold, ChangeKind, Check, CheckLevel, Publication
from registry.resources.periods import TermsPeriod
from registry.resources.stored import ChangeRow
from registry.rules.views import frozen
from registry.store import changes as store
from registry.store import organisations as organisation_store
from registry.store import subjects
from registry.store.changes import Publishing
from registry.store.subjects import Subject
from transfers.law import Law

ALONE = "published_alone"
"""How the journal calls what one person drafted and published."""


async def publish(
    w: Writing,
    change_id: UUID,
    given: Publication,
    *,
    today: date,
    law: Law,
    notice_days: int,
    second_person: bool,
    seen: Callable[[Reviewed], None],
) -> ChangeRow:
    """Publish a draft that another holder drafted, or, without `second_person`, anybody.

    `seen` raises when the publisher looked at an older review. The order of refusals is fixed: already
    published, seen something older, same person, checks.
    """
    await get_draft(w.db, change_id)
    reviewed = await examine(w.db, change_id, today=today, law=law, notice_days=notice_days)
    seen(reviewed)
    alone = reviewed.row.drafted_by_holder.casefold() == w.actor.holder.casefold()
    if alone and second_person:
        raise SecondPersonError(
            f"{w.actor.holder} drafted this change; a second person publishes it. Ask another holder with the"
            " role privacy or admin to review and publish it. Where there is but one person, the operator sets"
            " ONWARD_SECOND_PERSON=off."
        )
    accepted = [*given.accept, *_urgent(reviewed.checks, given)]
    require_accepted(reviewed.checks, accepted)
    if given.already_told is not None and given.already_told.told_on > today:
        message = f"{given.already_told.told_on} is yet to come; clients were told on a day that is past."
        raise InvalidError(message, [Fault(member="already_told.told_on", message=message)])
    await make_true(
        w,
        [
            Decided(
                reviewed=reviewed,
                accepted=accepted,
                already_told=given.already_told,
                operation=ALONE if alone else "published",
                emergency=given.emergency,
            )
        ],
    )
    return await store.get(w.db, change_id)


def _urgent(found: Sequence[Check], given: Publication) -> list[Acceptance]:
    """What an emergency accepts: that clients have less notice than they were promised, each by itself."""
    if given.emergency is None:
        return []
    named = {(one.code, one.subject) for one in given.accept}
    short = [
        check for check in found if check.code == "notice_too_short" and check.level is CheckLevel.BLOCKS
    ]
    if not short:
        message = "Nobody's notice is too short, so it is no emergency; leave `emergency` out."
        raise UnprocessableError(message, [Fault(member="emergency", message=message)])
    return [
        Acceptance(code=check.code, subject=check.subject, reason=given.emergency)
        for check in short
        if (check.code, check.subject) not in named
    ]


def require_accepted(found: Sequence[Check], given: Sequence[Acceptance]) -> None:
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


class Decided(Struct, frozen=True, kw_only=True):
    """A reviewed draft with what its publisher decided."""

    reviewed: Reviewed
    accepted: Sequence[Acceptance]
    already_told: AlreadyTold | None
    operation: str
    """What the journal calls it."""
    emergency: str | None = None
    """Why it cannot wait for the notice that clients were promised."""


async def make_true(w: Writing, decided: Sequence[Decided]) -> None:
    """Publish drafts in their order; each was reviewed in the register as the one before it left it.

    No two of them are about one subject.
    """
    sub_processors: dict[UUID, Sequence[TermsPeriod]] = {}
    organisations: dict[UUID, Sequence[TermsPeriod]] = {}
    published: list[Publishing] = []
    entries: list[Entry] = []
    for one in decided:
        reviewed = one.reviewed
        after, row = reviewed.proposal.after, reviewed.row
        for part in reviewed.proposal.proposed.parts:
            if part.sub_processor_id is not None:
                sub_processors[part.sub_processor_id] = after.sub_processors[part.sub_processor_id].periods
            elif part.organisation_id is not None:
                organisations[part.organisation_id] = after.organisations[part.organisation_id].periods
        published.append(
            Publishing(
                id=row.id,
                number=w.next_change_number(),
                on=reviewed.today,
                late=reviewed.late,
                already_told=_builtins(one.already_told),
                accepted=[given for each in one.accepted if (given := _builtins(each)) is not None],
                news=frozen(reviewed.proposal.parts),
                emergency=one.emergency,
                alone=one.operation == ALONE,
            )
        )
        entries.append(_entry(one, published[-1].number))
    await subjects.project(w.db, Subject.SUB_PROCESSOR, sub_processors)
    await subjects.project(w.db, Subject.ORGANISATION, organisations)
    await organisation_store.touch(w.db, list(organisations))
    await store.publish(w.db, published, author(w), w.at)
    await w.journal_all(entries)
    announced = [
        Announced(
            change=_published(w, one.reviewed.row, publishing),
            audience=one.reviewed.audience,
            already_told=one.already_told,
        )
        for one, publishing in zip(decided, published, strict=True)
    ]
    await announce_all(w, announced, decided[0].reviewed.law)
    for one, publishing in zip(decided, published, strict=True):
        row = one.reviewed.row
        if row.kind == ChangeKind.WITHDRAWAL and row.about is not None:
            await objections.meet(w, row.about, publishing.number)


def _published(w: Writing, row: ChangeRow, publishing: Publishing) -> ChangeRow:
    """The change as it is stored now, without reading it again."""
    who = author(w)
    return replace(
        row,
        version=row.version + 1,
        number=publishing.number,
        published_at=w.at,
        published_by=who.name,
        published_by_holder=who.holder,
        published_on=publishing.on,
        late=publishing.late,
        already_told=publishing.already_told,
        accepted=publishing.accepted,
        news=publishing.news,
        emergency=publishing.emergency,
        published_alone=publishing.alone,
    )


def _entry(one: Decided, number: int) -> Entry:
    row = one.reviewed.row
    payload = {
        "number": number,
        "kind": row.kind,
        "reason": row.reason,
        "about": row.about,
        "drafted_by": row.drafted_by,
        "parts": row.parts,
        "accepted": one.accepted,
        "already_told": one.already_told,
        "late": one.reviewed.late,
        "emergency": one.emergency,
        "law_edition": one.reviewed.law.edition,
    }
    return Entry(one.operation, "change", str(row.id), payload)


def _builtins(value: Acceptance | AlreadyTold | None) -> dict[str, object] | None:
    return None if value is None else to_builtins(value)
