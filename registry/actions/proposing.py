"""A change simulated against the register as it stands: what review shows and publication does."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from registry.actions import world as worlds
from registry.database import Connection
from registry.errors import (
    ChangeConflictError,
    ConflictError,
    CorrectionError,
    Fault,
    InvalidError,
    UnprocessableError,
)
from registry.resources.changes import ChangeKind
from registry.resources.periods import PublishedPart
from registry.resources.proposals import Proposed, ProposedPart
from registry.resources.world import World
from registry.rules import kinds
from registry.rules.abouts import refusal
from registry.rules.checks import Case
from registry.rules.hops import of_sub_processor
from registry.rules.proposals import (
    ConflictingError,
    NotWholeError,
    Proposal,
    propose,
    substance,
    turning_days,
)
from registry.rules.transfers import Judged, judge
from registry.store import changes as store
from registry.store import subjects
from registry.store.subjects import Subject
from transfers.law import Law

RETRACTIONS = (ChangeKind.WITHDRAWAL, ChangeKind.POSTPONEMENT)
"""They may take back what had no effect of its own any more."""


async def simulate(
    db: Connection,
    *,
    kind: ChangeKind,
    parts: Sequence[ProposedPart],
    about: int | None,
    number: int,
    today: date,
) -> Proposal:
    """The change folded beside all published ones; every reason why it cannot be is an error."""
    world = await worlds.within(db)
    published = await published_parts(db, parts)
    return await simulate_in(
        db, world, published, kind=kind, parts=parts, about=about, number=number, today=today
    )


async def simulate_in(
    db: Connection,
    world: World,
    published: Mapping[UUID, Sequence[PublishedPart]],
    *,
    kind: ChangeKind,
    parts: Sequence[ProposedPart],
    about: int | None,
    number: int,
    today: date,
) -> Proposal:
    """As `simulate`, in a register that is in memory; the database is asked only whom a conflict is with."""
    faults = kinds.faults(kind, parts)
    if faults:
        raise InvalidError(f"The parts do not make a change of the kind `{kind.value}`.", faults)
    proposed = Proposed(kind=kind, number=number, about=about, parts=tuple(parts))
    refused = refusal(proposed, published, today)
    if refused is not None:
        kind_of_error = ConflictError if refused.conflict else InvalidError
        raise kind_of_error(refused.message, [Fault(member=refused.member, message=refused.message)])
    try:
        proposal = propose(world, published, proposed)
    except NotWholeError as error:
        raise InvalidError(_not_whole(error), [_fault(error)]) from error
    except ConflictingError as error:
        if error.found.number == number:
            raise _own_fault(world, error) from error
        raise await _conflict(db, error) from error
    idle = [index for index, part in enumerate(proposal.parts) if not part.differences]
    if idle and kind not in RETRACTIONS:
        message = "It alters nothing: on every day from this one on, the record says the same already."
        raise InvalidError(
            message, [Fault(member=f"parts[{index}].patch", message=message) for index in idle]
        )
    found = substance(proposal)
    if found:
        raise CorrectionError(
            "A correction mends wording, contacts, address lines and links alone. What touches more is a"
            " `material_change`: draft it as one, so that clients get the notice they are owed.",
            [
                Fault(
                    member=f"parts[{index}].patch.{'.'.join(difference.path)}",
                    message=(
                        f"{difference.label}: from “{difference.old or 'nothing'}” to"
                        f" “{difference.new or 'nothing'}” is more than wording."
                    ),
                )
                for index, difference in found
            ],
        )
    return proposal


def case(proposal: Proposal, today: date, law: Law, notice_days: int) -> Case:
    """The proposal with its transfers judged before and after, on every day on which it shows."""
    days = tuple(turning_days(proposal, today))
    touched = {part.sub_processor_id for part in proposal.proposed.parts if part.sub_processor_id}
    touched |= _resting_on(proposal)
    return Case(
        proposal=proposal,
        days=days,
        before={day: _judged(proposal.before, touched, day, law) for day in days},
        after={day: _judged(proposal.after, touched, day, law) for day in days},
        notice_days=notice_days,
        touched=frozenset(_about(proposal)),
    )


def _about(proposal: Proposal) -> set[UUID]:
    """The sub-processors that the change is about, itself or through their organisation."""
    engaged = proposal.after.engaged
    return {
        engaged[part.organisation_id]
        for part in proposal.proposed.parts
        if part.organisation_id in engaged and part.organisation_id is not None
    } | {part.sub_processor_id for part in proposal.proposed.parts if part.sub_processor_id}


def _resting_on(proposal: Proposal) -> set[UUID]:
    """The sub-processors whose transfers an altered organisation or sub-processor takes part in.

    The terms of all others are the same before and after, so who names whom is looked up as it was before.
    """
    before, after = proposal.before, proposal.after
    altered = {part.organisation_id for part in proposal.proposed.parts if part.organisation_id}
    altered |= {
        after.sub_processors[part.sub_processor_id].organisation_id
        for part in proposal.proposed.parts
        if part.sub_processor_id
    }
    if any(after.organisations[key].own for key in altered):
        return set(after.sub_processors)
    resting = {after.engaged[key] for key in altered if key in after.engaged}
    return resting.union(*(before.named.get(str(key), ()) for key in altered))


def _judged(world: World, touched: set[UUID], day: date, law: Law) -> dict[UUID, Judged]:
    return {
        hop.id: judge(hop, day, law)
        for key in touched
        for hop in of_sub_processor(world, world.sub_processors[key], day, law)
    }


async def published_parts(db: Connection, parts: Sequence[ProposedPart]) -> dict[UUID, list[PublishedPart]]:
    """The published parts about the subjects of these."""
    of_sub_processors = [part.sub_processor_id for part in parts if part.sub_processor_id]
    of_organisations = [part.organisation_id for part in parts if part.organisation_id]
    return {
        **await subjects.parts(db, Subject.SUB_PROCESSOR, of_sub_processors),
        **await subjects.parts(db, Subject.ORGANISATION, of_organisations),
    }


def _not_whole(error: NotWholeError) -> str:
    since = f" from {error.day} on" if error.day is not None else ""
    return f"With this patch the record would not be whole{since}: {error.fault.message}."


def _fault(error: NotWholeError) -> Fault:
    member = f"parts[{error.index}].patch"
    if error.fault.member:
        member = f"{member}.{error.fault.member}"
    return Fault(
        member=member,
        message=(
            f"{error.fault.message}. A patch of a key that is not there yet must bring everything that"
            " belongs to it; look at the present terms for the keys that there are."
        ),
    )


def _own_fault(world: World, error: ConflictingError) -> UnprocessableError:
    periods: Sequence[object] = ()
    if error.part.sub_processor_id is not None:
        known = world.sub_processors[error.part.sub_processor_id].periods
        periods = [f"{period.first} to {period.last or 'open'}" for period in known]
    there = (
        f" It is on the list: {', '.join(map(str, periods))}." if periods else " It is on the list on no day."
    )
    if error.part.organisation_id is not None:
        there = ""
    return UnprocessableError(
        f"On {error.found.day} this change does not fit the terms: {error.found.reason}.{there}",
        [
            Fault(
                member=f"parts[{error.index}]",
                message=(
                    f"{error.found.reason}.{there} Choose another day or operation, or publish first what"
                    " this change rests on."
                ),
            )
        ],
    )


async def _conflict(db: Connection, error: ConflictingError) -> ChangeConflictError:
    other = await store.by_number(db, error.found.number)
    return ChangeConflictError(
        f"Change {error.found.number} ({other.kind}, {other.id}), effective {error.found.day}, stands against"
        f" this one: {error.found.reason}. Withdraw or postpone that change first, or leave out what it"
        " rests on.",
        [
            Fault(
                member=f"parts[{error.index}]", message=f"Change {error.found.number}: {error.found.reason}."
            )
        ],
    )
