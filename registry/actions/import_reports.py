"""What is told of an import: the checks that block it, what refuses it and what to do, notes on the list."""

from collections.abc import Mapping, Sequence

from registry.actions.import_changes import Made, where
from registry.errors import ChecksBlockError, Fault, Source, UnprocessableError
from registry.resources.imports import ImportAction, ImportBlock, ImportedRow
from registry.resources.lists import PublishedList
from registry.rules.imports.planning import Plan

NAMED = 5
"""So many sub-processors are named with each check that blocks."""

FAULTS = 100
"""So many faults are told one by one; how many there are stands in the detail."""

ALONE = (
    "Under privacy and admin an import drafts and publishes in one step, by one person: the journal says so"
    " (`published_alone`). Import under procurement where a second person is to look at each change first."
)
TELL = (
    "Say how clients were told at the time with `already_told` (--already-told HOW --told-on DAY), also where"
    " there was nobody to tell, or import the list as it is from today on."
)


def refuse_blocked(made: Sequence[Made], blocks: Sequence[ImportBlock]) -> None:
    """Refuse what checks stop, naming each check and how it is accepted."""
    standing = [block for block in blocks if not block.accepted]
    if not standing:
        return
    stops = {block.code for block in standing}
    stopped = [(one, check) for one in made for check in one.change.checks if check.code in stops]
    count = len({id(one) for one, _ in stopped})
    told = ", ".join(f"{block.code} ({block.changes})" for block in standing)
    codes = [block.code for block in standing if block.acceptable]
    remedy = (
        f" or accept them by code with a reason: `accept` with the codes {', '.join(codes)}"
        f" ({' '.join(f'--accept {code}' for code in codes)} --reason TEXT)"
        if codes
        else ", since what is left can never be accepted"
    )
    raise ChecksBlockError(
        f"Checks stop {count} of {len(made)} changes, so nothing was"
        f" imported: {told}. Mend what they name{remedy}. What is accepted stays on the attention list.",
        [
            Fault(message=check.message, source=Source.ROW, row=one.item.row, member=check.code)
            for one, check in stopped[:FAULTS]
        ],
    )


def refuse_rejected(rows: Sequence[ImportedRow]) -> None:
    """Refuse a list of which some rows cannot be taken."""
    rejected = [row for row in rows if row.action is ImportAction.REJECT]
    if rejected:
        raise UnprocessableError(
            f"{len(rejected)} {'row' if len(rejected) == 1 else 'rows'} of the list cannot be taken, so nothing was."
            " Mend what each fault names, or leave it out on purpose with `skip_rejected` (--skip-rejected).",
            [
                Fault(message=" ".join(row.problems), source=Source.ROW, row=row.row, member=row.name or None)
                for row in rejected[:FAULTS]
            ],
        )


def refuse_untold(made: Sequence[Made]) -> None:
    """A late change is told at once to everybody whose list it alters, unless they were told at the time."""
    untold = [one for one in made if one.untold]
    if untold:
        raise UnprocessableError(
            f"{len(untold)} late {'change alters' if len(untold) == 1 else 'changes alter'} the list of today, so"
            f" nothing was imported. {TELL}",
            [
                Fault(
                    message=f"{one.item.name} ({where(one.item)}) is altered from a past day on, and today too.",
                    source=Source.ROW,
                    row=one.item.row,
                    member="already_told",
                )
                for one in untold[:FAULTS]
            ],
        )


def blocks(made: Sequence[Made], accept: Mapping[str, str]) -> list[ImportBlock]:
    """Each check that blocks, the most frequent first."""
    names: dict[str, list[str]] = {}
    never: set[str] = set()
    for one in made:
        for code in dict.fromkeys(check.code for check in one.change.checks):
            names.setdefault(code, []).append(one.item.name)
        never.update(check.code for check in one.change.checks if not check.acceptable)
    return [
        ImportBlock(
            code=code,
            changes=len(of_code),
            acceptable=code not in never,
            accepted=code in accept and code not in never,
            names=tuple(of_code[:NAMED]),
        )
        for code, of_code in sorted(names.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def notes_of(read: PublishedList, planned: Plan) -> list[str]:
    notes = list(read.notes)
    notes += [
        f"“{heading.text}” is taken for the column `{heading.column}`, since the list has no other."
        for heading in read.headings
        if heading.stands_in
    ]
    unread = [f"“{heading.text}”" for heading in read.headings if heading.column is None]
    if unread:
        notes.append(f"Not read: {', '.join(unread)}. Map a heading to a column where it matters.")
    if planned.services:
        names = ", ".join(f"“{name}”" for name in planned.services.values())
        notes.append(f"New services: {names}.")
    return notes
