"""Which parts a change of each kind may have."""

from collections.abc import Sequence

from registry.errors import Fault
from registry.resources.changes import ChangeKind, Operation
from registry.resources.proposals import ProposedPart

START, SET, END = Operation.START, Operation.SET, Operation.END

ALLOWED: dict[ChangeKind, tuple[frozenset[Operation], str]] = {
    ChangeKind.ADDED: (
        frozenset({START}),
        (
            "an `added` change only starts sub-processors; a further use or place of one that is already"
            " there is a `material_change`"
        ),
    ),
    ChangeKind.REMOVED: (frozenset({END}), "a `removed` change only ends sub-processors"),
    ChangeKind.REPLACED: (
        frozenset({START, SET, END}),
        "a `replaced` change ends one sub-processor and starts another, or gives its work to another",
    ),
    ChangeKind.MATERIAL_CHANGE: (
        frozenset({SET}),
        "a `material_change` only sets; use `added` to start and `removed` to end a sub-processor",
    ),
    ChangeKind.CORRECTION: (frozenset({SET}), "a `correction` only sets wording, contacts and links"),
    ChangeKind.WITHDRAWAL: (frozenset({Operation.WITHDRAW}), "a withdrawal only withdraws"),
    ChangeKind.POSTPONEMENT: (frozenset({Operation.POSTPONE}), "a postponement only postpones"),
}


def faults(kind: ChangeKind, parts: Sequence[ProposedPart]) -> list[Fault]:
    """What is wrong with the parts of a change of this kind; empty when nothing is."""
    allowed, why = ALLOWED[kind]
    found = [
        Fault(
            member=f"parts[{index}].operation",
            message=f"The operation `{part.operation.value}` does not belong here: {why}.",
        )
        for index, part in enumerate(parts)
        if part.operation not in allowed
    ]
    operations = {part.operation for part in parts}
    if kind is ChangeKind.REPLACED and not found and (END not in operations or len(operations) == 1):
        found.append(
            Fault(
                member="parts", message="A `replaced` change needs a part that ends and one that takes over."
            )
        )
    seen: dict[object, int] = {}
    for index, part in enumerate(parts):
        if part.organisation_id is not None and part.operation in (START, END):
            found.append(
                Fault(
                    member=f"parts[{index}].operation",
                    message=(
                        "An organisation's facts are only `set`; it is its engagement as a sub-processor that"
                        " starts and ends."
                    ),
                )
            )
        if part.operation is END and part.patch:
            found.append(
                Fault(
                    member=f"parts[{index}].patch",
                    message="An end has no patch: nothing remains that it could alter. Leave it out.",
                )
            )
        if part.operation in (START, SET) and not part.patch:
            found.append(
                Fault(
                    member=f"parts[{index}].patch",
                    message=f"The patch is empty, so `{part.operation.value}` would do nothing. Say what it sets.",
                )
            )
        if part.subject_id in seen:
            found.append(
                Fault(
                    member=f"parts[{index}]",
                    message=(
                        f"Part {seen[part.subject_id]} is about the same subject. A change has one part for"
                        " each subject: join them, or draft two changes where the days differ."
                    ),
                )
            )
        seen[part.subject_id] = index
    return found
