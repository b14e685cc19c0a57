"""What a correction, withdrawal or postponement may say of the change that it is about.

It is asked when one is drafted, and again when it is published: the register may have moved on meanwhile.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.resources.changes import ChangeKind, Operation
from registry.resources.periods import PublishedPart
from registry.resources.proposals import Proposed, ProposedPart
from registry.rules.fold import standing
from registry.rules.patches import overlap

ACTING = (Operation.START, Operation.SET, Operation.END)


class Refusal(Struct, frozen=True):
    """Why it cannot be: `conflict` where the register stands against it, else the request is at fault."""

    member: str
    message: str
    conflict: bool = True


def refusal(
    proposed: Proposed, published: Mapping[UUID, Sequence[PublishedPart]], today: date
) -> Refusal | None:
    """The first reason against a change about another; None for a change about none."""
    if proposed.about is None:
        return None
    for index, part in enumerate(proposed.parts):
        found = _of_part(proposed, part, published[part.subject_id], today)
        if found is not None:
            return Refusal(f"parts[{index}]{found.member}", found.message, found.conflict)
    return None


def _of_part(
    proposed: Proposed, part: ProposedPart, beside: Sequence[PublishedPart], today: date
) -> Refusal | None:
    about = proposed.about
    target = next((one for one in beside if one.number == about and one.operation in ACTING), None)
    if target is None:
        return Refusal(
            "", f"Change {about} has no part about this subject, so nothing can be said of it here.", False
        )
    gone = [one for one in beside if one.about == about and one.operation is Operation.WITHDRAW]
    if gone:
        return Refusal("", f"Change {about} has been withdrawn already, by change {gone[0].number}.")
    held = standing(beside)
    day = next(one.effective_on for one in held if one.number == about)
    if proposed.kind is ChangeKind.POSTPONEMENT:
        return _postponed(part, target, day, held, today)
    if proposed.kind is ChangeKind.CORRECTION:
        return _corrected(part, target, day)
    return _withdrawn(part, target, day, held)


def _corrected(part: ProposedPart, target: PublishedPart, day: date) -> Refusal | None:
    if target.about is not None:
        return Refusal(
            "",
            f"Change {target.number} is itself a correction. Correct change {target.about} again: the last"
            " word holds.",
            False,
        )
    if part.effective_on != day:
        message = f"A correction holds from the day of the change that it corrects: {day}. Give that day."
        return Refusal(".effective_on", message, False)
    return None


def _withdrawn(
    part: ProposedPart, target: PublishedPart, day: date, held: Sequence[PublishedPart]
) -> Refusal | None:
    if part.effective_on != day:
        message = f"Change {target.number} is effective on {day} by now. Discard this draft and make another."
        return Refusal(".effective_on", message)
    correction = next((one for one in held if one.about == target.number), None)
    if correction is None:
        return None
    return Refusal(
        "", f"Change {correction.number} corrects it and would lose its ground. Withdraw that one first."
    )


def _postponed(
    part: ProposedPart, target: PublishedPart, day: date, held: Sequence[PublishedPart], today: date
) -> Refusal | None:
    if day <= today:
        return Refusal(
            "",
            f"Change {target.number} has been effective since {day}, so it can no longer be postponed. Publish"
            " a new change that says what is to hold.",
        )
    if part.effective_on <= day:
        return Refusal(
            ".effective_on",
            f"Change {target.number} is effective on {day}; a postponement moves it to a later day. To bring"
            " it forward, withdraw it and publish it anew, with its own notice.",
            False,
        )
    for later in held:
        passed = day < later.effective_on < part.effective_on or (
            later.effective_on == part.effective_on and later.number < target.number
        )
        if passed and later.operation is Operation.SET and (shared := overlap(target.patch, later.patch)):
            return Refusal(
                ".effective_on",
                f"Change {later.number}, effective {later.effective_on}, alters {'.'.join(shared)} too and"
                f" would be overridden from {part.effective_on} on. Choose a day before it, or withdraw one.",
            )
    return None
